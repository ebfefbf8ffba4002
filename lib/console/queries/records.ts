/** How what the journal keeps is written for machines: the same by the API and by `--json`. */
import type { ReceivedEvent } from "../../events/event.ts";

/** Bytes as text, from which the exact bytes can be made again. */
interface Content {
  readonly text: string;
  readonly encoding: "utf-8" | "base64";
}

/**
 * Writes bytes as text, so that the exact bytes can be made of it again.
 *
 * @param bytes The bytes.
 * @returns Their text when they are UTF-8, else their Base64.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { contentOf } from "./records.ts";
 *
 * assertEquals(contentOf(new Uint8Array([123, 125])), { text: "{}", encoding: "utf-8" });
 * assertEquals(contentOf(new Uint8Array([255])), { text: "/w==", encoding: "base64" });
 * ```
 */
export function contentOf(bytes: Uint8Array): Content {
  try {
    // A byte order mark belongs to the bytes.
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    return { text: decoder.decode(bytes), encoding: "utf-8" };
  } catch {
    return { text: bytes.toBase64(), encoding: "base64" };
  }
}

/**
 * Writes a timestamp for machines.
 *
 * @param timestampMs Milliseconds since the epoch; `null` where there is none.
 * @returns It in ISO 8601, in UTC.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { isoOrNull } from "./records.ts";
 *
 * assertEquals([0, null].map(isoOrNull), ["1970-01-01T00:00:00.000Z", null]);
 * ```
 */
export function isoOrNull(timestampMs: number | null): string | null {
  return timestampMs === null ? null : new Date(timestampMs).toISOString();
}

/**
 * Names the type of an event.
 *
 * @param event The event.
 * @returns Its type, else those it may have.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { nameOfType } from "./records.ts";
 *
 * assertEquals(nameOfType({ type: "cart.created", candidates: [] }), "cart.created");
 * assertEquals(nameOfType({ type: "", candidates: ["cart.created"] }), "? cart.created");
 * assertEquals(nameOfType({ type: "", candidates: [] }), "?");
 * ```
 */
export function nameOfType({ type, candidates }: Pick<ReceivedEvent, "type" | "candidates">) {
  return type || ["?", candidates.join(", ")].filter((text) => text !== "").join(" ");
}

/**
 * Cuts what strangers can make as long as they like, so that what is shown has an end.
 *
 * @param value What is shown, as it can be written as JSON.
 * @param most How many characters a text may have, and how many members a list.
 * @returns The same with long texts cut, and long lists.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { bounded } from "./records.ts";
 *
 * assertEquals(bounded({ a: ["xxxxx", 2, 3] }, { text: 3, list: 2 }), { a: ["xxx…", 2] });
 * ```
 */
export function bounded<Value>(
  value: Value,
  most: { readonly text: number; readonly list: number },
): Value {
  // It has the same shape: texts stay texts, and lists lists.
  return cutWithin(value, most) as Value;
}

/** More than any record of ours has. */
const MOST_FIELDS = 100;

function cutWithin(
  value: unknown,
  most: { readonly text: number; readonly list: number },
): unknown {
  if (typeof value === "string") {
    return value.length > most.text ? `${value.slice(0, most.text).toWellFormed()}…` : value;
  }
  if (Array.isArray(value)) return value.slice(0, most.list).map((one) => cutWithin(one, most));
  if (typeof value !== "object" || value === null || JSON.isRawJSON(value)) return value;
  return Object.fromEntries(
    Object.entries(value).slice(0, MOST_FIELDS).map(([name, one]) => [
      name.length > most.text ? `${name.slice(0, most.text).toWellFormed()}…` : name,
      cutWithin(one, most),
    ]),
  );
}
