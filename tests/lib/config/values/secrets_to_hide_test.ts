import { assertEquals } from "@std/assert";
import { secretsToHide } from "../../../../lib/config/values/secrets_to_hide.ts";

function hidden(value: unknown, origins: Readonly<Record<string, string>> = {}): readonly string[] {
  return secretsToHide({ value, origins: new Map(Object.entries(origins)) });
}

Deno.test("secretsToHide() names every secret, also as it travels", () => {
  assertEquals(
    hidden({
      server: { port: 8080, hostname: "127.0.0.1" },
      endpoints: [
        { path: "/a", kind: "a.kind", signatureKeys: ["one", "two"] },
        { path: "/b", auth: { type: "basic", username: "me", password: "pass" } },
        { path: "/c", auth: { type: "standard-webhooks", secrets: ["whsec_abc="] } },
      ],
      destinations: { erp: { headers: { "X-Api": "header" } } },
    }),
    ["one", "two", "bWU6cGFzcw==", "pass", "whsec_abc=", "abc=", "header"],
  );
});

Deno.test("secretsToHide() names what is secret in a URL, and one from outside the file as a whole", () => {
  const url = "https://me:p%40ss@host.example/x?token=0123456789&format=json";
  const value = { server: { publicUrl: url }, destinations: { erp: { url } } };
  assertEquals(hidden(value), ["p@ss", "0123456789"]);
  assertEquals(hidden(value, { "destinations.erp.url": "${ERP}", "server.publicUrl": "${URL}" }), [
    "p@ss",
    "0123456789",
    url,
  ]);
  assertEquals(hidden({ services: { tax: { url: "https://me:%zz@host" } } }), ["%zz"]);
});

Deno.test("secretsToHide() leaves what is no secret wherever it comes from", () => {
  const value = {
    log: { level: "info" },
    server: { port: "8080" },
    journal: { path: "data/j.db" },
  };
  assertEquals(hidden(value, { "log.level": "${LEVEL}", "server.port": "${PORT}" }), []);
});
