/** One way in which the making of a signature differs from the right one. */
export interface Variant {
  /** Stable id, e.g. `body-without-bom`. */
  readonly id: string;
  /** What was done, to follow "This signature was made". */
  readonly what: string;
  /** How to fix it, in a sentence for an admin or developer. */
  readonly fix: string;
}

/** Something a signature is made of, with how it came about: no variant means as it should be. */
export interface VariantForm<Value> {
  readonly value: Value;
  readonly variants: readonly Variant[];
}

/** Bytes that `crypto.subtle` takes. */
export type Bytes = Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();

/** The UTF-8 bytes of a text. */
export function utf8(text: string): Bytes {
  return encoder.encode(text);
}

/** The UTF-16 bytes of a text, the low byte first, without a byte order mark. */
export function utf16(text: string): Bytes {
  const bytes = new Uint8Array(text.length * 2);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < text.length; index++) {
    view.setUint16(index * 2, text.charCodeAt(index), true);
  }
  return bytes;
}

/**
 * One byte a character, as ASCII and Latin-1 encoders do it: `?` for what does not fit.
 *
 * @param text The text.
 * @param last The last character that fits.
 * @returns The bytes, or `undefined` when they are those of UTF-8.
 */
export function singleBytes(text: string, last: 0x7f | 0xff): Bytes | undefined {
  if (!/[\u0080-\uffff]/.test(text)) return undefined;
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    bytes[index] = code > last ? 0x3f : code;
  }
  return bytes;
}

/** Decodes Base64 of either alphabet, with or without padding; `undefined` when it is none. */
export function looseBase64(text: string): Bytes | undefined {
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) return undefined;
  const standard = text.replaceAll("-", "+").replaceAll("_", "/").replace(/=+$/, "");
  if (standard.length % 4 === 1) return undefined;
  return Uint8Array.from(atob(standard), (character) => character.charCodeAt(0));
}

/** Decodes hex of either case; `undefined` when it is none. */
export function looseHex(text: string): Bytes | undefined {
  if (!/^(?:[0-9a-f]{2})+$/i.test(text)) return undefined;
  return Uint8Array.from(
    { length: text.length / 2 },
    (_, index) => parseInt(text.slice(index * 2, index * 2 + 2), 16),
  );
}

/** A way to write a parsed document. */
export interface LayoutVariant extends Variant {
  render(document: unknown): string;
}

/** A way to escape characters in a JSON text. */
export interface EscapeVariant extends Variant {
  apply(json: string): string;
}

/** Longest JSON text, in characters, that is written anew: deep nesting makes indents explode. */
const MAX_INDENTED_LENGTH = 33_554_432;

const SIGN_RAW = "Sign the raw bytes of the body instead of parsing them and writing them anew: " +
  "read them before a JSON parser does, and sign an answer's bytes after they are serialized.";
const NO_ESCAPES = "Sign the bytes that are sent: serialize once, " +
  "keep the bytes, and sign and send those same bytes.";

/** How serializers lay a document out. */
export const LAYOUT_VARIANTS: readonly LayoutVariant[] = [
  layout("json-compact", "without white space", (document) => JSON.stringify(document)),
  ...indented("json-indented-2", "indented by two spaces", 2),
  ...indented("json-indented-4", "indented by four spaces", 4),
  ...indented("json-indented-tab", "indented by tabs", "\t"),
  // JSON escapes line feeds in strings, so every one in the indented text is layout.
  layout(
    "json-spaced",
    "on one line with a space after commas and colons, as Python does",
    (document) =>
      JSON.stringify(document, null, 1).replaceAll(/,\n */g, ", ").replaceAll(/\n */g, ""),
  ),
];

/** What serializers escape beyond what JSON asks for. */
export const ESCAPE_VARIANTS: readonly EscapeVariant[] = [
  {
    id: "json-ascii",
    what: "with non-ASCII characters escaped as \\uXXXX",
    fix: NO_ESCAPES,
    apply: (json) => json.replaceAll(/[\u0080-\uffff]/g, escape),
  },
  {
    id: "json-system-text-json",
    what: "with the characters escaped that System.Text.Json escapes by default (< > & ' + ` and " +
      "non-ASCII)",
    fix: NO_ESCAPES,
    apply: (json) =>
      json.replaceAll(
        /\\u[0-9a-f]{4}|\\.|[<>&'+`\u007f-\uffff]/g,
        (found) => {
          if (found === '\\"') return "\\u0022";
          if (found.startsWith("\\u")) return `\\u${found.slice(2).toUpperCase()}`;
          return found.startsWith("\\") ? found : `\\u${hex(found).toUpperCase()}`;
        },
      ),
  },
  {
    id: "json-php",
    what: "with slashes and non-ASCII characters escaped, as PHP does",
    fix: NO_ESCAPES,
    apply: (json) => json.replaceAll(/[/\u0080-\uffff]/g, (c) => c === "/" ? "\\/" : escape(c)),
  },
];

/**
 * Parses a text, if it is JSON of a size and depth that can be written anew.
 *
 * @returns The document in a box, since a document may be `null`; `undefined` for anything else.
 */
export function readDocument(text: string): { readonly document: unknown } | undefined {
  if (indentedLength(text) > MAX_INDENTED_LENGTH) return undefined;
  try {
    return { document: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** About how long the text would be, indented; brackets in strings count too, which is no harm. */
function indentedLength(text: string): number {
  let depth = 0;
  let length = text.length;
  for (let index = 0; index < text.length && length <= MAX_INDENTED_LENGTH; index++) {
    const character = text[index];
    if (character === "{" || character === "[") depth++;
    else if (character === "}" || character === "]") depth--;
    else if (character !== ",") continue;
    length += 4 * Math.max(depth, 0);
  }
  return length;
}

function layout(
  id: string,
  how: string,
  render: (document: unknown) => string,
): LayoutVariant {
  return {
    id,
    what: `over JSON that was parsed and written anew ${how}`,
    fix: SIGN_RAW,
    render,
  };
}

/** Indented JSON as most write it, and with the line ends of .NET on Windows. */
function indented(id: string, how: string, indent: number | string): LayoutVariant[] {
  const render = (document: unknown) => JSON.stringify(document, null, indent);
  return [
    layout(id, how, render),
    layout(
      `${id}-crlf`,
      `${how} with CRLF line ends, as .NET does on Windows`,
      (document) => render(document).replaceAll("\n", "\r\n"),
    ),
  ];
}

function escape(character: string): string {
  return `\\u${hex(character)}`;
}

function hex(character: string): string {
  return character.charCodeAt(0).toString(16).padStart(4, "0");
}
