import { dirname } from "@std/path";

/**
 * Says why there can be no folder, without making it.
 *
 * @param path The folder, absolute.
 * @returns The reason, e.g. `"C:\\logs" is a file`; `undefined` where it is there or can be made.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await folderTrouble(Deno.cwd()), undefined);
 * ```
 */
export async function folderTrouble(path: string): Promise<string | undefined> {
  for (let folder = path;; folder = dirname(folder)) {
    try {
      const { isDirectory } = await Deno.stat(folder);
      return isDirectory ? undefined : `${JSON.stringify(folder)} is a file`;
    } catch (error) {
      // Windows names the wrong one of both where a part of the path is a file.
      const isMissing = error instanceof Deno.errors.NotFound ||
        error instanceof Deno.errors.NotADirectory;
      if (!isMissing) return `${JSON.stringify(folder)} cannot be looked at`;
      if (dirname(folder) === folder) return `there is no ${JSON.stringify(folder)}`;
    }
  }
}
