import { folderOf } from "../folder_of.ts";

/**
 * Names the file from which a service gets its variables, e.g. the keys that its config names.
 *
 * @param config The path of the config.
 * @returns The path of a file beside it.
 */
export function environmentFileOf(config: string): string {
  return `${folderOf(config).replace(/\/$/, "")}/storehook.env`;
}

/**
 * Reads such a file as systemd does, as far as keys need it.
 *
 * @param text Lines of `NAME=VALUE`, the value in quotes or not; `#` and `;` begin a comment.
 * @returns The variables; the last of a name counts.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseEnvironmentFile } from "./environment_file.ts";
 *
 * const text = '# keys\nUSTORE_SIGNATURE_KEY="a b=c"\n OTHER = d \n';
 * assertEquals(Object.fromEntries(parseEnvironmentFile(text)), {
 *   USTORE_SIGNATURE_KEY: "a b=c",
 *   OTHER: "d",
 * });
 * ```
 */
export function parseEnvironmentFile(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split(/\r?\n/).flatMap((line) => {
      const [, name = "", value = ""] = /^\s*([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
      return name === "" ? [] : [[name, unquoted(value)] as const];
    }),
  );
}

function unquoted(value: string): string {
  return /^(["'])(.*)\1$/.exec(value)?.[2] ?? value;
}
