import { assertEquals, assertLess, assertRejects } from "@std/assert";
import { gzipSync } from "node:zlib";
import { openGunzip } from "../../../lib/http/body.ts";
import { Problem } from "../../../lib/http/problem/problem.ts";

const bytes = crypto.getRandomValues(new Uint8Array(20_000));
const packed = new Uint8Array(gzipSync(bytes));

async function problemOf(run: () => Promise<unknown>): Promise<Problem> {
  return await assertRejects(run, Problem);
}

Deno.test("openGunzip() inflates up to the limit", async () => {
  assertEquals(await openGunzip(bytes.length)(packed), bytes);
});

Deno.test("openGunzip() refuses one byte more than the limit", async () => {
  const problem = await problemOf(() => openGunzip(bytes.length - 1)(packed));
  assertEquals(problem.code, "body_too_large");
  assertEquals(problem.params, { limit: "19999" });
});

Deno.test("openGunzip() counts all parts together", async () => {
  const gunzip = openGunzip(30_000);
  await gunzip(packed);
  assertEquals((await problemOf(() => gunzip(packed))).code, "body_too_large");
});

Deno.test("openGunzip() stops early in a bomb", async () => {
  // In a process of its own: tests that run beside this one take memory too.
  const args = ["run", "--no-lock", "--quiet", import.meta.resolve("./gunzip_bomb.ts")];
  const { stdout } = await new Deno.Command(Deno.execPath(), { args }).output();
  const { code, grownBytes } = JSON.parse(new TextDecoder().decode(stdout));
  assertEquals(code, "body_too_large");
  assertLess(grownBytes, 100 * 1024 * 1024);
});

const changed = packed.slice();
changed.set([0, 0, 0, 0], 9_000);
const BROKEN: readonly (readonly [what: string, bytes: Uint8Array<ArrayBuffer>])[] = [
  ["nothing", new Uint8Array()],
  ["plain text", new TextEncoder().encode('{"events":[]}')],
  ["a header alone", packed.slice(0, 10)],
  ["gzip cut in the middle", packed.slice(0, 10_000)],
  ["gzip without its last byte", packed.slice(0, -1)],
  ["gzip with changed bytes", changed],
];

for (const [what, broken] of BROKEN) {
  Deno.test(`openGunzip() refuses ${what}`, async () => {
    assertEquals((await problemOf(() => openGunzip(1_000_000)(broken))).code, "not_json");
  });
}
