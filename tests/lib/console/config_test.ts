import { assertEquals } from "@std/assert";
import { Validator } from "@seriousme/openapi-schema-validator";
import { CONSOLE_ROUTES } from "../../../lib/console/console.ts";
import { hideSecrets } from "../../../lib/console/queries/shown_config.ts";
import { KEY, TOKENS, USERS, withConsole } from "./console_world.ts";

Deno.test("the config is shown without a secret of it", () =>
  withConsole(async ({ ask }) => {
    const { json, text } = await ask("/api/v1/config", { as: "operator" });
    const secrets = [KEY, "pass-word", "a1b2c3d4", "t0psecret-token", "scrypt$", "sha256$"];
    for (const secret of secrets) assertEquals(text.includes(secret), false, secret);
    assertEquals(json.text.includes("large orders"), true);
    assertEquals([json.notServed, json.mistakes], [null, []]);
    assertEquals((await ask("/api/v1/config", { as: "viewer" })).status, 403);
    for (
      const path of ["services", "destinations", "keys", "endpoints", "overview", "rules/approval"]
    ) {
      const answer = await ask(`/api/v1/${path}`, { as: "operator" });
      for (const secret of secrets) {
        assertEquals(answer.text.includes(secret), false, `${path} ${secret}`);
      }
    }
  }));

Deno.test("hideSecrets() finds secrets however they are written", () => {
  const cases: readonly (readonly [written: string, shown: string])[] = [
    ['{"signatureKeys":["one","two"]}', '{"signatureKeys":["…","…"]}'],
    ['{"password":"\\u0068unter2"}', '{"password":"…"}'],
    ['{"note":"the \\u0068unter2 key"}', '{"note":"the … key"}'],
    ['{"headers":{"Authorization":"Bearer x"}}', '{"headers":{"Authorization":"…"}}'],
    ['{"secret":12345}', '{"secret":"…"}'],
    ['{"secret":"${SECRET}"}', '{"secret":"${SECRET}"}'],
    ['{"url":"https://me:pw@host/a"}', '{"url":"https://…@host/a"}'],
    ['{"a":1} // hunter2', '{"a":1} // …'],
    ['{"a":1} // "signatureKeys": ["old-key"],', '{"a":1} // "signatureKeys": ["…"],'],
    ['{"secret":"hunter2" "b":', '{"secret":"…" "b":'],
    ['{"secret": hunter2}', '{"secret": …}'],
    [
      '{"a":1} // was https://me:old-pw@host/a?token=0ld',
      '{"a":1} // was https://…@host/a?token=…',
    ],
    ['{"a":1} // password: old-pw', '{"a":1} // password: …'],
    ['{"a":1} // old key = 0ld-key-1', '{"a":1} // old key = …'],
    ['{"a":1} // key: see the vault', '{"a":1} // key: see the vault'],
    [
      '{"password": "${PW}", signatureKeys: ["new"]}',
      '{"password": "${PW}", signatureKeys: ["…"]}',
    ],
    ["{'secret': 'new one'}", "{'secret': …}"],
    ['{"keys": ["new,\n "b" "c", d, \'e f\']}', '{"keys": ["…"\n "…" "…", …, …]}'],
    ['{"headers": {"A": "b" "C": "d"', '{"headers": {"A": "…" "C": "…"'],
  ];
  for (const [written, shown] of cases) assertEquals(hideSecrets(written, ["hunter2"]), shown);
});

Deno.test("keys are shown by their fingerprints, with when each was last used", () =>
  withConsole(async ({ ask }) => {
    const { json } = await ask("/api/v1/keys", { as: "viewer" });
    assertEquals(json.keys.length, 1);
    assertEquals([json.keys[0].endpoint, json.keys[0].place, json.keys[0].lastUsedAt], [
      "/approval",
      1,
      null,
    ]);
  }));

Deno.test("the API is described by OpenAPI, all of it", () =>
  withConsole(async ({ ask }) => {
    const { json } = await ask("/api/v1/openapi.json", { as: "viewer" });
    assertEquals(await new Validator().validate(json), { valid: true });
    const described = Object.entries<object>(json.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`)
    );
    assertEquals(described.length, CONSOLE_ROUTES.length);
  }));

Deno.test("an error is answered in the language of who asks", () =>
  withConsole(async ({ ask }) => {
    const messageIn = async (language: string) => {
      const headers = { "Accept-Language": language };
      return (await ask("/api/v1/me", { headers })).json.message;
    };
    assertEquals(await messageIn("de"), "Bitte melden Sie sich zuerst an.");
    assertEquals(await messageIn("he"), "יש להתחבר תחילה.");
    assertEquals(await messageIn("xx"), "Sign in first.");
  }));

Deno.test("behind a proxy the console is where publicUrl says, with its path or without", () =>
  withConsole(async ({ ask, change }) => {
    await change({ users: USERS, publicUrl: "https://ops.example/storehook" });
    const headers = { Host: "ops.example" };
    const at = async (path: string) => (await ask(path, { headers })).headers.get("Location");
    assertEquals(await at("/storehook/audit"), "/storehook/login?to=%2Faudit");
    assertEquals(await at("/storehook"), "/storehook/login");
    assertEquals(await at("/audit"), "/storehook/login?to=%2Faudit");
    assertEquals((await ask("/audit")).headers.get("Location"), "/login?to=%2Faudit");
    assertEquals(typeof TOKENS.admin, "string");
  }));
