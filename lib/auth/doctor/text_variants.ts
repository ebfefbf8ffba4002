import { type Bytes, singleBytes, utf16, utf8, type Variant } from "./variants.ts";

/** A change of the body's text; `undefined` where it does not apply. */
export interface TextVariant extends Variant {
  apply(text: string): string | undefined;
}

/** A way to turn the text into bytes; `undefined` where it does not apply. */
export interface CharsetVariant extends Variant {
  /**
   * @param text The text, without its byte order mark.
   * @param bom Whether the body has one.
   */
  encode(text: string, bom: boolean): Bytes | undefined;
}

export const BOM = "\ufeff";

const KEEP_BYTES = "Sign and send the same bytes: make sure that nothing changes line ends in " +
  "between, and that the file was not saved anew by an editor or by Git.";
const KEEP_END =
  "Sign and send the same bytes: look for println, echo (use printf), an editor or " +
  "a trim that adds or removes the end of the last line.";
const USE_UTF8 = "Sign the bytes of the body as they are sent; where text must be turned into " +
  "bytes, use UTF-8 (in .NET new UTF8Encoding(false)).";

/** The body as PowerShell's `>` and old Notepad save it. */
export const SAVED_AS_UTF16: Variant = {
  id: "body-saved-as-utf16",
  what: "over the text in UTF-8, while these bytes are UTF-16",
  mend: "Save the raw bytes: in PowerShell Invoke-WebRequest -OutFile or curl.exe -o instead of >.",
};

/** The body as a whole. */
export const WHOLE_VARIANTS: readonly TextVariant[] = [
  {
    id: "body-empty",
    what: "over an empty body",
    mend: "Read the body's bytes once, before anything else consumes the stream, and sign those.",
    apply: () => "",
  },
  {
    id: "body-crlf-to-lf",
    what: "over the body with its CRLF line ends turned into LF",
    mend: KEEP_BYTES,
    apply: (text) => text.replaceAll("\r\n", "\n"),
  },
  {
    id: "body-lf-to-crlf",
    what: "over the body with its LF line ends turned into CRLF",
    mend: KEEP_BYTES,
    apply: (text) => text.replaceAll("\r\n", "\n").replaceAll("\n", "\r\n"),
  },
  {
    id: "body-as-json-string",
    what: "over the body written as a JSON string, in quotes and escaped",
    mend: "The body was serialized twice: sign and send the JSON text itself.",
    apply: (text) => JSON.stringify(text),
  },
];

/** The end of the body. */
export const END_VARIANTS: readonly TextVariant[] = [
  {
    id: "body-without-last-line-end",
    what: "over the body without the line end at its end",
    mend: KEEP_END,
    apply: (text) => text.replace(/\r?\n$/, ""),
  },
  {
    id: "body-with-lf",
    what: "over the body with a line feed added at its end",
    mend: KEEP_END,
    apply: (text) => `${text}\n`,
  },
  {
    id: "body-with-crlf",
    what: "over the body with CRLF added at its end",
    mend: KEEP_END,
    apply: (text) => `${text}\r\n`,
  },
  {
    id: "body-trimmed",
    what: "over the body without the white space around it",
    mend: KEEP_END,
    apply: (text) => text.trim(),
  },
];

/** The bytes of the text. */
export const CHARSET_VARIANTS: readonly CharsetVariant[] = [
  {
    id: "body-without-bom",
    what: "over the body without its byte order mark",
    mend: "Sign the bytes as they are sent, byte order mark included, or send none: " +
      "in .NET write with new UTF8Encoding(false).",
    encode: (text, bom) => bom ? utf8(text) : undefined,
  },
  {
    id: "body-with-bom",
    what: "over the body with a byte order mark before it",
    mend: "Sign the bytes as they are sent: in .NET write with new UTF8Encoding(false), " +
      "and save files as UTF-8 without BOM.",
    encode: (text, bom) => bom ? undefined : utf8(BOM + text),
  },
  {
    id: "body-utf16",
    what: "over the text in UTF-16",
    mend: `${USE_UTF8} Encoding.Unicode is UTF-16.`,
    encode: (text) => utf16(text),
  },
  {
    id: "body-utf16-bom",
    what: "over the text in UTF-16 with a byte order mark",
    mend: `${USE_UTF8} Encoding.Unicode is UTF-16.`,
    encode: (text) => utf16(BOM + text),
  },
  {
    id: "body-latin1",
    what: "over the text in Latin-1",
    mend: USE_UTF8,
    encode: (text) => singleBytes(text, 0xff),
  },
  {
    id: "body-ascii",
    what: "over the text in ASCII, with ? for every other character",
    mend: `${USE_UTF8} Encoding.ASCII loses every other character.`,
    encode: (text) => singleBytes(text, 0x7f),
  },
];
