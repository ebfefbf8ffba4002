/**
 * Makes what the pages of the console load, as one module: `deno task console`. With `--check`, it
 * only tells whether the module is the one that the sources make.
 */
import { join } from "@std/path";
import { hash } from "../lib/util/hash.ts";
import { ROOT } from "./executable.ts";
import { runDeno } from "./run_deno.ts";

const OUTPUT = "lib/console/assets.generated.ts";
const STYLES = "lib/console/style";
const ISLANDS = "lib/console/islands";

/** The scripts, by their names, and the module that each is made of. */
const SCRIPTS = { script: "page.ts", editor: "editor.ts" } as const;

/**
 * Makes the module of what pages load.
 *
 * @returns Its text: the same for the same sources and the same Deno. That of another one may give
 * other short names to what is in a script.
 * @throws {Error} When the scripts cannot be bundled; the message says why.
 */
export async function consoleAssets(): Promise<string> {
  const scripts = Object.entries(SCRIPTS).map(async ([name, module]) =>
    assetOf(name, "js", await bundled(join(ROOT, ISLANDS, module)))
  );
  const assets = [assetOf("style", "css", await styles()), ...await Promise.all(scripts)];
  return [
    "/** What the pages of the console load. Made by `deno task console`: do not edit. */",
    "export const ASSETS = {",
    ...assets,
    "} as const;",
    "",
  ].join("\n");
}

/** Its name holds what is in it, so that browsers may keep it for good. */
function assetOf(name: string, suffix: string, text: string): string {
  const path = `/assets/${name}.${hash("sha256", text).toHex().slice(0, 12)}.${suffix}`;
  return `  ${name}: {\n    path: ${JSON.stringify(path)},\n    text: ${
    JSON.stringify(text)
  },\n  },`;
}

async function bundled(module: string): Promise<string> {
  const lock = Deno.version.deno.startsWith("2.5.") ? "--no-lock" : "--frozen";
  const flags = ["--quiet", lock, "--platform", "browser", "--minify"];
  return (await runDeno(["bundle", ...flags, module])).trim();
}

async function styles(): Promise<string> {
  const folder = join(ROOT, STYLES);
  const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
  const sheets = await Promise.all(
    names.toSorted().map((name) => Deno.readTextFile(join(folder, name))),
  );
  return sheets.map(minified).join("");
}

/** Takes out what a browser does not need: comments and space around signs. */
function minified(sheet: string): string {
  return sheet
    .replaceAll(/\/\*.*?\*\//gs, "")
    .replaceAll(/\s+/g, " ")
    .replaceAll(/ ?([{};,]) ?/g, "$1")
    .replaceAll(/([\w-]): /g, "$1:")
    .replaceAll(";}", "}")
    .trim();
}

if (import.meta.main) {
  const file = join(ROOT, OUTPUT);
  const made = await consoleAssets();
  const isFresh = await Deno.readTextFile(file).catch(() => "") === made;
  if (Deno.args.includes("--check")) {
    if (!isFresh) {
      console.error(`${OUTPUT} is not what its sources make: run deno task console`);
      Deno.exit(1);
    }
  } else if (!isFresh) await Deno.writeTextFile(file, made);
}
