import { lowerAscii } from "../columns.ts";
import { type SqlCondition, storedText } from "./rows.ts";

const encoder = new TextEncoder();

/** The columns of a row that a text may stand in. */
export interface SearchedColumns {
  readonly bytes: readonly string[];
  readonly texts: readonly string[];
}

/**
 * Writes the condition that a text stands in a row; ASCII letters of any case match. Of bytes it
 * holds for a little more than is meant, because PostgreSQL looks for them in a form with escapes:
 * `holdsText()` decides.
 *
 * @param text The text.
 * @param columns Where it may stand.
 * @returns The condition.
 */
export function sqlOfText(text: string, { bytes, texts }: SearchedColumns): SqlCondition {
  const sought = lowerAscii(text);
  const escaped = escapeBytes(encoder.encode(sought));
  return {
    sql: `(${
      [
        ...bytes.map((column) =>
          `position(? IN lower(encode(${column}, 'escape') COLLATE "C")) > 0`
        ),
        ...texts.map((column) => `position(? IN lower(${column} COLLATE "C")) > 0`),
      ].join(" OR ")
    })`,
    values: [...bytes.map(() => escaped), ...texts.map(() => storedText(sought))],
  };
}

/** As `encode(…, 'escape')` writes bytes. */
function escapeBytes(bytes: Uint8Array): string {
  return byteText(bytes).replace(
    /[\0\\\x80-\xff]/g,
    (byte) => byte === "\\" ? "\\\\" : `\\${byte.charCodeAt(0).toString(8).padStart(3, "0")}`,
  );
}

/**
 * Tells whether a text stands in contents; ASCII letters of any case match.
 *
 * @param text The text.
 * @param contents Texts, and bytes.
 * @returns Whether it stands in one of them.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(holdsText("ann", ["for Ann"]), true);
 * assertEquals(holdsText("ann", [new TextEncoder().encode("bob")]), false);
 * ```
 */
export function holdsText(text: string, contents: readonly (string | Uint8Array)[]): boolean {
  const sought = byteText(encoder.encode(lowerAscii(text)));
  return contents.some((content) =>
    lowerAscii(byteText(typeof content === "string" ? encoder.encode(content) : content))
      .includes(sought)
  );
}

/** One character a byte. */
function byteText(bytes: Uint8Array): string {
  let text = "";
  for (let start = 0; start < bytes.length; start += 8192) {
    text += String.fromCharCode(...bytes.subarray(start, start + 8192));
  }
  return text;
}
