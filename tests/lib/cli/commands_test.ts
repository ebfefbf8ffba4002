import { assert, assertEquals, assertMatch } from "@std/assert";
import { COMMANDS } from "../../../lib/cli/commands.ts";
import { commandHelp, overview } from "../../../lib/cli/help/command_help.ts";

Deno.test("COMMANDS have names of their own, and code that is loaded when it is asked for", async () => {
  assertEquals(new Set(COMMANDS.map(({ name }) => name)).size, COMMANDS.length);
  const loaded = await Promise.all(COMMANDS.map((entry) => entry.load()));
  assertEquals(loaded.map((run) => typeof run), COMMANDS.map(() => "function"));
});

Deno.test("the options of a command have names of their own", () => {
  for (const { name, options } of COMMANDS) {
    assertEquals(new Set(options.map((option) => option.name)).size, options.length, name);
  }
});

Deno.test("every help fits into 80 columns", async () => {
  const texts = [overview(COMMANDS), ...await Promise.all(COMMANDS.map(commandHelp))];
  for (const line of texts.flatMap((text) => text.split("\n"))) {
    assert(line.length <= 80, `${line.length} columns: ${line}`);
  }
});

Deno.test("every help has usage, each option and what the exit codes mean", async () => {
  for (const spec of COMMANDS) {
    const help = await commandHelp(spec);
    assertMatch(help, /^Usage: storehook /);
    for (const { name } of spec.options) assertMatch(help, new RegExp(`\\n {2}--${name} .*\\S`));
    assertMatch(help, /\nExit codes: 0 [^\n]+\n(?:[^\n]+\n)?$/);
  }
});

Deno.test("every command that prints a result takes --json, but those that print nothing else", () => {
  const without = COMMANDS.filter(({ options }) => !options.some(({ name }) => name === "json"));
  assertEquals(without.map(({ name }) => name), [
    "serve",
    "deliveries export",
    "events export",
    "schema",
    "openapi",
    "completions",
  ]);
});
