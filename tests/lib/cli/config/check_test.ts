import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { checkCommand } from "../../../../lib/cli/config/check.ts";
import { machineTimeZone } from "../../../../lib/util/time_zone.ts";
import { fakeKind, plainKind } from "../../config/fake_kind.ts";
import { withFolder } from "../../config/load_text.ts";
import { fakeTerminal } from "../fake_terminal.ts";
import { checkEntry } from "../../../../lib/cli/table/server.ts";
import { runnable } from "../run_command.ts";

const command = runnable(checkEntry, checkCommand([fakeKind, plainKind]));

async function check(text: string, env: Readonly<Record<string, string>> = {}) {
  return await withFolder(async (folder) => {
    const file = join(folder, "config.json");
    await Deno.writeTextFile(file, text);
    const terminal = fakeTerminal({ env });
    const code = await command.run(["--config", file], terminal);
    const out = terminal.output().replaceAll(file, "FILE").replaceAll(folder, "FOLDER");
    return { code, out, err: terminal.errors() };
  });
}

Deno.test("check lists every mistake as a block, counts them and exits 2", async () => {
  const text = `{
  "server": { "port": "abc" },
  "endpoints": [
    { "path": "/a", "kind": "fake.kind", "signatureKeys": ["long enough"], "otherwise": { "groupp": 1 } }
  ]
}`;
  assertEquals(await check(text), {
    code: 2,
    out: `FILE:2:15  server.port
  found "abc", wanted a whole number from 0 to 65535

FILE:4:91  endpoints[0].otherwise.groupp
  found unknown key "groupp", wanted one of "group", "approve", "reject"
  Did you mean "group"?

2 mistakes in FILE
`,
    err: "",
  });
});

Deno.test("check says what it understood, and exits 0", async () => {
  const rule = '{ "name": "n", "when": "w", "then": { "group": 1 } }';
  const text = `{ "timeZone": "Asia/Jerusalem", "endpoints": [
    { "path": "/first", "kind": "fake.kind", "signatureKeys": ["hunter2"], "rules": [${rule}] },
    { "path": "/b", "kind": "fake.kind", "signatureKeys": ["hunter2"] },
    { "path": "/c", "kind": "fake.plain" }
  ] }`;
  assertEquals(await check(text, { STOREHOOK_SERVER_PORT: "9000" }), {
    code: 0,
    out: `FILE is fine

Listens on 127.0.0.1, port 9000; others reach it as http://127.0.0.1:9000
  /first  fake.kind   1 rule
  /b      fake.kind   0 rules
  /c      fake.plain  0 rules
Times without a zone are those of Asia/Jerusalem
The config is named by --config; relative paths in it start at FOLDER
`,
    err: "",
  });
});

Deno.test("check shows warnings before what it understood", async () => {
  const { code, out } = await check("{}");
  assertEquals(code, 0);
  assertEquals(
    out,
    `FILE:1:1  endpoints
  found no endpoint, so nothing will be answered

1 warning in FILE

FILE is fine

Listens on 127.0.0.1, port 8080; others reach it as http://127.0.0.1:8080
Times without a zone are those of ${machineTimeZone()}, that of this machine: set "timeZone" to keep it
The config is named by --config; relative paths in it start at FOLDER
`,
  );
});

Deno.test("check exits 2 when there is no config", async () => {
  await withFolder(async (folder) => {
    const file = join(folder, "none.json");
    const terminal = fakeTerminal({ env: { STOREHOOK_CONFIG: file } });
    assertEquals(await command.run([], terminal), 2);
    assertEquals(
      terminal.output(),
      `${file}\n  Cannot find the config file ${JSON.stringify(file)}\n` +
        `  Write one with: storehook init\n\n1 mistake in ${file}\n`,
    );
  });
});

Deno.test("check --json tells each mistake with its place, message and hint", async () => {
  const text = `{
  "server": { "port": "abc" },
  "endpoints": [
    { "path": "/a", "kind": "fake.kind", "signatureKeys": ["k"], "otherwise": { "groupp": 1 } }
  ]
}`;
  const { code, out, err } = await withJson(text);
  assertEquals([code, err], [2, ""]);
  const { warnings, ...told } = JSON.parse(out);
  assertEquals(Array.isArray(warnings), true);
  assertEquals(told, {
    ok: false,
    file: "FILE",
    found: "named by --config",
    mistakes: [
      {
        path: "server.port",
        line: 2,
        column: 15,
        message: 'found "abc", wanted a whole number from 0 to 65535',
        hint: null,
      },
      {
        path: "endpoints[0].otherwise.groupp",
        line: 4,
        column: 81,
        message: 'found unknown key "groupp", wanted one of "group", "approve", "reject"',
        hint: 'Did you mean "group"?',
      },
    ],
    notes: [],
  });
});

Deno.test("check --json tells what is served, in one line", async () => {
  const endpoint = { path: "/a", kind: "fake.kind", signatureKeys: ["long enough"] };
  const { code, out } = await withJson(JSON.stringify({ timeZone: "UTC", endpoints: [endpoint] }));
  const told = JSON.parse(out);
  assertEquals([code, told.ok, told.mistakes], [0, true, []]);
  assertEquals(told.server, {
    hostname: "127.0.0.1",
    port: 8080,
    publicUrl: "http://127.0.0.1:8080",
  });
  assertEquals(
    told.endpoints.map(({ path, kind }: { path: string; kind: string }) => [path, kind]),
    [
      ["/a", "fake.kind"],
    ],
  );
  assertEquals([told.timeZone, out.split("\n").length], ["UTC", 2]);
  assertEquals(out.includes("long enough"), false);
});

Deno.test("check --json tells of a config that is not there, without a place", async () => {
  const terminal = fakeTerminal({ env: { STOREHOOK_CONFIG: "/no/such/config.json" } });
  assertEquals(await command.run(["--json"], terminal), 2);
  const [mistake] = JSON.parse(terminal.output()).mistakes;
  assertEquals([mistake.path, mistake.line, mistake.column], ["", null, null]);
});

async function withJson(text: string) {
  return await withFolder(async (folder) => {
    const file = join(folder, "config.json");
    await Deno.writeTextFile(file, text);
    const terminal = fakeTerminal();
    const code = await command.run(["--config", file, "--json"], terminal);
    const out = terminal.output().replaceAll(JSON.stringify(file).slice(1, -1), "FILE");
    return { code, out, err: terminal.errors() };
  });
}
