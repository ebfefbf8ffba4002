import { dirname, join } from "node:path/posix";

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
 * import { withWorkers } from "./workers.ts";
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
