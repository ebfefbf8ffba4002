import { isUtf8 } from "node:buffer";
import { parseExactJson } from "../util/json_text.ts";
import { parseLargeJson } from "../util/large_json.ts";
import { atOnce, type Steps } from "../util/waiting.ts";
import type { Endpoint } from "./endpoint.ts";
import { Problem } from "./problem/problem.ts";

/** Deepest nesting of arrays and objects that is processed: real documents stay below 20. */
export const MAX_JSON_DEPTH = 256;

const JSON_TYPE =
  /^(?:(?:application|text)\/json|application\/[\w.!#$&^-]+(?:\+[\w.!#$&^-]+)*\+json)$/i;
const PARAMETER = /;\s*([^\s=;"]+)\s*=\s*(?:"([^"]*)"|([^;]*))/g;
const CHARSETS: readonly string[] = ["utf-8", "utf8", "us-ascii"];

/** Whoever sends writes it always alike. */
let lastJsonType = "application/json";

/**
 * Checks that a body is JSON by what its headers say.
 *
 * A missing `Content-Type` passes: the bytes decide.
 *
 * @param headers The request's headers.
 * @throws {Problem} When the type, charset or encoding is another (`unsupported_media_type`).
 *
 * @example
 * ```ts
 * checkMediaType(new Headers({ "Content-Type": "application/json; charset=utf-8" }));
 * ```
 */
export function checkMediaType(headers: Headers): void {
  const contentType = headers.get("content-type") ?? "";
  if (contentType !== "" && contentType !== lastJsonType) {
    if (!isJsonType(contentType)) {
      throw new Problem("unsupported_media_type", { params: { found: contentType } });
    }
    lastJsonType = contentType;
  }
  const encoding = headers.get("content-encoding") ?? "";
  if (encoding !== "" && encoding.toLowerCase() !== "identity") {
    throw new Problem("unsupported_media_type", {
      params: { found: `Content-Encoding: ${encoding}` },
      headers: { "Accept-Encoding": "identity" },
    });
  }
}

function isJsonType(contentType: string): boolean {
  const [type = ""] = contentType.split(";", 1);
  if (!JSON_TYPE.test(type.trim())) return false;
  return [...contentType.matchAll(PARAMETER)].every(([, name = "", quoted, plain = ""]) =>
    name.toLowerCase() !== "charset" ||
    CHARSETS.includes((quoted ?? plain).trim().toLowerCase())
  );
}

/**
 * Parses a body as an endpoint wants it: a large one in steps, between which others may have their
 * turn.
 *
 * @param endpoint The endpoint.
 * @param body The bytes.
 * @returns The document. What it says is answered or passed on, so its numbers keep their text; an
 * event is kept and handed on as bytes, so its document is to be judged alone. `undefined` where the
 * endpoint takes in bytes.
 * @throws {Problem} When it is not JSON.
 */
export function* documentOf(
  { ingestion }: Pick<Endpoint, "ingestion">,
  body: Uint8Array,
): Steps<unknown> {
  if (ingestion === undefined) return yield* decode(body, parseExactJson);
  return ingestion.json ? yield* decode(body, JSON.parse) : undefined;
}

/**
 * Decodes JSON whose numbers are handed on: they keep their text, see `parseExactJson()`.
 *
 * @param bytes The body: UTF-8, with or without a byte order mark.
 * @returns What it says.
 * @throws {Problem} As {@linkcode decodeJson}.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = new TextEncoder().encode('{"a":[1.50]}');
 * assertEquals(JSON.stringify(decodeExactJson(bytes)), '{"a":[1.50]}');
 * ```
 */
export function decodeExactJson(bytes: Uint8Array): unknown {
  return atOnce(decode(bytes, parseExactJson));
}

/**
 * Decodes JSON of which nothing is handed on but its own bytes.
 *
 * @param bytes The body: UTF-8, with or without a byte order mark.
 * @returns What `JSON.parse` makes of it.
 * @throws {Problem} When it is not UTF-8 (`not_utf8`), nested deeper than
 * {@linkcode MAX_JSON_DEPTH} (`too_deep`) or not JSON (`not_json`).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(decodeJson(new TextEncoder().encode('{"a":[1]}')), { a: [1] });
 * ```
 */
export function decodeJson(bytes: Uint8Array): unknown {
  return atOnce(decodeJsonInSteps(bytes));
}

/**
 * Does the same in steps, between which others may have their turn.
 *
 * @param bytes The body.
 * @returns What `JSON.parse` makes of it.
 * @throws {Problem} As {@linkcode decodeJson}.
 */
export function decodeJsonInSteps(bytes: Uint8Array): Steps<unknown> {
  return decode(bytes, JSON.parse);
}

function* decode(bytes: Uint8Array, parse: (text: string) => unknown): Steps<unknown> {
  if (bytes.length > LARGE_BYTES) return yield* decodeLarge(bytes, parse);
  const text = decodeText(bytes);
  const { isTooDeep, hasNumbers } = lookThrough(bytes);
  if (isTooDeep) throw new Problem("too_deep");
  try {
    return hasNumbers ? parse(text) : JSON.parse(text);
  } catch {
    // The engine's own message quotes the document, so it goes neither out nor into the log.
    throw new Problem("not_json");
  }
}

/** What is larger is parsed in pieces. */
const LARGE_BYTES = 64 * 1024;

function* decodeLarge(bytes: Uint8Array, parse: (text: string) => unknown): Steps<unknown> {
  if (!isUtf8(bytes)) throw new Problem("not_utf8");
  try {
    return yield* parseLargeJson(bytes, { parse, maxDepth: MAX_JSON_DEPTH });
  } catch (error) {
    throw new Problem(error instanceof RangeError ? "too_deep" : "not_json");
  }
}

const decoder = new TextDecoder();

/** A decoder that is told to be fatal takes five times as long, and fifteen for large bodies. */
function decodeText(bytes: Uint8Array): string {
  if (!isUtf8(bytes)) throw new Problem("not_utf8");
  return decoder.decode(bytes);
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** `[` and `{` differ in this bit alone, and so do `]` and `}`. */
const BRACE_BIT = 0x20;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const ZERO = 0x30;
const NINE = 0x39;

/** What is known of a document before it is parsed. */
interface Looks {
  /** Whoever walks the parsed document recursively would overflow the stack. */
  readonly isTooDeep: boolean;
  /** Whether there may be a number outside of texts, which keeps its own: uStore has none. */
  readonly hasNumbers: boolean;
}

/** One look at each byte takes a third of the time in which the engine finds all quotes and brackets. */
function lookThrough(bytes: Uint8Array): Looks {
  const { length } = bytes;
  let [depth, isTooDeep, hasNumbers] = [0, false, false];
  for (let index = 0; index < length; index++) {
    const byte = bytes[index] ?? 0;
    if (byte === QUOTE) {
      for (index++; index < length && bytes[index] !== QUOTE; index++) {
        if (bytes[index] === BACKSLASH) index++;
      }
    } else if ((byte | BRACE_BIT) === OPEN) {
      if (++depth > MAX_JSON_DEPTH) isTooDeep = true;
    } else if ((byte | BRACE_BIT) === CLOSE) {
      depth--;
    } else if (byte >= ZERO && byte <= NINE) {
      hasNumbers = true;
    }
  }
  return { isTooDeep, hasNumbers };
}
