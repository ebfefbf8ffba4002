import { assertEquals } from "@std/assert";
import { inOneLine, load, mistakesOf } from "../load_text.ts";

Deno.test("checkReferences() keeps what stands below /exports/ to the server", async () => {
  const paths = ["/exports/x", "/exports/a/b", "/exports", "/exportsx", "/a/exports/x"];
  const endpoints = paths.map((path) => ({ path, kind: "fake.plain" }));
  assertEquals(await mistakesOf({ endpoints }), [
    'endpoints[0].path: found "/exports/x", which the server answers itself',
    'endpoints[1].path: found "/exports/a/b", which the server answers itself',
  ]);
});

async function warningsOf(config: string | object): Promise<readonly string[]> {
  return (await load(config)).warnings.map(inOneLine);
}

const endpoint = { path: "/a", kind: "fake.kind", signatureKeys: ["long enough"] };

Deno.test("findWarnings() warns of white space at the edge of a key", async () => {
  const signatureKeys = ["good key", " spaced", "spaced\n"];
  assertEquals(
    await warningsOf({ endpoints: [{ ...endpoint, signatureKeys }] }),
    [1, 2].map((index) =>
      `endpoints[0].signatureKeys[${index}]: ` +
      "found white space at the start or the end of the key, where it counts " +
      "(Take it out, unless the key in the store has it too)"
    ),
  );
});

Deno.test("findWarnings() says that nothing listens for admin, where the config sets it", async () => {
  assertEquals(await warningsOf({ admin: { port: 9000 }, endpoints: [endpoint] }), [
    "admin: This version checks admin but doesn't listen there yet",
  ]);
  assertEquals(await warningsOf({ endpoints: [endpoint] }), []);
});

Deno.test("findWarnings() leaves endpoints of a wrong shape to the mistakes", async () => {
  for (const config of ["[]", "null", '"text"', '{ "endpoints": {} }']) {
    assertEquals(await warningsOf(config), [], config);
  }
});
