/** What the bundler adds to the name of a file that is not the first: it depends on this machine. */
const HASH = /-[0-9A-Z]{8}(?=\.js\b)/g;

/**
 * Gives the files of a split bundle names that depend on what is in them alone.
 *
 * @param files The text of each file by its name, without anything of this machine but names.
 * @returns The same with other names, also where files import each other.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { withStableNames } from "./chunks.ts";
 *
 * const files = new Map([
 *   ["main.js", 'import { b } from "./chunk-AAAAAAAA.js";\nimport("./list-CCCCCCCC.js");\n'],
 *   ["list-CCCCCCCC.js", "export const c = 3;\n"],
 *   ["chunk-AAAAAAAA.js", "export const b = 2;\n"],
 * ]);
 * assertEquals([...withStableNames(files)], [
 *   ["chunk_1.js", "export const b = 2;\n"],
 *   ["list_2.js", "export const c = 3;\n"],
 *   ["main.js", 'import { b } from "./chunk_1.js";\nimport("./list_2.js");\n'],
 * ]);
 * ```
 */
export function withStableNames(
  files: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const key = ([name, text]: readonly [string, string]) => `${name}\n${text}`.replace(HASH, "");
  const sorted = [...files].toSorted((a, b) => key(a) < key(b) ? -1 : 1);
  const names = new Map(
    sorted.map(([name], index) => [name, name.replace(HASH, `_${index + 1}`)]),
  );
  return new Map(sorted.map(([name, text]) => [names.get(name) ?? name, renamed(text, names)]));
}

function renamed(text: string, names: ReadonlyMap<string, string>): string {
  return text.replaceAll(
    /(["'])\.\/([^"'/\n]+\.js)\1/g,
    (found, quote: string, name: string) => {
      const other = names.get(name);
      return other === undefined ? found : `${quote}./${other}${quote}`;
    },
  );
}
