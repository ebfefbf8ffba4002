import { fromFileUrl, relative } from "@std/path";

/**
 * How the user calls this program, for the commands that help texts and banners show.
 *
 * @param folder Where the user calls it.
 * @returns `storehook` for the executable, the Deno command otherwise.
 */
export function programName(folder: string = Deno.cwd()): string {
  if (Deno.build.standalone) return "storehook";
  const main = relative(folder, fromFileUrl(import.meta.resolve("../../../main.ts")));
  return `npx -y deno@${Deno.version.deno} run -A ${shellWord(main)}`;
}

/**
 * Writes a word so that a shell takes it as one.
 *
 * @param word A path, for example.
 * @returns The word, in double quotes when it needs them.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { shellWord } from "./program.ts";
 *
 * assertEquals([shellWord("a.json"), shellWord("my a.json")], ["a.json", '"my a.json"']);
 * ```
 */
export function shellWord(word: string): string {
  return /^[\w./:\\@%+-]+$/.test(word) ? word : `"${word}"`;
}
