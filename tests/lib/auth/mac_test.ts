import { assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { createMacKey } from "../../../lib/auth/mac.ts";

const anyBytes = fc.uint8Array({ maxLength: 300 });
const hash = fc.constantFrom("sha256" as const, "sha512" as const);

Deno.test("createMacKey() makes the codes that WebCrypto makes", async () => {
  await fc.assert(
    fc.asyncProperty(
      hash,
      fc.uint8Array({ minLength: 1, maxLength: 200 }),
      anyBytes,
      async (name, bytes, message) => {
        const algorithm = { name: "HMAC", hash: `SHA-${name.slice(3)}` };
        const raw = new Uint8Array(bytes);
        const key = await crypto.subtle.importKey("raw", raw, algorithm, false, ["sign"]);
        const code = await crypto.subtle.sign("HMAC", key, new Uint8Array(message));
        assertEquals(createMacKey(name, bytes).sign(message), new Uint8Array(code));
      },
    ),
  );
});

Deno.test("createMacKey() verifies its own codes, and none with a byte that differs", () => {
  fc.assert(
    fc.property(
      hash,
      anyBytes,
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      (name, message, at, by) => {
        const key = createMacKey(name, new Uint8Array([1, 2, 3]));
        const code = key.sign(message);
        assertEquals(key.verify(code, message), true);
        const changed = code.with(at % code.length, (code[at % code.length] ?? 0) ^ by);
        assertEquals(key.verify(changed, message), false);
        assertEquals(createMacKey(name, new Uint8Array([1, 2, 4])).verify(code, message), false);
      },
    ),
  );
});

Deno.test("createMacKey() refuses a code of another length, without throwing", () => {
  const key = createMacKey("sha256", new Uint8Array([1, 2, 3]));
  const message = new Uint8Array(10);
  const code = key.sign(message);
  for (const length of [0, 1, 31]) {
    assertEquals(key.verify(code.subarray(0, length), message), false);
  }
  assertEquals(key.verify(new Uint8Array([...code, 0]), message), false);
});

Deno.test("createMacKey() keeps the key out of logs and JSON", () => {
  const key = createMacKey("sha256", new TextEncoder().encode("correct horse battery staple"));
  const shown = Deno.inspect(key, { showHidden: true }) + JSON.stringify(key);
  assertEquals(/correct|Y29ycm|99, 111/.test(shown), false);
});
