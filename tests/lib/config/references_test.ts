import { assertEquals } from "@std/assert";
import { inOneLine, load, mistakesOf } from "./load_text.ts";

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
  const signatureKeys = ["good key", " spaced", "spaced  "];
  assertEquals(
    await warningsOf({ endpoints: [{ ...endpoint, signatureKeys }] }),
    [1, 2].map((index) =>
      `endpoints[0].signatureKeys[${index}]: ` +
      "found white space at the start or the end of the secret, where it counts " +
      "(Take it out, unless the other side has it too)"
    ),
  );
});

Deno.test("findWarnings() finds nothing odd in a listener for admin", async () => {
  assertEquals(await warningsOf({ admin: { port: 9000 }, endpoints: [endpoint] }), []);
});

Deno.test("findWarnings() warns of a listener for admin that others reach", async () => {
  for (const hostname of ["0.0.0.0", "::", "192.0.2.7", "hooks.example"]) {
    assertEquals(await warningsOf({ admin: { hostname }, endpoints: [endpoint] }), [
      `admin.hostname: found "${hostname}": whoever reaches it reads how the server fares, without ` +
      "a password, and whoever signs in to the console does so over HTTP " +
      '(Set "127.0.0.1", or let a firewall admit only those who may)',
    ]);
  }
});

Deno.test("findWarnings() warns of a console to which browsers come by HTTP", async () => {
  const of = (publicUrl: string) => warningsOf({ console: { publicUrl }, endpoints: [endpoint] });
  assertEquals(await of("https://ops.example/storehook"), []);
  assertEquals(await of("http://localhost:8081"), []);
  assertEquals(await of("http://ops.example"), [
    "console.publicUrl: found a URL with http://: passwords and sessions can be read on their way " +
    "(Let a proxy speak HTTPS before it, and write https://)",
  ]);
});

Deno.test("checkReferences() keeps the two listeners apart", async () => {
  const message = (port: number) =>
    `admin.port: found ${port}, which the public listener has too, wanted a port of its own`;
  const mistakes = (config: object, env: Readonly<Record<string, string>> = {}) =>
    mistakesOf({ ...config, endpoints: [endpoint] }, { env });
  assertEquals(await mistakes({ server: { port: 8081 } }), [message(8081)]);
  assertEquals(await mistakes({ admin: { port: 8080 } }), [message(8080)]);
  const both = { server: { port: 9000 }, admin: { port: 9000 } };
  assertEquals(await mistakes(both), [message(9000)]);
  assertEquals(await mistakes(both, { STOREHOOK_ADMIN_PORT: "9001" }), []);
  assertEquals(await mistakes({}, { STOREHOOK_ADMIN_PORT: "8080" }), [message(8080)]);
  assertEquals(await mistakes({ server: { port: 0 }, admin: { port: 0 } }), []);
  const apart = { server: { ...both.server, hostname: "127.0.0.2" }, admin: both.admin };
  assertEquals(await mistakes(apart), []);
});

Deno.test("findWarnings() leaves endpoints of a wrong shape to the mistakes", async () => {
  for (const config of ["[]", "null", '"text"', '{ "endpoints": {} }']) {
    assertEquals(await warningsOf(config), [], config);
  }
});
