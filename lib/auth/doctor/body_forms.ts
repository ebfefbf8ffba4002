import { ESCAPE_VARIANTS, LAYOUT_VARIANTS, readDocument } from "./json_variants.ts";
import {
  BOM,
  CHARSET_VARIANTS,
  END_VARIANTS,
  SAVED_AS_UTF16,
  type TextVariant,
  WHOLE_VARIANTS,
} from "./text_variants.ts";
import { type Bytes, type Form, utf8, type Variant } from "./variants.ts";

/**
 * The bytes that might have been signed instead of a body, one at a time: a large body has many
 * forms, and not all are in memory at once.
 *
 * @param body The body as it is: the first form, with no variant.
 * @returns A function that walks the forms with at most so many variants at once.
 */
export function bodyForms(body: Bytes): (most: number) => Generator<Form<Bytes>> {
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
): Generator<Form<string>> {
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
