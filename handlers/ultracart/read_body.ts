import { type Gunzip, openGunzip } from "../../lib/http/body.ts";
import { decodeJsonInSteps } from "../../lib/http/json.ts";
import { Problem } from "../../lib/http/problem/problem.ts";
import { sliceElements, sliceMembers } from "../../lib/util/json_text.ts";
import { inPieces } from "../../lib/util/waiting.ts";

/** How many events a delivery may hold, unless a config says otherwise. */
export const MAX_EVENTS = 10_000;

/** How much a delivery may hold. */
export interface UltraCartLimits {
  /** How many bytes all inflated parts may have together. */
  readonly maxInflatedBytes: number;
  readonly maxEvents: number;
}

/** How gzip starts in Base64, whatever was packed. */
const PACKED = "H4sI";
const PACKED_BODY = /^\s*"?H4sI/;

/** How a body may be encoded beyond its JSON. */
const ENCODINGS: ReadonlySet<string> = new Set(["", "identity", "gzip", "x-gzip"]);

/**
 * Reads the JSON text of a delivery, inflated wherever UltraCart may have compressed it: the whole
 * body by `Content-Encoding`, the whole body as Base64 (bare or quoted), the list of events, or
 * single events.
 *
 * @param body The exact bytes.
 * @param headers The request's headers.
 * @param limits How much it may hold; events are counted before they are parsed.
 * @returns Valid JSON; where nothing was compressed, the text as it was sent.
 * @throws {Problem} When it is encoded in another way (`unsupported_media_type`), inflates to too
 * much (`body_too_large`), holds too many events (`too_many_events`), or is not JSON in UTF-8 (`not_json`, `not_utf8`, `too_deep`), with
 * broken gzip and Base64 counting as not JSON.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const body = new TextEncoder().encode('[{"order_create": {"order_id": "DEMO-1"}}]');
 * assertEquals(
 *   await readUltraCartBody(body, new Headers(), { maxInflatedBytes: 1000, maxEvents: 10 }),
 *   '[{"order_create": {"order_id": "DEMO-1"}}]',
 * );
 * ```
 */
export async function readUltraCartBody(
  body: Uint8Array<ArrayBuffer>,
  headers: Headers,
  { maxInflatedBytes, maxEvents }: UltraCartLimits,
): Promise<string> {
  const gunzip = openGunzip(maxInflatedBytes);
  const encoding = (headers.get("content-encoding") ?? "").trim().toLowerCase();
  if (!ENCODINGS.has(encoding)) {
    throw new Problem("unsupported_media_type", {
      params: { found: `Content-Encoding: ${encoding}` },
      headers: { "Accept-Encoding": "gzip, identity" },
    });
  }
  const sent = encoding.endsWith("gzip") ? await gunzip(body) : body;
  const json = await unpackBody(sent, gunzip, maxEvents);
  if (!json.includes(`"${PACKED}`)) return json;
  return await unpackParts(json, gunzip, maxEvents);
}

/** The text of a body that may be a text of Base64 as a whole. */
async function unpackBody(
  bytes: Uint8Array<ArrayBuffer>,
  gunzip: Gunzip,
  maxEvents: number,
): Promise<string> {
  const start = new TextDecoder().decode(bytes.subarray(0, 100));
  if (!PACKED_BODY.test(start)) return await checkedText(bytes, maxEvents);
  const text = new TextDecoder().decode(bytes).trim();
  return text.startsWith('"')
    ? await unpack(await checkedText(bytes), gunzip, maxEvents)
    : await checkedText(await gunzip(fromBase64(text)), maxEvents);
}

/** The text, after a look at whether it is JSON, and before that at how many events it lists. */
async function checkedText(
  bytes: Uint8Array<ArrayBuffer>,
  maxEvents = Infinity,
): Promise<string> {
  if (countEvents(bytes, maxEvents) > maxEvents) {
    throw new Problem("too_many_events", { params: { limit: String(maxEvents) } });
  }
  await inPieces(decodeJsonInSteps(bytes));
  return new TextDecoder().decode(bytes);
}

/** The JSON text in a JSON text of Base64. */
async function unpack(packed: string, gunzip: Gunzip, maxEvents?: number): Promise<string> {
  return await checkedText(await gunzip(fromBase64(String(JSON.parse(packed)))), maxEvents);
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.fromBase64(text.replaceAll(/\s+/g, ""));
  } catch {
    throw new Problem("not_json");
  }
}

function isPacked(json: string): boolean {
  return json.startsWith(`"${PACKED}`);
}

/** `{"events": "H4sI…"}`, and lists with packed events in either shape of body. */
async function unpackParts(json: string, gunzip: Gunzip, maxEvents: number): Promise<string> {
  if (sliceMembers(json) === undefined) return await unpackElements(json, gunzip);
  return await mapMembers(json, async (text, name) => {
    if (name !== "events") return text;
    return isPacked(text)
      ? await unpack(text, gunzip, maxEvents)
      : await unpackElements(text, gunzip);
  });
}

/** `[{"order_create": "H4sI…"}]`. */
async function unpackElements(json: string, gunzip: Gunzip): Promise<string> {
  const elements = sliceElements(json);
  if (elements === undefined) return json;
  const unpacked: string[] = [];
  for (const element of elements) {
    unpacked.push(
      await mapMembers(element, (text) => isPacked(text) ? unpack(text, gunzip) : text),
    );
  }
  return unpacked.every((text, index) => text === elements[index]) ? json : `[${unpacked.join()}]`;
}

/** Writes an object anew with other values; leaves it when none of them changes. */
async function mapMembers(
  json: string,
  change: (text: string, name: string) => string | Promise<string>,
): Promise<string> {
  if (!json.includes(`"${PACKED}`)) return json;
  const members = sliceMembers(json);
  if (members === undefined) return json;
  const texts: string[] = [];
  let changed = false;
  for (const { name, text } of members) {
    const other = await change(text, name);
    if (other !== text) changed = true;
    texts.push(`${JSON.stringify(name)}:${other}`);
  }
  return changed ? `{${texts.join()}}` : json;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const OPEN_OBJECT = 0x7b;
const CLOSE_LIST = 0x5d;
const CLOSE_OBJECT = 0x7d;

/**
 * Counts the events in a delivery before any of it is parsed: what a few bytes ask for may be a
 * thousand times as much work. Of what is no JSON it counts something, and nobody asks for it.
 *
 * @param json The bytes of a delivery: a list, or an object that has one.
 * @param limit Where it stops counting.
 * @returns How many events there are, or elements where these are more; no more than one above the
 * limit.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const json = '{"events":[{"order_create":{"a":[1,2]},"order_ship":{}},{"order_ship":{}}]}';
 * assertEquals(countEvents(new TextEncoder().encode(json), 10), 3);
 * assertEquals(countEvents(new TextEncoder().encode(json), 1), 2);
 * ```
 */
export function countEvents(json: Uint8Array, limit: number): number {
  let depth = 0;
  /** How deep the list stands: 1, or 2 within an object. */
  let listDepth = 0;
  let isList = false;
  let elements = 0;
  let names = 0;
  for (let index = 0; index < json.length; index++) {
    const byte = json[index];
    if (byte === QUOTE) {
      index = endOfText(json, index);
    } else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      depth++;
      if (listDepth === 0) listDepth = byte === OPEN_LIST ? 1 : 2;
      if (depth === listDepth) isList = byte === OPEN_LIST;
    } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) {
      depth--;
    } else if (isList) {
      if (byte === COMMA && depth === listDepth && ++elements >= limit) return limit + 1;
      if (byte === COLON && depth === listDepth + 1 && ++names > limit) return limit + 1;
    }
  }
  return Math.max(elements + (elements > 0 ? 1 : 0), names);
}

/** Gives the index of the closing quote. */
function endOfText(json: Uint8Array, start: number): number {
  for (let quote = json.indexOf(QUOTE, start + 1); quote !== -1;) {
    let backslashes = 0;
    while (json[quote - 1 - backslashes] === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return quote;
    quote = json.indexOf(QUOTE, quote + 1);
  }
  return json.length;
}
