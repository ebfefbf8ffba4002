import { join } from "@std/path";
import type { BuildFacts } from "../lib/cli/build.ts";
import { ROOT } from "./executable.ts";
import { runDeno } from "./run_deno.ts";

/**
 * Writes the whole program into one file, and what it is built of beside it. Hundreds of modules
 * in an executable are found and read one by one at each start; one is read at once.
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
  const file = join(folder, "main.js");
  await runDeno(["bundle", "--quiet", ...lockFlags(), "--output", file, join(ROOT, entrypoint)]);
  const text = await Deno.readTextFile(file);
  await Deno.writeTextFile(file, withoutFolders(text));
  const factsFile = join(folder, "build.json");
  await Deno.writeTextFile(factsFile, JSON.stringify(facts));
  // The compiler keeps the times of files, too.
  const time = new Date(facts.committedAt ?? 0);
  for (const written of [file, factsFile]) await Deno.utime(written, time, time);
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
 * const line = "// ../../home/me/.cache/deno/npm/registry.npmjs.org/zod/4.6.7/index.js\n";
 * assertEquals(withoutFolders(line), "// zod/4.6.7/index.js\n");
 * assertEquals(withoutFolders("// lib/nearest.ts\n"), "// lib/nearest.ts\n");
 * ```
 */
export function withoutFolders(bundle: string): string {
  return bundle.replaceAll(/^\/\/ (?:\.\.\/|\/)\S*\/npm\/[^/\s]+\//gm, "// ");
}
