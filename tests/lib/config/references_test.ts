import { assertEquals } from "@std/assert";
import { mistakesOf } from "./load_text.ts";

Deno.test("checkReferences() keeps what stands below /exports/ to the server", async () => {
  const paths = ["/exports/x", "/exports/a/b", "/exports", "/exportsx", "/a/exports/x"];
  const endpoints = paths.map((path) => ({ path, kind: "fake.plain" }));
  assertEquals(await mistakesOf({ endpoints }), [
    'endpoints[0].path: found "/exports/x", which the server answers itself',
    'endpoints[1].path: found "/exports/a/b", which the server answers itself',
  ]);
});
