import { isHeldByDouble } from "../util/json_text.ts";
import { type JsonNode, readSorted, writeNode } from "../util/sorted_json.ts";

/** One reading of what the vendor signs. */
export interface SignedForm {
  /** How the journal and the log call it. */
  readonly name: "raw bytes" | "stable form" | "canonical form";
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Tells whether a number in it is another one than the body has, for want of digits. */
  readonly changesDigits?: () => boolean;
}

const encoder = new TextEncoder();

/**
 * Gives what an Emporix signature may cover besides the raw bytes, one by one, since each costs:
 *
 * 1. the stable form: keys sorted, numbers as JavaScript writes them, as json-stable-stringify does
 *    with a parsed body;
 * 2. the canonical form: keys sorted, numbers in their own text.
 *
 * A form that equals the body or the earlier one is left out. There are such forms of JSON in UTF-8,
 * nested at most 256 deep, with no key twice in one object. The work is linear in the body's size.
 *
 * @param body The exact bytes that were received. Any bytes: this never throws.
 * @returns The forms.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const forms = sortedFormsOf(new TextEncoder().encode('{"b": 2.0, "a": 1}'));
 * assertEquals([...forms].map(({ bytes }) => new TextDecoder().decode(bytes)), [
 *   '{"a":1,"b":2}',
 *   '{"a":1,"b":2.0}',
 * ]);
 * ```
 */
export function* sortedFormsOf(body: Uint8Array<ArrayBuffer>): Generator<SignedForm, void> {
  const json = decode(body);
  const node = json === undefined ? undefined : attempt(() => readSorted(json));
  if (json === undefined || node === undefined) return;

  let isCanonical = true;
  const stable = attempt(() =>
    writeNode(node, (text) => {
      const written = writeNumber(text);
      isCanonical &&= written === text;
      return written;
    })
  );
  if (stable !== undefined && stable !== json) {
    const changesDigits = () => hasOtherDigits(node);
    yield { name: "stable form", bytes: encoder.encode(stable), changesDigits };
  }
  if (stable !== undefined && isCanonical) return;

  const canonical = writeNode(node, (text) => text);
  if (canonical !== json) yield { name: "canonical form", bytes: encoder.encode(canonical) };
}

/** Whole numbers of so few digits are written as they came. */
const SHORT_INTEGER = /^(?:0|-?[1-9]\d{0,14})$/;

/**
 * Writes a number as JavaScript does. It would write one that is too large for it as `null`: then
 * the signature of a `null` would pass for a number.
 */
function writeNumber(text: string): string {
  if (SHORT_INTEGER.test(text)) return text;
  const value = Number(text);
  if (!Number.isFinite(value)) throw new RangeError("Cannot write a number that is too large");
  return Object.is(value, -0) ? "0" : String(value);
}

function hasOtherDigits(node: JsonNode): boolean {
  let isOther = false;
  writeNode(node, (text) => {
    isOther ||= !isHeldByDouble(text);
    return text;
  });
  return isOther;
}

/** A byte order mark stays, so that it is no JSON: only a text that is all of the body may equal it. */
function decode(body: Uint8Array<ArrayBuffer>): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return undefined;
  }
}

function attempt<Result>(run: () => Result): Result | undefined {
  try {
    return run();
  } catch {
    return undefined; // Not JSON, too deep, ambiguous or with a number that is too large.
  }
}
