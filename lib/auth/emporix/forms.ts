import { writeSorted } from "./sorted_json.ts";

/** One reading of what the vendor signs. */
export interface Form {
  /** How the journal and the log call it. */
  readonly name: "raw bytes" | "stable form" | "canonical form";
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Largest body that is written anew. Anybody can ask for that work, a wrong signature is enough, and
 * nothing else is answered meanwhile; real events stay far below.
 */
const MAX_REWRITTEN_BYTES = 2_097_152;

const encoder = new TextEncoder();

/**
 * Gives what an Emporix signature may cover, one by one, since the next one costs more:
 *
 * 1. the raw bytes;
 * 2. the stable form: keys sorted, numbers as JavaScript writes them, as json-stable-stringify does
 *    with a parsed body;
 * 3. the canonical form: keys sorted, numbers in their own text.
 *
 * A form that equals an earlier one is left out. Forms 2 and 3 are those of JSON in UTF-8, of at most
 * 2 MiB, nested at most 256 deep, with no key twice in one object.
 *
 * @param body The exact bytes that were received. Any bytes: this never throws.
 * @returns The forms.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const forms = formsOf(new TextEncoder().encode('{"b": 2.0, "a": 1}'));
 * assertEquals([...forms].map(({ bytes }) => new TextDecoder().decode(bytes)), [
 *   '{"b": 2.0, "a": 1}',
 *   '{"a":1,"b":2}',
 *   '{"a":1,"b":2.0}',
 * ]);
 * ```
 */
export function* formsOf(body: Uint8Array<ArrayBuffer>): Generator<Form, void> {
  yield { name: "raw bytes", bytes: body };
  if (body.length > MAX_REWRITTEN_BYTES) return;
  const json = decode(body);
  if (json === undefined) return;

  let isCanonical = true;
  const stable = rewrite(json, (text) => {
    const written = writeNumber(text);
    isCanonical &&= written === text;
    return written;
  });
  if (stable !== undefined && stable !== json) {
    yield { name: "stable form", bytes: encoder.encode(stable) };
  }
  if (stable !== undefined && isCanonical) return;

  const canonical = rewrite(json, (text) => text);
  if (canonical !== undefined && canonical !== json) {
    yield { name: "canonical form", bytes: encoder.encode(canonical) };
  }
}

/**
 * Writes a number as JavaScript does. It would write one that is too large for it as `null`: then
 * the signature of a `null` would pass for a number.
 */
function writeNumber(text: string): string {
  const value = Number(text);
  if (!Number.isFinite(value)) throw new RangeError("Cannot write a number that is too large");
  return JSON.stringify(value);
}

/** A byte order mark stays, so that it is no JSON: only a text that is all of the body may equal it. */
function decode(body: Uint8Array<ArrayBuffer>): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return undefined;
  }
}

function rewrite(json: string, number: (text: string) => string): string | undefined {
  try {
    return writeSorted(json, number);
  } catch {
    return undefined; // Not JSON, too deep, ambiguous or with a number that is too large.
  }
}
