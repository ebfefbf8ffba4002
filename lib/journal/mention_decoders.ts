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

/**
 * Finds Base64 within a text, of either alphabet, also in lines.
 *
 * @param text The text.
 * @param leastLength How long it is at least.
 * @returns What it holds.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const [bytes] = findBase64('{"data":"aGVsbG8="}', 7);
 * assertEquals(new TextDecoder().decode(bytes), "hello");
 * ```
 */
export function* findBase64(text: string, leastLength: number): Generator<Uint8Array> {
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
        if (candidate.length >= leastLength) yield decodeBase64(candidate);
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
