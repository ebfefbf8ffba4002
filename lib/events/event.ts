/** An event inside a delivery: what it says of itself, and what it is known by. */
import { hash } from "../util/hash.ts";
import { sliceMembers } from "../util/json_text.ts";

/** One fact inside a delivery: what a platform sends, to be kept and handed on. */
export interface ReceivedEvent {
  /** The platform: `emporix`, `ultracart`, `webhooks`. */
  readonly source: string;
  /** Its type, e.g. `cart.created`, `order_create`; `""` where it could not be told. */
  readonly type: string;
  /** The types it may have, where it could not be told. */
  readonly candidates: readonly string[];
  /** What it is about, e.g. `cart/5c9a…`, `order/DEMO-0009103373`; `""` when nothing says so. */
  readonly subject: string;
  /**
   * What it is known by at its endpoint: the sender's own id where there is one, else a hash of its
   * content. Whether the same key again is the same event again, the rule for repeats tells.
   */
  readonly key: string;
  /** A hash of its content where `key` is the sender's own; the journal does not give it back. */
  readonly content?: string;
  /** When it happened, in milliseconds since the epoch, as the platform says it; else `null`. */
  readonly occurredAt: number | null;
  /** What does not fit the vendor's description, in words. Never a reason to refuse it. */
  readonly warnings: readonly string[];
  /** Its own bytes: the JSON text of this event alone, cut out of the body as it was sent. */
  readonly payload: Uint8Array<ArrayBuffer>;
}

/**
 * Makes the key of an event that its platform gives no id: the same parts give the same key.
 *
 * @param parts What tells the event from others, e.g. its type and its canonical JSON.
 * @returns A SHA-256 in lower-case hex.
 *
 * @example
 * ```ts
 * import { assertEquals, assertNotEquals } from "@std/assert";
 *
 * assertEquals(eventKey(["cart.created", "{}"]), eventKey(["cart.created", "{}"]));
 * assertNotEquals(eventKey(["ab", "c"]), eventKey(["a", "bc"]));
 * ```
 */
export function eventKey(parts: readonly string[]): string {
  // With its length before it, no part can pass for the end of the one before.
  return hash("sha256", ...parts.flatMap((part) => [`${part.length}:`, part])).toHex();
}

/** Longer ones are no ids. */
const LONGEST_ID = 200;
const WHOLE_NUMBER = /^-?\d+$/;

/**
 * Reads an id of an object: text, or a whole number with all of its digits.
 *
 * @param object What `JSON.parse` made of the object.
 * @param name The member that is the id.
 * @param json The text of the object.
 * @returns The id; `""` when there is none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const json = '{"id": 12345678901234567890}';
 * assertEquals(readEventId(JSON.parse(json), "id", json), "12345678901234567890");
 * ```
 */
export function readEventId(object: unknown, name: string, json: string): string {
  if (name === "" || typeof object !== "object" || object === null) return "";
  const id: unknown = Reflect.get(object, name);
  if (typeof id === "string") return id.length <= LONGEST_ID ? id.toWellFormed() : "";
  if (typeof id !== "number") return "";
  if (Number.isSafeInteger(id)) return String(id);
  // Of a name that stands twice the last one counts, as for `JSON.parse`.
  const text = sliceMembers(json)?.findLast((member) => member.name === name)?.text ?? "";
  return WHOLE_NUMBER.test(text) && text.length <= LONGEST_ID ? text : "";
}

/** The date, the time of day, its fraction, then the offset from UTC: what stands between may vary. */
const TIME =
  /^\s*(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)? ?(?:(Z)|([+-]\d{2}):?(\d{2})?)\s*$/i;

/**
 * Reads a point in time that a platform gives.
 *
 * @param value ISO 8601 with an offset, as in RFC 3339, or anything else. A comma may begin the
 * fraction, a space may take the place of the `T`, and the offset may be `+0200` or `+02`.
 * @returns Milliseconds since the epoch; `null` when it is no such time. One without an offset is
 * none: it could be any of a day's.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(readEventTime("2016-04-07T14:07:36-04:00"), 1460052456000);
 * assertEquals(readEventTime("2016-04-07 14:07:36,5-0400"), 1460052456500);
 * assertEquals(readEventTime("2016-04-07T14:07:36"), null);
 * ```
 */
export function readEventTime(value: unknown): number | null {
  const [, date, clock, seconds = "00", fraction = "", utc, hours = "+00", minutes = "00"] =
    typeof value === "string" ? TIME.exec(value) ?? [] : [];
  if (date === undefined || clock === undefined) return null;
  const offset = utc === undefined ? `${hours}:${minutes}` : "Z";
  const time = Date.parse(`${date}T${clock}:${seconds}.${fraction.padEnd(3, "0")}${offset}`);
  return Number.isFinite(time) ? time : null;
}
