import {
  brotliDecompressSync,
  constants,
  gunzipSync,
  inflateRawSync,
  inflateSync,
  type ZlibOptions,
} from "node:zlib";

/** Takes one kind of escape out of a text, once; a text without any comes back as it is. */
export type Decoder = (text: string) => string;

const utf8 = new TextDecoder();

/** The characters of an address, and those that escapes are made of, by their names in HTML. */
const HTML_NAMES: Readonly<Record<string, string>> = {
  amp: "&",
  apos: "'",
  bsol: "\\",
  colon: ":",
  comma: ",",
  commat: "@",
  dash: "‐",
  equals: "=",
  gt: ">",
  hyphen: "‐",
  lowbar: "_",
  lpar: "(",
  lt: "<",
  nbsp: " ",
  newline: "\n",
  num: "#",
  percnt: "%",
  period: ".",
  plus: "+",
  quot: '"',
  rpar: ")",
  semi: ";",
  sol: "/",
  tab: "\t",
};

/** Escapes of strings in JSON and JavaScript. */
function decodeStrings(text: string): string {
  if (!text.includes("\\")) return text;
  return text.replace(
    /\\(?:u\{([\da-f]{1,6})\}|u([\da-f]{4})|x([\da-f]{2})|(.))/gis,
    (whole, braced?: string, unit?: string, byte?: string, character = "") => {
      const code = braced ?? unit ?? byte;
      if (code !== undefined) return unit === undefined ? characterOf(code) : unitOf(unit);
      if (character === "u" || character === "x") return whole;
      // Lines stay lines: what is within may go on in the next one.
      if (character === "n") return "\n";
      if (character === "r") return "\r";
      return "bftv0".includes(character) ? " " : character;
    },
  );
}

/** In a form and in a query, a `+` in an encoded value is a blank. */
function decodeForms(text: string): string {
  if (!text.includes("%") || !text.includes("+")) return text;
  return text.replace(
    /=[^=&\s"'<>]*/g,
    (value) => value.includes("%") ? value.replaceAll("+", " ") : value,
  );
}

/** `%40`, and `%u0040` as scripts wrote it once. */
function decodePercent(text: string): string {
  if (!text.includes("%")) return text;
  return text.replace(/%u([\da-f]{4})/gi, (_, unit: string) => unitOf(unit))
    .replace(/(?:%[\da-f]{2})+/gi, (run) => utf8.decode(bytesOf(run.replaceAll("%", ""))));
}

/** `&#64;`, `&#x40;` and `&commat;`. */
function decodeHtml(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(
    /&(?:#x0{0,9}([\da-f]{1,6});?|#0{0,9}(\d{1,7});?|([a-z]{2,7});)/gi,
    (whole, hex?: string, decimal?: string, name = "") => {
      if (hex !== undefined) return characterOf(hex);
      if (decimal !== undefined) return characterOf(Number(decimal).toString(16));
      return HTML_NAMES[name.toLowerCase()] ?? whole;
    },
  );
}

/** `=40` and lines that go on, as mail has them. */
function decodeQuotedPrintable(text: string): string {
  if (!text.includes("=")) return text;
  return text.replace(/=[ \t]*\r?\n/g, "")
    .replace(/(?:=[\da-f]{2})+/gi, (run) => utf8.decode(bytesOf(run.replaceAll("=", ""))));
}

/** Every kind. Each may hold another, and none is told from text that only looks like it. */
export const DECODERS: readonly Decoder[] = [
  decodeStrings,
  decodeForms,
  decodePercent,
  decodeHtml,
  decodeQuotedPrintable,
];

/** Base64 within a text. */
export interface FoundBase64 {
  /** What it holds. */
  readonly bytes: Uint8Array;
  /** Whether the text ends with it, which may have been cut off there. */
  readonly isLast: boolean;
}

/**
 * Finds Base64 within a text, of either alphabet, also in lines.
 *
 * @param text The text.
 * @param leastLength How long it is at least.
 * @returns Each piece of it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const [found] = findBase64('{"data":"aGVsbG8="}', 7);
 * assertEquals(new TextDecoder().decode(found?.bytes), "hello");
 * assertEquals(found?.isLast, false);
 * ```
 */
export function* findBase64(text: string, leastLength: number): Generator<FoundBase64> {
  for (let start = 0; start < text.length; start++) {
    let end = endOfWord(text, start);
    const firstEnd = end;
    for (let next = startOfNextLine(text, end); next > end; next = startOfNextLine(text, end)) {
      end = endOfWord(text, next);
    }
    if (end - start >= leastLength) {
      const lines = text.slice(start, end).split(/\r?\n/);
      // One in many lines, or one of many lines that are no Base64.
      const candidates = end === firstEnd ? lines : [lines.join(""), ...lines];
      for (const candidate of candidates) {
        if (candidate.length < leastLength) continue;
        yield { bytes: decodeBase64(candidate), isLast: end === text.length };
      }
    }
    start = end;
  }
}

/** Whether a character is one of Base64, by its code. */
const IS_BASE64: readonly boolean[] = Array.from(
  { length: 128 },
  (_, code) => /[\w+/-]/.test(String.fromCharCode(code)),
);

function endOfWord(text: string, start: number): number {
  let end = start;
  while (IS_BASE64[text.charCodeAt(end)] === true) end++;
  return end;
}

/** Where a line goes on that ends behind a word; no further than that when it does not. */
function startOfNextLine(text: string, end: number): number {
  const feed = text[end] === "\r" ? end + 1 : end;
  return text[feed] === "\n" && IS_BASE64[text.charCodeAt(feed + 1)] === true ? feed + 1 : end;
}

function decodeBase64(text: string): Uint8Array {
  const plain = text.replaceAll("-", "+").replaceAll("_", "/");
  // A single character that is left over holds no byte.
  const whole = plain.slice(0, plain.length % 4 === 1 ? -1 : undefined);
  return Uint8Array.fromBase64(whole, { lastChunkHandling: "loose" });
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.fromHex(hex);
}

function unitOf(hex: string): string {
  return String.fromCharCode(Number.parseInt(hex, 16));
}

function characterOf(hex: string): string {
  const code = Number.parseInt(hex, 16);
  return code <= 0x10ffff ? String.fromCodePoint(code) : " ";
}

/** More than an honest body becomes; what a stranger packed is looked at up to here. */
const MAX_UNPACKED_BYTES = 32 * 1024 * 1024;

/** A byte becomes 1,032 at most, by gzip and deflate. */
const MAX_RATIO = 1032;

const WHOLE: ZlibOptions = { maxOutputLength: MAX_UNPACKED_BYTES };
/** Gives what is there also of what was cut off: of refused bodies the beginning is kept. */
const ZLIB: ZlibOptions = {
  finishFlush: constants.Z_SYNC_FLUSH,
  maxOutputLength: MAX_UNPACKED_BYTES,
};
const BROTLI = {
  finishFlush: constants.BROTLI_OPERATION_FLUSH,
  maxOutputLength: MAX_UNPACKED_BYTES,
};

/**
 * Unpacks what gzip or deflate packed, by the mark at its beginning: a header that says so may be
 * missing or wrong.
 *
 * @param packed The bytes.
 * @param mayBeCut Whether the beginning of what was packed counts too; it does unless told.
 * @returns What they hold, at most 32 MiB of it; nothing for bytes without such a mark.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { gzipSync } from "node:zlib";
 *
 * const [unpacked] = unpackMarked(new Uint8Array(gzipSync("hello")));
 * assertEquals(new TextDecoder().decode(unpacked), "hello");
 * assertEquals(unpackMarked(new TextEncoder().encode("hello")), []);
 * ```
 */
export function unpackMarked(packed: Uint8Array, mayBeCut = true): readonly Uint8Array[] {
  const [first = 0, second = 0] = packed;
  const whole = mayBeCut ? ZLIB : WHOLE;
  if (first === 0x1f && second === 0x8b) {
    return attempt(packed, (bytes) => gunzipSync(bytes, bytes === packed ? whole : ZLIB));
  }
  return (first & 0x0f) === 8 && ((first << 8) | second) % 31 === 0
    ? attempt(packed, (bytes) => inflateSync(bytes, bytes === packed ? whole : ZLIB))
    : [];
}

/**
 * Unpacks what deflate or Brotli packed without a mark.
 *
 * @param packed The bytes, also cut off.
 * @returns What they may hold, at most 32 MiB of it each.
 */
export function unpackUnmarked(packed: Uint8Array): readonly Uint8Array[] {
  return [
    ...attempt(packed, (bytes) => inflateRawSync(bytes, ZLIB)),
    ...attempt(packed, (bytes) => brotliDecompressSync(bytes, BROTLI)),
  ];
}

function attempt(
  packed: Uint8Array,
  inflate: (bytes: Uint8Array) => Uint8Array,
): readonly Uint8Array[] {
  for (const bytes of [packed, packed.subarray(0, MAX_UNPACKED_BYTES / MAX_RATIO)]) {
    try {
      const unpacked = inflate(bytes);
      return unpacked.length === 0 ? [] : [unpacked];
    } catch (error) {
      if (!isTooLarge(error)) return [];
    }
  }
  return [];
}

function isTooLarge(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
}
