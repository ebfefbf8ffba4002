import { assert, assertEquals, assertMatch } from "@std/assert";
import { dirname, join, relative } from "@std/path";
import { ROOT } from "../../e2e/program.ts";
import { COMMANDS } from "../../../lib/cli/commands.ts";
import { commandHelp, overview } from "../../../lib/cli/help/render.ts";

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
    "setup",
    "deliveries export",
    "events export",
    "service run",
    "schema",
    "openapi",
    "completions",
  ]);
});

/** All modules that a module loads at once, by their paths. */
async function loadedWith(path: string, found: Set<string> = new Set()): Promise<Set<string>> {
  if (found.has(path)) return found;
  found.add(path);
  const text = await Deno.readTextFile(path);
  const imports = text.matchAll(/^(?:import|export) (?!type )[^;"]*?from "(\.[^"]+\.ts)";/gms);
  for (const [, specifier = ""] of imports) await loadedWith(join(dirname(path), specifier), found);
  return found;
}

Deno.test("the list of commands, help and completions load the code of no command", async () => {
  const parts = ["mod.ts", "commands.ts", "help/render.ts", "help/completions.ts"];
  const loaded = new Set<string>();
  for (const part of parts) await loadedWith(join(ROOT, "lib/cli", part), loaded);
  const names = [...loaded].map((path) => relative(ROOT, path).replaceAll("\\", "/"));
  const others = names.filter((name) =>
    !/^lib\/(?:cli\/(?:table|terminal|help)|util)\//.test(name)
  );
  assertEquals(others.toSorted(), ["lib/cli/commands.ts", "lib/cli/mod.ts", "lib/cli/version.ts"]);
});
