import { encodeHex } from "@std/encoding/hex";

/**
 * Writes a line of a file of checksums, as `sha256sum --check` reads it.
 *
 * @param name The name of a file.
 * @param bytes What it holds.
 * @returns The line, with a line break at its end.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { checksumLine } from "./checksums.ts";
 *
 * assertEquals(
 *   await checksumLine("empty", new Uint8Array(0)),
 *   "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  empty\n",
 * );
 * ```
 */
export async function checksumLine(
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<string> {
  return `${encodeHex(await crypto.subtle.digest("SHA-256", bytes))}  ${name}\n`;
}
