import { deflateRawSync } from "node:zlib";
import { join } from "@std/path";
import type { BuildFacts } from "../lib/cli/version.ts";
import { PAGES_FILE, readFolder } from "../lib/util/doc_pages.ts";
import {
  inAscii,
  withFlatImports,
  withNamesOf,
  withStableNames,
  withWorkers,
} from "./bundled_text.ts";
import { ROOT } from "./executable.ts";
import { runDeno } from "./run_deno.ts";

/**
 * This thread starts with the server, and needs little: it loads one file of its own. Others share
 * files with the program.
 */
const ALONE: ReadonlySet<string> = new Set(["lib/journal/sqlite/thread.ts"]);

/**
 * Writes the whole program into few files: one that every command needs, one for each command, for
 * each thread, and for what some of them share; and beside them what it is built of and the pages of
 * docs. Hundreds of modules in an executable are found and read one by one at each start.
 *
 * @param folder Where to; what is there goes.
 * @param facts What it is built of.
 * @param entrypoint Its first module, in the repository; it becomes `main.js`.
 * @throws {Error} When it cannot be bundled; the message says why.
 */
export async function writeBundle(
  folder: string,
  facts: BuildFacts,
  entrypoint = "main.ts",
): Promise<void> {
  const pages = await readFolder(new URL("../docs/", import.meta.url));
  const files = new Map<string, string | Uint8Array>([
    ["build.json", JSON.stringify(facts)],
    [PAGES_FILE, deflateRawSync(JSON.stringify(Object.fromEntries(pages)), { level: 9 })],
  ]);
  const threads = threadsOf(await bundled([entrypoint], folder));
  const together = [entrypoint, ...threads.filter((module) => !ALONE.has(module))];
  for (const [name, text] of await bundled(together, folder)) {
    files.set(name === nameOf(entrypoint) ? "main.js" : name, withWorkers(text).text);
  }
  for (const module of threads.filter((module) => ALONE.has(module))) {
    const file = nameOf(module);
    for (const [name, text] of withNamesOf(file, file, await bundled([module], folder))) {
      files.set(name, withWorkers(text).text);
    }
  }
  await empty(folder);
  // The compiler keeps the times of files, too.
  const time = new Date(facts.committedAt ?? 0);
  for (const [name, content] of files) {
    if (typeof content === "string") await Deno.writeTextFile(join(folder, name), content);
    else await Deno.writeFile(join(folder, name), content);
    await Deno.utime(join(folder, name), time, time);
  }
}

/** The threads that a bundle starts. */
function threadsOf(files: ReadonlyMap<string, string>): readonly string[] {
  const found = [...files.values()].flatMap((text) => withWorkers(text).workers);
  return [...new Set(found.map(({ module }) => module))];
}

/**
 * Modules of the repository with all that they import, by the names of the files. They are split:
 * what is loaded later would be wrapped in one file, with all that nobody uses of it.
 */
async function bundled(
  modules: readonly string[],
  folder: string,
): Promise<ReadonlyMap<string, string>> {
  await empty(folder);
  const flags = ["--quiet", ...lockFlags(), "--code-splitting", "--outdir", folder];
  await runDeno(["bundle", ...flags, ...modules.map((module) => join(ROOT, module))]);
  const texts = new Map<string, string>();
  await readScripts(folder, texts);
  // Several keep the folders in which they differ.
  const moduleOf = (path: string) =>
    modules.find((module) => `/${module}`.endsWith(`/${path.replace(/\.js$/, ".ts")}`));
  const named = [...texts].map(([path, text]) => {
    const module = moduleOf(path);
    const name = module === undefined ? path : nameOf(module);
    return [name, inAscii(withoutFolders(withFlatImports(text)))] as const;
  });
  return withStableNames(new Map(named));
}

async function readScripts(
  folder: string,
  texts: Map<string, string>,
  below = "",
): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(join(folder, below))) {
    const path = below === "" ? name : `${below}/${name}`;
    if (isDirectory) await readScripts(folder, texts, path);
    else texts.set(path, await Deno.readTextFile(join(folder, path)));
  }
}

/**
 * A module of the repository with all that it imports, in one file.
 *
 * @param module The module; it loads nothing of the repository later.
 * @param folder For the bundler; what is there stays.
 * @returns The text of the file.
 * @throws {Error} When it cannot be bundled; the message says why.
 */
export async function bundledModule(module: string, folder: string): Promise<string> {
  const files = await bundled([module], join(folder, "module"));
  return files.get(nameOf(module)) ?? "";
}

/** The name of the file that is made of a module. */
function nameOf(module: string): string {
  return module.replaceAll("/", "_").replace(/\.ts$/, ".js");
}

async function empty(folder: string): Promise<void> {
  await Deno.remove(folder, { recursive: true }).catch(() => undefined);
  await Deno.mkdir(folder, { recursive: true });
}

/** The lock file is of the newest Deno; the oldest would add to it. */
function lockFlags(): readonly string[] {
  return Deno.version.deno.startsWith("2.5.") ? ["--no-lock"] : ["--frozen"];
}

/**
 * Takes the folders of this machine out of a bundle, where a comment names each module's file, and a
 * key that of each module which is wrapped: the same commit gives the same bundle everywhere.
 *
 * @param bundle The bundle.
 * @returns The same with packages named from their registry on.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { withoutFolders } from "./bundle.ts";
 *
 * const line = "// ../../home/me/.cache/deno/npm/registry.example/zod/4.6.7/index.js\n";
 * assertEquals(withoutFolders(line), "// zod/4.6.7/index.js\n");
 * assertEquals(withoutFolders("// lib/util/nearest.ts\n"), "// lib/util/nearest.ts\n");
 * const key = '  "../.cache/deno/npm/registry.example/pg/8.0.0/a.js"(exports) {\n';
 * assertEquals(withoutFolders(key), '  "pg/8.0.0/a.js"(exports) {\n');
 * ```
 */
export function withoutFolders(bundle: string): string {
  return bundle.replaceAll(/^(\/\/ |\s*")(?:\.\.\/|\/)[^\s"]*\/npm\/[^/\s"]+\//gm, "$1");
}
