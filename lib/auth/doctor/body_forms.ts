import {
  type Bytes,
  ESCAPE_VARIANTS,
  LAYOUT_VARIANTS,
  readDocument,
  singleBytes,
  utf16,
  utf8,
  type Variant,
  type VariantForm,
} from "./variants.ts";

/**
 * The bytes that might have been signed instead of a body, one at a time: a large body has many
 * forms, and not all are in memory at once.
 *
 * @param body The body as it is: the first form, with no variant.
 * @returns A function that walks the forms with at most so many variants at once.
 */
export function bodyForms(body: Bytes): (most: number) => Generator<VariantForm<Bytes>> {
  const source = readSource(body);
  const stages = source === undefined ? [] : stagesOf(source.text);
  return function* (most) {
    yield { value: body, variants: [] };
    if (source === undefined) return;
    const { bom, origin } = source;
    for (const text of textForms(source.text, stages, most - origin.length)) {
      const before = [...origin, ...text.variants];
      if (before.length > 0 && before.length <= most) {
        yield { value: utf8((bom ? BOM : "") + text.value), variants: before };
      }
      if (before.length >= most) continue;
      for (const variant of CHARSET_VARIANTS) {
        const bytes = variant.encode(text.value, bom);
        if (bytes !== undefined) yield { value: bytes, variants: [...before, variant] };
      }
    }
  };
}

interface Source {
  /** Without its byte order mark. */
  readonly text: string;
  /** Whether the body starts with a byte order mark in UTF-8. */
  readonly bom: boolean;
  /** What it takes to come from the bytes to the text. */
  readonly origin: readonly Variant[];
}

function readSource(body: Bytes): Source | undefined {
  const isUtf16 = body[0] === 0xff && body[1] === 0xfe;
  try {
    const decoder = new TextDecoder(isUtf16 ? "utf-16le" : "utf-8", {
      fatal: true,
      ignoreBOM: true,
    });
    const text = decoder.decode(body);
    const bom = text.startsWith(BOM);
    return {
      text: bom ? text.slice(1) : text,
      bom: bom && !isUtf16,
      origin: isUtf16 ? [SAVED_AS_UTF16] : [],
    };
  } catch {
    return undefined;
  }
}

/** The changes that can follow each other, in their order. */
function stagesOf(text: string): readonly (readonly TextVariant[])[] {
  const read = readDocument(text);
  if (read === undefined) return [WHOLE_VARIANTS, END_VARIANTS];
  const layouts = LAYOUT_VARIANTS.map(({ render, ...variant }): TextVariant => ({
    ...variant,
    // A layout starts from the document, not from the text that another variant left.
    apply: () => rendered(() => render(read.document)),
  }));
  return [[...WHOLE_VARIANTS, ...layouts], ESCAPE_VARIANTS, END_VARIANTS];
}

function* textForms(
  text: string,
  stages: readonly (readonly TextVariant[])[],
  most: number,
): Generator<VariantForm<string>> {
  const [stage, ...later] = stages;
  if (stage === undefined) {
    yield { value: text, variants: [] };
    return;
  }
  yield* textForms(text, later, most);
  if (most <= 0) return;
  for (const variant of stage) {
    const changed = variant.apply(text);
    if (changed === undefined || changed === text) continue;
    for (const { value, variants } of textForms(changed, later, most - 1)) {
      yield { value, variants: [variant, ...variants] };
    }
  }
}

/** Deep nesting overflows the stack of `JSON.stringify`, which then throws a RangeError. */
function rendered(render: () => string): string | undefined {
  try {
    return render();
  } catch {
    return undefined;
  }
}

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

/** A byte order mark. */
const BOM = "\ufeff";

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
  fix: "Save the raw bytes: in PowerShell Invoke-WebRequest -OutFile or curl.exe -o instead of >.",
};

/** The body as a whole. */
export const WHOLE_VARIANTS: readonly TextVariant[] = [
  {
    id: "body-empty",
    what: "over an empty body",
    fix: "Read the body's bytes once, before anything else consumes the stream, and sign those.",
    apply: () => "",
  },
  {
    id: "body-crlf-to-lf",
    what: "over the body with its CRLF line ends turned into LF",
    fix: KEEP_BYTES,
    apply: (text) => text.replaceAll("\r\n", "\n"),
  },
  {
    id: "body-lf-to-crlf",
    what: "over the body with its LF line ends turned into CRLF",
    fix: KEEP_BYTES,
    apply: (text) => text.replaceAll("\r\n", "\n").replaceAll("\n", "\r\n"),
  },
  {
    id: "body-as-json-string",
    what: "over the body written as a JSON string, in quotes and escaped",
    fix: "The body was serialized twice: sign and send the JSON text itself.",
    apply: (text) => JSON.stringify(text),
  },
];

/** The end of the body. */
export const END_VARIANTS: readonly TextVariant[] = [
  {
    id: "body-without-last-line-end",
    what: "over the body without the line end at its end",
    fix: KEEP_END,
    apply: (text) => text.replace(/\r?\n$/, ""),
  },
  {
    id: "body-with-lf",
    what: "over the body with a line feed added at its end",
    fix: KEEP_END,
    apply: (text) => `${text}\n`,
  },
  {
    id: "body-with-crlf",
    what: "over the body with CRLF added at its end",
    fix: KEEP_END,
    apply: (text) => `${text}\r\n`,
  },
  {
    id: "body-trimmed",
    what: "over the body without the white space around it",
    fix: KEEP_END,
    apply: (text) => text.trim(),
  },
];

/** The bytes of the text. */
export const CHARSET_VARIANTS: readonly CharsetVariant[] = [
  {
    id: "body-without-bom",
    what: "over the body without its byte order mark",
    fix: "Sign the bytes as they are sent, byte order mark included, or send none: " +
      "in .NET write with new UTF8Encoding(false).",
    encode: (text, bom) => bom ? utf8(text) : undefined,
  },
  {
    id: "body-with-bom",
    what: "over the body with a byte order mark before it",
    fix: "Sign the bytes as they are sent: in .NET write with new UTF8Encoding(false), " +
      "and save files as UTF-8 without BOM.",
    encode: (text, bom) => bom ? undefined : utf8(BOM + text),
  },
  {
    id: "body-utf16",
    what: "over the text in UTF-16",
    fix: `${USE_UTF8} Encoding.Unicode is UTF-16.`,
    encode: (text) => utf16(text),
  },
  {
    id: "body-utf16-bom",
    what: "over the text in UTF-16 with a byte order mark",
    fix: `${USE_UTF8} Encoding.Unicode is UTF-16.`,
    encode: (text) => utf16(BOM + text),
  },
  {
    id: "body-latin1",
    what: "over the text in Latin-1",
    fix: USE_UTF8,
    encode: (text) => singleBytes(text, 0xff),
  },
  {
    id: "body-ascii",
    what: "over the text in ASCII, with ? for every other character",
    fix: `${USE_UTF8} Encoding.ASCII loses every other character.`,
    encode: (text) => singleBytes(text, 0x7f),
  },
];
