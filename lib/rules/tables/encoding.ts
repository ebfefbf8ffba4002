/** The text of a sheet, in whichever encoding a spreadsheet wrote it. */

/** Encodings that a config may name: those of `TextDecoder` that spreadsheets write. */
export const SHEET_ENCODINGS = [
  "utf-8",
  "utf-16le",
  "utf-16be",
  "windows-1250",
  "windows-1251",
  "windows-1252",
  "windows-1253",
  "windows-1254",
  "windows-1255",
  "windows-1256",
  "windows-1257",
  "macintosh",
] as const;

/** One of {@linkcode SHEET_ENCODINGS}. */
export type SheetEncoding = typeof SHEET_ENCODINGS[number];

/** How a sheet was read of which the encoding is not known. */
export interface EncodingGuess {
  /** The line that shows it best, and a word of it. */
  readonly line: number;
  readonly sample: string;
  /** Whether the word looks like one of another writing, as Hebrew does: no language writes so. */
  readonly isOdd: boolean;
}

/** A sheet's text. */
export interface DecodedSheet {
  readonly text: string;
  /** Set where the encoding is not known. */
  readonly guess?: EncodingGuess;
}

/** Why bytes are no sheet. */
export interface NoSheet {
  readonly message: string;
  readonly hint: string;
}

const SAVE_AS = 'In the spreadsheet: Save as, "CSV UTF-8"; or name the "encoding" of the table';

/**
 * Decodes the bytes of a sheet. A mark at the beginning tells the encoding; without one what is
 * UTF-8 is taken for it, and all else for Windows-1252, as spreadsheets write it in western Europe
 * and America: which one it is cannot be known.
 *
 * @param bytes The file.
 * @param encoding The encoding that the config names.
 * @returns The text, or why there is none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(decodeSheet(new Uint8Array([0xff, 0xfe, 0x4b, 0x00])), { text: "K" });
 * assertEquals(decodeSheet(new Uint8Array([0x4b, 0xf6, 0x6c, 0x6e])), {
 *   text: "Köln",
 *   guess: { line: 1, sample: "Köln", isOdd: false },
 * });
 * ```
 */
export function decodeSheet(bytes: Uint8Array, encoding?: SheetEncoding): DecodedSheet | NoSheet {
  const workbook = workbookIn(bytes);
  if (workbook !== undefined) return workbook;
  const marked = markOf(bytes);
  const named = marked ?? encoding ?? unmarkedUtf16(bytes);
  if (named !== undefined) return decodeAs(bytes, named);
  const utf8 = decodeAs(bytes, "utf-8");
  if ("text" in utf8) return utf8;
  const ansi = decodeAs(bytes, "windows-1252");
  // Five bytes have no character there: some other code page.
  if (!("text" in ansi) || /[\u0081\u008d\u008f\u0090\u009d]/.test(ansi.text)) {
    return { message: "is neither UTF-8, UTF-16 nor Windows-1252", hint: SAVE_AS };
  }
  const { text } = ansi;
  const odd = ODD_WORD.exec(text);
  const found = odd ?? /[^\s,;"]*[\u0080-\uffff][^\s,;"]*/.exec(text);
  const line = text.slice(0, found?.index ?? 0).split(/\r\n|\r|\n/).length;
  return { text, guess: { line, sample: found?.[0] ?? "", isOdd: odd !== null } };
}

/** Letters with accents alone: Hebrew, Greek and Cyrillic look so in the code page of the west. */
const ODD_WORD = /[\u00c0-\u00ff]{3,}/;

function decodeAs(bytes: Uint8Array, encoding: SheetEncoding): DecodedSheet | NoSheet {
  try {
    return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes) };
  } catch {
    return { message: `is no text in ${encoding}`, hint: SAVE_AS };
  }
}

function markOf([first, second, third]: Uint8Array): SheetEncoding | undefined {
  if (first === 0xef && second === 0xbb && third === 0xbf) return "utf-8";
  if (first === 0xff && second === 0xfe) return "utf-16le";
  return first === 0xfe && second === 0xff ? "utf-16be" : undefined;
}

/** How much is looked at. */
const PROBE_BYTES = 1024;

/** No sheet holds the character 0, while half of what is plain in UTF-16 are zeros. */
function unmarkedUtf16(bytes: Uint8Array): SheetEncoding | undefined {
  const probe = bytes.subarray(0, PROBE_BYTES);
  const zeros = [0, 0];
  for (const [index, byte] of probe.entries()) {
    if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  }
  const [even = 0, odd = 0] = zeros;
  if (even + odd < probe.length / 4) return undefined;
  return odd > even ? "utf-16le" : "utf-16be";
}

function workbookIn([first, second, third, fourth]: Uint8Array): NoSheet | undefined {
  if (first === 0x50 && second === 0x4b && third === 3 && fourth === 4) {
    const hint = "Make a CSV of it: storehook table convert FILE.xlsx";
    return { message: "is a workbook, wanted a CSV", hint };
  }
  if (first === 0xd0 && second === 0xcf && third === 0x11 && fourth === 0xe0) {
    const hint = "In the spreadsheet: Save as, CSV UTF-8";
    return { message: "is a workbook of an old form, wanted a CSV", hint };
  }
  return undefined;
}
