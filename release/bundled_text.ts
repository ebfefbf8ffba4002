import { dirname, join } from "node:path/posix";

/** What the bundler adds to the name of a file that is not the first: it depends on this machine. */
const HASH = /-[0-9A-Z]{8}(?=\.js\b)/g;

/**
 * Lets a file of a split bundle import others from its own folder: the bundler puts the first files
 * of several modules into folders as theirs are.
 *
 * @param text The text of the file.
 * @returns The same with all that it imports beside it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { withFlatImports } from "./bundled_text.ts";
 *
 * const text = 'import { a } from "../../chunk-AAAAAAAA.js";\n';
 * assertEquals(withFlatImports(text), 'import { a } from "./chunk-AAAAAAAA.js";\n');
 * ```
 */
export function withFlatImports(text: string): string {
  return text.replaceAll(/(["'])(?:\.\.\/)+([^"'/\n]+-[0-9A-Z]{8}\.js)\1/g, "$1./$2$1");
}

/**
 * Gives the files of a split bundle names that depend on what is in them alone.
 *
 * @param files The text of each file by its name, without anything of this machine but names.
 * @returns The same with other names, also where files import each other.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { withStableNames } from "./bundled_text.ts";
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

/**
 * Gives the files of a thread's bundle names beside those of the program's and of other threads'.
 *
 * @param file What its first file is to be called.
 * @param first What that is called now.
 * @param files The text of each file by its name.
 * @returns The same with other names, also where files import each other.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { withNamesOf } from "./bundled_text.ts";
 *
 * const files = new Map([
 *   ["thread.js", 'import { b } from "./chunk_1.js";\n'],
 *   ["chunk_1.js", "export const b = 2;\n"],
 * ]);
 * assertEquals([...withNamesOf("lib_a_thread.js", "thread.js", files)], [
 *   ["lib_a_thread.js", 'import { b } from "./lib_a_thread_chunk_1.js";\n'],
 *   ["lib_a_thread_chunk_1.js", "export const b = 2;\n"],
 * ]);
 * ```
 */
export function withNamesOf(
  file: string,
  first: string,
  files: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const prefix = file.replace(/\.js$/, "_");
  const names = new Map(
    [...files.keys()].map((name) => [name, name === first ? file : `${prefix}${name}`]),
  );
  return new Map(
    [...files].map(([name, text]) => [names.get(name) ?? name, renamed(text, names)]),
  );
}

/** A module that runs in a thread of its own. */
export interface WorkerModule {
  /** Its file in the repository. */
  readonly module: string;
  /** The name of its own bundle. */
  readonly file: string;
}

/**
 * Finds the threads that a bundle starts, and lets it start them from bundles beside it: a bundle
 * holds what is imported, and a thread's module is named by its URL alone.
 *
 * @param bundle The bundle, in which a comment stands before what each module holds.
 * @returns The bundle with the new names, and the modules to bundle.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { withWorkers } from "./bundled_text.ts";
 *
 * const bundle = '// lib/a/open.ts\nnew Worker(new URL("./thread.ts", import.meta.url), {});\n';
 * assertEquals(withWorkers(bundle), {
 *   text: '// lib/a/open.ts\nnew Worker(new URL("./lib_a_thread.js", import.meta.url), {});\n',
 *   workers: [{ module: "lib/a/thread.ts", file: "lib_a_thread.js" }],
 * });
 * ```
 */
export function withWorkers(
  bundle: string,
): { readonly text: string; readonly workers: readonly WorkerModule[] } {
  const workers: WorkerModule[] = [];
  let current = "";
  const lines = bundle.split("\n").map((line) => {
    current = /^\/\/ (\S+\.ts)$/.exec(line)?.[1] ?? current;
    return line.replace(
      /(new Worker\(new URL\()"(\.[^"]+)"/g,
      (_, start: string, specifier: string) => {
        const module = join(dirname(current), specifier);
        const file = `${module.replaceAll("/", "_").replace(/\.ts$/, "")}.js`;
        workers.push({ module, file });
        return `${start}"./${file}"`;
      },
    );
  });
  return { text: lines.join("\n"), workers };
}

/** A backslash would turn the one of an escape into text. */
const AFTER_BACKSLASH = /(?<!\\)(?:\\\\)*\\[^\0-\x7f]/;

/**
 * Writes all that is not ASCII in a module as escapes, which mean the same in strings, templates
 * and patterns: with one other character, an engine keeps two bytes for every one and reads slower.
 *
 * @param module The text of the module.
 * @returns The same in ASCII.
 * @throws {SyntaxError} When a backslash stands before such a character.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { inAscii } from "./bundled_text.ts";
 *
 * assertEquals(inAscii("const unit = /µs|😀/u;"), "const unit = /\\u00b5s|\\ud83d\\ude00/u;");
 * ```
 */
export function inAscii(module: string): string {
  const found = AFTER_BACKSLASH.exec(module)?.[0];
  if (found !== undefined) {
    throw new SyntaxError(`Cannot escape ${JSON.stringify(found.at(-1))}: a backslash precedes it`);
  }
  return module.replaceAll(
    /[^\0-\x7f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
