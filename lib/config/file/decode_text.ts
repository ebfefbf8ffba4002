/**
 * Decodes the bytes of a text file the way editors write them: UTF-8, with a byte order mark or
 * without, and the UTF-16 that Notepad offers as "Unicode".
 *
 * @param bytes The file's bytes.
 * @returns The text without a byte order mark.
 * @throws {TypeError} When the bytes are no text in these encodings.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { decodeText } from "./decode_text.ts";
 *
 * assertEquals(decodeText(new Uint8Array([0xef, 0xbb, 0xbf, 0x7b, 0x7d])), "{}");
 * assertEquals(decodeText(new Uint8Array([0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00])), "{}");
 * ```
 */
export function decodeText(bytes: Uint8Array): string {
  const encoding = encodingOf(bytes);
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new TypeError(`Cannot decode the bytes as ${encoding.toUpperCase()}`);
  }
}

/** JSON starts with an ASCII character, so that a zero byte beside it tells of UTF-16. */
function encodingOf([first, second]: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  if (second === 0 && first !== 0) return "utf-16le";
  if (first === 0 && second !== undefined && second !== 0) return "utf-16be";
  return "utf-8";
}
