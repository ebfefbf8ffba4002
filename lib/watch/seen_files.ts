import { encodeHex } from "@std/encoding/hex";

/** What files looked like when they were read: by their paths, a text that changes with them. */
export type SeenFiles = ReadonlyMap<string, string>;

/** Reads files and remembers what they looked like. */
export interface FileReader {
  /** Reads a file. */
  read(path: string): Promise<Uint8Array<ArrayBuffer>>;
  /** What was read last of each, those that could not be read included. */
  readonly seen: SeenFiles;
}

/** What gives other bytes each time, such as a pipe, cannot be watched. */
const NO_FILE = "no file";

/**
 * Makes a reader that remembers what files looked like, so that whoever watches them compares with
 * what was really read.
 *
 * @returns The reader.
 */
export function createFileReader(): FileReader {
  const seen = new Map<string, string>();
  return {
    seen,
    async read(path) {
      try {
        const { isFile } = await Deno.stat(path);
        const bytes = await Deno.readFile(path);
        seen.set(path, isFile ? await digest(bytes) : NO_FILE);
        return bytes;
      } catch (error) {
        seen.set(path, nameOf(error));
        throw error;
      }
    },
  };
}

/**
 * Looks at files again.
 *
 * @param paths Their paths.
 * @returns What they look like now.
 */
export async function lookAt(paths: Iterable<string>): Promise<SeenFiles> {
  const entries = Array.from(paths, async (path) => [path, await lookAtOne(path)] as const);
  return new Map(await Promise.all(entries));
}

/**
 * Tells whether files look the same.
 *
 * @param before What they looked like.
 * @param now What they look like now.
 * @returns Whether each of those that were seen before does.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const before = new Map([["config.json", "a"]]);
 * assertEquals(looksTheSame(before, new Map([["config.json", "a"], ["other", "b"]])), true);
 * assertEquals(looksTheSame(before, new Map([["config.json", "c"]])), false);
 * ```
 */
export function looksTheSame(before: SeenFiles, now: SeenFiles): boolean {
  return before.entries().every(([path, look]) => now.get(path) === look);
}

async function lookAtOne(path: string): Promise<string> {
  try {
    const { isFile } = await Deno.stat(path);
    return isFile ? await digest(await Deno.readFile(path)) : NO_FILE;
  } catch (error) {
    return nameOf(error);
  }
}

/** Not the bytes themselves: they may be keys, which need not stay in memory for that. */
async function digest(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return encodeHex(await crypto.subtle.digest("SHA-256", bytes));
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
