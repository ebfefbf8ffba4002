import { join } from "@std/path";
import type { BuildFacts } from "../lib/cli/build.ts";
import { inAscii } from "./ascii.ts";
import { ROOT } from "./executable.ts";
import { runDeno } from "./run_deno.ts";
import { withWorkers } from "./workers.ts";

/**
 * Writes the whole program into one file, and beside it one for each of its threads and what it is
 * built of. Hundreds of modules in an executable are found and read one by one at each start; one
 * is read at once.
 *
 * @param folder Where to; what is there goes.
 * @param facts What it is built of.
 * @param entrypoint Its first module, in the repository.
 * @throws {Error} When it cannot be bundled; the message says why.
 */
export async function writeBundle(
  folder: string,
  facts: BuildFacts,
  entrypoint = "main.ts",
): Promise<void> {
  await Deno.remove(folder, { recursive: true }).catch(() => undefined);
  await Deno.mkdir(folder, { recursive: true });
  const { text, workers } = withWorkers(await bundled(entrypoint, folder));
  const files = new Map([["main.js", text], ["build.json", JSON.stringify(facts)]]);
  for (const { module, file } of workers) files.set(file, await bundled(module, folder));
  // The compiler keeps the times of files, too.
  const time = new Date(facts.committedAt ?? 0);
  for (const [name, content] of files) {
    await Deno.writeTextFile(join(folder, name), content);
    await Deno.utime(join(folder, name), time, time);
  }
}

/** A module of the repository with all that it imports. */
async function bundled(module: string, folder: string): Promise<string> {
  const file = join(folder, "main.js");
  await runDeno(["bundle", "--quiet", ...lockFlags(), "--output", file, join(ROOT, module)]);
  return inAscii(withoutFolders(await Deno.readTextFile(file)));
}

/** The lock file is of the newest Deno; the oldest would add to it. */
function lockFlags(): readonly string[] {
  return Deno.version.deno.startsWith("2.5.") ? ["--no-lock"] : ["--frozen"];
}

/**
 * Takes the folders of this machine out of a bundle, where a comment names each module's file: the
 * same commit gives the same bundle everywhere.
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
 * assertEquals(withoutFolders("// lib/nearest.ts\n"), "// lib/nearest.ts\n");
 * ```
 */
export function withoutFolders(bundle: string): string {
  return bundle.replaceAll(/^\/\/ (?:\.\.\/|\/)\S*\/npm\/[^/\s]+\//gm, "// ");
}
