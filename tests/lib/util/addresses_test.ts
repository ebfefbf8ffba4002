import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { BlockList, isIPv4, isIPv6 } from "node:net";
import {
  createAddressList,
  isLoopback,
  localUrl,
  networkOf,
  parseNetwork,
  plainAddress,
} from "../../../lib/util/addresses.ts";

const anyAddress = fc.oneof(fc.ipV4(), fc.ipV6());

Deno.test("plainAddress() reads what Node reads, and nothing else", () => {
  // Parts of 0 to 999, also with zeros before them, which Node takes for octal and refuses.
  const part = fc.tuple(fc.constantFrom("", "0", "00"), fc.nat(999)).map((both) => both.join(""));
  const dotted = fc.array(part, { minLength: 3, maxLength: 5 }).map((parts) => parts.join("."));
  const nearly = fc.string({ unit: fc.constantFrom(..."0129afF:./% "), maxLength: 24 });
  fc.assert(fc.property(fc.oneof(anyAddress, dotted, nearly), (text) => {
    // Node accepts a zone only where it names one; here it is left out before.
    fc.pre(!text.includes("%"));
    assertEquals(plainAddress(text) !== undefined, isIPv4(text) || isIPv6(text), text);
  }));
});

Deno.test("networkOf() is the same however an address is written", () => {
  fc.assert(fc.property(fc.ipV6(), (text) => {
    const canonical = new URL(`http://[${text}]`).hostname.slice(1, -1);
    assertEquals(networkOf(text), networkOf(canonical));
  }));
});

Deno.test("plainAddress() takes IPv4 out of IPv6, however it is written", () => {
  const spellings = ["10.1.2.3", "::ffff:10.1.2.3", "::FFFF:a01:203", "0:0:0:0:0:ffff:10.1.2.3"];
  for (const text of spellings) assertEquals(plainAddress(text), "10.1.2.3", text);
});

Deno.test("plainAddress() leaves a zone out", () => {
  assertEquals(plainAddress("fe80::1%eth0"), plainAddress("fe80::1"));
  assertEquals(plainAddress("10.0.0.1%eth0"), undefined);
});

for (
  const text of [
    "",
    "/8",
    "10.0.0.0/",
    "10.0.0.0/33",
    "10.0.0.0/08",
    "10.0.0.0/-1",
    "10.0.0.0/8/8",
    "10.0.0.1/8",
    "10.0.0/8",
    "010.0.0.0/8",
    " 10.0.0.0/8",
    "2001:db8::/129",
    "2001:db8::1/64",
    "fe80::%eth0/64",
    "::ffff:10.0.0.1/104",
    "localhost",
    "*",
  ]
) {
  Deno.test(`parseNetwork() refuses ${JSON.stringify(text)}`, () => {
    assertEquals(parseNetwork(text), undefined);
    assertThrows(() => createAddressList([text]), SyntaxError, "Cannot parse the network");
  });
}

/** A network and an address, often of it. */
const networkAndAddress = fc.oneof(
  fc.tuple(fc.constant(32), fc.uint8Array({ minLength: 4, maxLength: 4 })),
  fc.tuple(fc.constant(128), fc.uint8Array({ minLength: 16, maxLength: 16 })),
).chain(([bits, bytes]) =>
  fc.record({
    bits: fc.integer({ min: 0, max: bits }),
    bytes: fc.constant(bytes),
    flipped: fc.integer({ min: 0, max: bits - 1 }),
  })
);

function textOf(bytes: readonly number[]): string {
  if (bytes.length === 4) return bytes.join(".");
  return Array.from(
    { length: 8 },
    (_, index) => ((bytes[2 * index] ?? 0) * 256 + (bytes[2 * index + 1] ?? 0)).toString(16),
  ).join(":");
}

function cut(bytes: Uint8Array, bits: number): number[] {
  return [...bytes].map((byte, index) => {
    const kept = Math.min(8, Math.max(0, bits - 8 * index));
    return byte & (0xff << (8 - kept)) & 0xff;
  });
}

function isWrapped(bytes: Iterable<number>): boolean {
  return plainAddress(textOf([...bytes]))?.includes(".") ?? false;
}

Deno.test("createAddressList() holds an address until a bit of the prefix differs", () => {
  fc.assert(fc.property(networkAndAddress, ({ bits, bytes, flipped }) => {
    const list = createAddressList([`${textOf(cut(bytes, bits))}/${bits}`]);
    assert(list.has(textOf([...bytes])));
    const other = [...bytes];
    const index = flipped >> 3;
    other[index] = (other[index] ?? 0) ^ (0x80 >> (flipped & 7));
    // A flip can turn an address of IPv6 into one that wraps IPv4, which is another family.
    fc.pre(isWrapped(other) === isWrapped(bytes));
    assertEquals(list.has(textOf(other)), flipped >= bits);
  }));
});

Deno.test("createAddressList() judges as Node's BlockList does", () => {
  fc.assert(fc.property(networkAndAddress, fc.ipV4(), ({ bits, bytes }, address) => {
    fc.pre(bytes.length === 4);
    const base = textOf(cut(bytes, bits));
    const node = new BlockList();
    node.addSubnet(base, bits, "ipv4");
    assertEquals(createAddressList([`${base}/${bits}`]).has(address), node.check(address, "ipv4"));
  }));
});

Deno.test("createAddressList() keeps the families apart, but for wrapped addresses", () => {
  assertEquals(createAddressList(["::/0"]).has("10.0.0.1"), false);
  assertEquals(createAddressList(["::/0"]).has("::ffff:10.0.0.1"), false);
  assertEquals(createAddressList(["::/0"]).has("2001:db8::1"), true);
  assertEquals(createAddressList(["0.0.0.0/0"]).has("2001:db8::1"), false);
  assertEquals(createAddressList(["0.0.0.0/0"]).has("::ffff:10.0.0.1"), true);
  assertEquals(createAddressList(["::ffff:10.0.0.0/104"]).has("10.9.9.9"), true);
});

Deno.test("createAddressList() holds nothing that is no address", () => {
  const list = createAddressList(["0.0.0.0/0", "::/0"]);
  for (const text of ["", "localhost", "10.0.0", "[::1]", "10.0.0.1:80"]) {
    assertEquals(list.has(text), false, text);
  }
  assertEquals(createAddressList([]).has("10.0.0.1"), false);
});

Deno.test("isLoopback() knows 127.0.0.0/8, ::1 and localhost in any writing", () => {
  const loopback = ["127.0.0.1", "127.255.0.9", "::1", "0:0:0:0:0:0:0:1", "localhost", "LOCALHOST"];
  assertEquals(loopback.filter((name) => !isLoopback(name)), []);
});

Deno.test("isLoopback() takes everything else for reachable", () => {
  const others = [
    "0.0.0.0",
    "::",
    "10.0.0.1",
    "128.0.0.1",
    "a.example",
    "localhost.example",
    "",
    "[",
  ];
  assertEquals(others.filter(isLoopback), []);
});

Deno.test("localUrl() writes addresses as a URL wants them", () => {
  assertEquals(localUrl("127.0.0.1", 1), "http://127.0.0.1:1");
  assertEquals(localUrl("::1", 1), "http://[::1]:1");
  assertEquals(localUrl("0.0.0.0", 1), "http://127.0.0.1:1");
  assertEquals(localUrl("::", 1), "http://[::1]:1");
});
