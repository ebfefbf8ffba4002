import { assertEquals, assertMatch } from "@std/assert";
import { main } from "../../../lib/cli/mod.ts";
import { fakeTerminal } from "./fake_terminal.ts";

async function run(...args: readonly string[]) {
  const terminal = fakeTerminal();
  const code = await main(args, terminal);
  return { code, out: terminal.output(), err: terminal.errors() };
}

Deno.test("main() finds commands of two words, and their help", async () => {
  const help = await run("deliveries", "show", "--help");
  assertEquals([help.code, help.err], [0, ""]);
  assertMatch(help.out, /^Usage: storehook deliveries show ID /);
  assertEquals(await run("help", "deliveries", "show"), help);
});

Deno.test("main() lists the commands of a group", async () => {
  const { code, out, err } = await run("journal", "--help");
  assertEquals([code, err], [0, ""]);
  assertEquals(out.match(/^ {2}journal \w+/gm), [
    "  journal info",
    "  journal prune",
    "  journal backup",
    "  journal copy",
    "  journal erase",
  ]);
  assertEquals(await run("help", "journal"), { code, out, err });
  assertEquals(await run("journal"), { code: 2, out: "", err: out });
});

Deno.test("main() names the nearest command of a group", async () => {
  assertEquals(await run("deliveries", "lst"), {
    code: 2,
    out: "",
    err: 'Unknown command "deliveries lst", did you mean "deliveries list"?\n' +
      "See: storehook deliveries --help\n",
  });
});

Deno.test("main() names the commands of a group where options alone follow it", async () => {
  assertEquals(await run("deliveries", "--json"), {
    code: 2,
    out: "",
    err: 'The command behind "deliveries" is missing, wanted one of list, show, export\n' +
      "See: storehook deliveries --help\n",
  });
});

Deno.test("main() names the command whose usage is wrong", async () => {
  assertEquals(await run("deliveries", "show"), {
    code: 2,
    out: "",
    err: "ID is missing\nSee: storehook deliveries show --help\n",
  });
});

Deno.test("main() says which command was probably meant, of two words in any order", async () => {
  const cases: readonly (readonly [words: readonly string[], found: string, meant: string])[] = [
    [["chek"], "chek", "check"],
    [["delivery", "list"], "delivery list", "deliveries list"],
    [["list", "deliveries"], "list deliveries", "deliveries list"],
    [["sevice", "status", "--json"], "sevice status", "service status"],
    [["validate", "--config", "x.json"], "validate", "check"],
  ];
  for (const [words, found, meant] of cases) {
    const { code, out, err } = await run(...words);
    assertEquals([code, out], [2, ""]);
    assertEquals(err.split("\n")[0], `Unknown command "${found}", did you mean "${meant}"?`);
  }
});

Deno.test("main() says how a config is named", async () => {
  const { code, err } = await run("check", "my config.json");
  assertEquals(code, 2);
  assertEquals(
    err.split("\n")[0],
    'One word too many, after the options; for a config write --config "my config.json"',
  );
  // A word that is no config may be a key that lost its option.
  assertEquals((await run("check", "geheimnis")).err.includes("geheimnis"), false);
});
