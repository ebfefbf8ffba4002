import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { join } from "@std/path";
import { checkCommand } from "../../../../lib/cli/config/check.ts";
import { initCommand, schemaCommand } from "../../../../lib/cli/config/init.ts";
import { programName, shellWord, withLineEnds } from "../../../../lib/cli/terminal/format.ts";
import { fakeKind } from "../../config/fake_kind.ts";
import { withFolder } from "../../config/load_text.ts";
import { fakeTerminal } from "../fake_terminal.ts";
import { checkEntry, initEntry, schemaEntry } from "../../../../lib/cli/table/server.ts";
import { runnable } from "../run_command.ts";

const checking = runnable(checkEntry, checkCommand([fakeKind]));

const initCommandOfTest = initCommand(
  (newKey) =>
    `{
  // the keys
  "endpoints": [
    { "path": "/a", "kind": "fake.kind", "signatureKeys": ["${newKey()}", "${newKey()}"] },
  ],
}
`,
  [fakeKind],
);

async function init(file: string) {
  const terminal = fakeTerminal({ env: { STOREHOOK_CONFIG: file } });
  const code = await runnable(initEntry, initCommandOfTest).run([], terminal);
  return { code, out: terminal.output(), err: terminal.errors() };
}

Deno.test("init writes a config that check finds fine, and its schema", () =>
  withFolder(async (folder) => {
    const file = join(folder, "config.json");
    const { code, out, err } = await init(file);
    assertEquals([code, err], [0, ""]);
    assert(out.includes(` check --config ${shellWord(file)}\n`));
    assertEquals(await checking.run(["--config", file], fakeTerminal()), 0);
    const terminal = fakeTerminal();
    await runnable(schemaEntry, schemaCommand([fakeKind])).run([], terminal);
    const schema = await Deno.readTextFile(join(folder, "config.schema.json"));
    assertEquals(schema, withLineEnds(terminal.output()));
  }));

Deno.test("init makes fresh keys of 32 bytes, and does not show them", () =>
  withFolder(async (folder) => {
    const file = join(folder, "config.json");
    const { out } = await init(file);
    const [first = "", second = ""] = /\["(.*)", "(.*)"\]/.exec(await Deno.readTextFile(file))
      ?.slice(1) ?? [];
    assertMatch(first, /^[\w-]{43}$/);
    assertMatch(second, /^[\w-]{43}$/);
    assertNotEquals(first, second);
    assertEquals(out.includes(first), false);
  }));

Deno.test({
  name: "init lets only the owner read the config",
  ignore: Deno.build.os === "windows",
  fn: () =>
    withFolder(async (folder) => {
      const file = join(folder, "config.json");
      await init(file);
      assertEquals(((await Deno.stat(file)).mode ?? 0) & 0o777, 0o600);
    }),
});

Deno.test("init never overwrites a config", () =>
  withFolder(async (folder) => {
    const file = join(folder, "config.json");
    await Deno.writeTextFile(file, "mine");
    assertEquals(await init(file), {
      code: 1,
      out: "",
      err: `Cannot write ${JSON.stringify(file)}: it exists already, and is left as it is\n`,
    });
    assertEquals(await Deno.readTextFile(file), "mine");
  }));

Deno.test("init leaves a schema that exists and says how to renew it", () =>
  withFolder(async (folder) => {
    const schema = join(folder, "config.schema.json");
    await Deno.writeTextFile(schema, "mine");
    const { code, err } = await init(join(folder, "config.json"));
    assertEquals(code, 0);
    assertEquals(
      err,
      `Cannot write ${JSON.stringify(schema)}: it exists already, and is left as it is\n` +
        `To renew it: ${programName()} schema > ${shellWord(schema)}\n`,
    );
    assertEquals(await Deno.readTextFile(schema), "mine");
  }));

Deno.test("init says when the folder is missing", () =>
  withFolder(async (folder) => {
    const file = join(folder, "none", "config.json");
    const { code, err } = await init(file);
    assertEquals([code, err], [1, `Cannot write ${JSON.stringify(file)}: its folder is missing\n`]);
  }));

Deno.test("init --json tells which files it wrote, and no key", () =>
  withFolder(async (folder) => {
    const file = join(folder, "config.json");
    const terminal = fakeTerminal();
    const args = ["--config", file, "--json"];
    assertEquals(await runnable(initEntry, initCommandOfTest).run(args, terminal), 0);
    assertEquals(JSON.parse(terminal.output()), {
      config: file,
      schema: join(folder, "config.schema.json"),
    });
  }));
