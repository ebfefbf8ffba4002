import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { mentionTest } from "../../../lib/journal/mentions.ts";

const mentions = mentionTest(" Ann.Lee+shop@Example.com ");

for (
  const content of [
    "ann.lee+shop@example.com",
    "ANN.LEE+SHOP@EXAMPLE.COM",
    "<ann.lee+shop@example.com>, others",
    "Write to ann.lee+shop@example.com.",
    '{"a":"ann.lee\\u002Bshop\\u0040example.com"}',
    '{"a":"first line\\nann.lee+shop@example.com"}',
    '{"a":"\\u0061nn.lee+shop@\\u0065xample.com"}',
    "email=ann.lee%2Bshop%40example.com&x=1",
    "%3Cann.lee%2bshop%40example.com%3E",
    "_ann.lee+shop@example.com_",
    "Contact:-ann.lee+shop@example.com",
    "--ann.lee+shop@example.com--",
    "&copy;ann.lee+shop@example.com&uuml;",
    "C:\\ann.lee+shop@example.com\\users",
    "ann.lee+shop@example.com&to=x",
    "ann.lee+shop@example.com&amp;to=x",
    "100%ann.lee+shop@example.com%",
    '{"from":"\\"ann.lee+shop\\"@example.com"}',
    '{"inner":"{\\"mail\\":\\"ann.lee+shop\\\\u0040example.com\\"}"}',
    '{"a":"ann.lee+shop\\x40example.com"}',
    '{"a":"ann.lee+shop\\u{40}example.com"}',
    "ann.lee%252bshop%2540example.com",
    "ann.lee%u002bshop%u0040example.com",
    "text=Write+to+ann.lee%2Bshop%40example.com",
    "ann.lee&#43;shop&#64;example.com",
    "ann.lee&#x2B;shop&#x00040;example.com",
    "ann.lee&plus;shop&commat;example&period;com",
    "ann.lee&amp;plus;shop&amp;#64;example.com",
    "ann.lee+shop=40example=2Ecom",
    "ann.lee+sh=\r\nop=40example.com",
    "&lt;ann.lee+shop@example.com&gt;",
    "ann.lee+shop@example.com%20or",
    "to=\r\n ann.lee+shop@example.com=20",
    "<a href='mailto:ann.lee%2bshop&#64;example.com'>",
    "ann.lee+shop＠example.com",
    "ann.lee+shop@exam\u00adple.com\u200b",
    `{"data":"${btoa("ann.lee+shop@example.com")}"}`,
    `eyJhbGciOiJub25lIn0.${btoa('{"sub":"ann.lee+shop@example.com"}').replace("=", "")}.`,
    `first line\n${btoa("ann.lee+shop@example.com")}\nlast line`,
    `${btoa("Write to ann.lee+shop@example.com, please").replace(/.{9}/g, "$&\r\n")}`,
    '{"mail":"ann.lee+sh=\\r\\nop=40example.com"}',
    '{"mail":"ann.lee+shop=\\n@example.com"}',
    JSON.stringify({
      mail: btoa("Write to ann.lee+shop@example.com, please").replace(/.{9}/g, "$&\r\n"),
    }),
    "5%abe 5=abe ann.lee+shop@example.com",
    "a\0n\0n\0.\0l\0e\0e\0+\0s\0h\0o\0p\0@\0e\0x\0a\0m\0p\0l\0e\0.\0c\0o\0m\0",
  ]
) {
  Deno.test(`mentionTest() finds the address in ${JSON.stringify(content)}`, () => {
    assertEquals(mentions(content), true);
    assertEquals(mentions(new TextEncoder().encode(content)), true);
  });
}

for (
  const content of [
    "",
    "joann.lee+shop@example.com",
    "x.ann.lee+shop@example.com",
    "ann.lee+shop@example.com.au",
    "ann.lee+shop@example.community",
    "annXlee+shop@example.com",
    "ann.lee@example.com",
    "x_ann.lee+shop@example.com",
    "x-ann.lee+shop%40example.com",
    "ann.lee+shop@example.com-x.de",
    "ann.lee+shop@example.com\\u002eau",
    "ann.lee+shop@example.com%2eau",
    "ann.lee+shop@example.com&#46;au",
    "ann.lee+shop@example.com&period;au",
    "ann.lee+shop@example.com=2Eau",
    "ann.lee+shop@example.com=\r\nmunity",
    "jo&amp;#46;ann.lee+shop@example.com",
    "ann.lee+shop@example.com&amp;#46;au",
    "ann.lee+shop@example.com%252eau",
    "jo&#46;ann.lee+shop@example.com",
    "jo=\r\nann.lee+shop@example.com",
    `{"data":"${btoa("joann.lee+shop@example.com")}"}`,
  ]
) {
  Deno.test(`mentionTest() does not find the address in ${JSON.stringify(content)}`, () => {
    assertEquals(mentions(content), false);
  });
}

const bytesOf = (text: string) => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const eachCharacter = (text: string, write: (code: number) => string) =>
  Array.from(text, (one) => /[a-z0-9]/i.test(one) ? one : write(one.codePointAt(0) ?? 0)).join("");
const hex = (code: number) => code.toString(16).padStart(2, "0");

/** What stands between a text and its reader, by its name. */
const WRAPPINGS: Readonly<Record<string, (text: string) => string>> = {
  json: (text) => JSON.stringify({ text }),
  "json, every sign": (text) => `"${eachCharacter(text, (code) => `\\u00${hex(code)}`)}"`,
  "a form": (text) => new URLSearchParams({ text, more: "1" }).toString(),
  "a URL": (text) => `https://host.example/?text=${encodeURIComponent(text)}`,
  "html by numbers": (text) => `<b>${eachCharacter(text, (code) => `&#${code};`)}</b>`,
  "html, hexadecimal": (text) => eachCharacter(text, (code) => `&#x${hex(code)};`),
  "quoted-printable": (text) => eachCharacter(text, (code) => `=${hex(code).toUpperCase()}`),
  base64: (text) => `<${bytesOf(text).toBase64()}>`,
  "base64 of gzip": (text) => `"${new Uint8Array(gzipSync(text)).toBase64()}"`,
  "upper case": (text) => text.replace("ann.lee+shop@example.com", (found) => found.toUpperCase()),
  marks: (text) => `_${text}_`,
};
const PACKINGS: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array>> = {
  nothing: (bytes) => bytes,
  gzip: (bytes) => gzipSync(bytes),
  deflate: (bytes) => deflateSync(bytes),
  "deflate without its head": (bytes) => deflateRawSync(bytes),
  brotli: (bytes) => brotliCompressSync(bytes),
  "gzip twice": (bytes) => gzipSync(gzipSync(bytes)),
  "UTF-16": (bytes) =>
    Uint8Array.from(textOf(bytes), (one) => one.charCodeAt(0)).reduce(
      (wide, code, index) => (wide.set([code, 0], index * 2), wide),
      new Uint8Array(textOf(bytes).length * 2),
    ),
};

Deno.test("mentionTest() finds the address through any wrappings, and no other address", () => {
  const wrappings = fc.array(fc.constantFrom(...Object.keys(WRAPPINGS)), { maxLength: 3 });
  fc.assert(
    fc.property(
      wrappings,
      fc.constantFrom(...Object.keys(PACKINGS)),
      fc.constantFrom("", "write to ", "Contact: -", '{"a":"', "5% of 7 & more = "),
      (names, packing, before) => {
        const content = (address: string) => {
          const text = names.reduce(
            (wrapped, name) => WRAPPINGS[name]?.(wrapped) ?? wrapped,
            `${before}${address}.`,
          );
          return PACKINGS[packing]?.(bytesOf(text)) ?? new Uint8Array();
        };
        assertEquals(mentions(content("ann.lee+shop@example.com")), true);
        assertEquals(mentions(content("joann.lee+shop@example.com")), false);
        assertEquals(mentions(content("ann.lee+shop@example.community")), false);
      },
    ),
    {
      numRuns: 300,
      // A reading in which a plus is a blank ends the Base64 of these within the address.
      examples: [
        [["quoted-printable", "base64 of gzip", "html, hexadecimal"], "nothing", '{"a":"'],
        [["a URL", "base64 of gzip", "html by numbers"], "nothing", '{"a":"'],
      ],
    },
  );
});

Deno.test("mentionTest() reads as far as it was kept what was cut off", () => {
  const text = `{"email":"ann.lee+shop@example.com","rest":"${
    Array.from({ length: 20 }, () => crypto.getRandomValues(new Uint8Array(3000)).toBase64()).join()
  }"}`;
  for (const pack of [gzipSync, deflateSync, deflateRawSync, brotliCompressSync]) {
    assertEquals(mentions(new Uint8Array(pack(text)).subarray(0, 30_000)), true, pack.name);
  }
});

Deno.test("mentionTest() knows a domain in either form", () => {
  const german = mentionTest("ann@münchen.example");
  assertEquals(german("ann@xn--mnchen-3ya.example"), true);
  assertEquals(german("ann%40m%C3%BCnchen.example"), true);
  assertEquals(mentionTest("ann@xn--mnchen-3ya.example")("ANN@MÜNCHEN.EXAMPLE"), true);
});

Deno.test("mentionTest() takes no longer than a moment, whatever is sent", () => {
  const dear = [
    new Uint8Array(gzipSync(new Uint8Array(60_000_000))).subarray(0, 65_536),
    bytesOf("%25".repeat(100_000)),
    bytesOf("\\".repeat(300_000)),
    bytesOf("&amp;".repeat(60_000)),
    bytesOf("_".repeat(300_000)),
    bytesOf("=&=%+".repeat(60_000)),
    bytesOf("Zm9vYmFy/".repeat(40_000)),
    bytesOf("Zm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFy\n".repeat(10_000)),
    bytesOf(`"${crypto.randomUUID()}",`.repeat(8_000)),
    bytesOf(".ann.lee+shop@example.com".repeat(12_000)),
  ];
  for (const [index, bytes] of dear.entries()) {
    const startedAt = performance.now();
    mentions(bytes);
    const tookMs = performance.now() - startedAt;
    assertEquals(tookMs < 5000, true, `content ${index} took ${tookMs} ms`);
  }
});

Deno.test("mentionTest() refuses what is not an address", () => {
  for (const text of ["", "ann", "@example.com", "ann@", "a n@example.com", "%"]) {
    assertThrows(() => mentionTest(text), SyntaxError, "it is not an e-mail address");
  }
});
