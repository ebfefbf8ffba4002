import { assertEquals } from "@std/assert";
import { createNone } from "../../../lib/auth/token.ts";

Deno.test("createNone() verifies anybody and signs nothing", async () => {
  const auth = createNone();
  const body = new Uint8Array([1, 2]);
  assertEquals(await auth.verify(new Headers({ Authorization: "x" }), body), {
    keyIndex: 0,
    by: "nobody",
  });
  assertEquals(await auth.sign(body), {});
  assertEquals(auth.challenge, undefined);
});
