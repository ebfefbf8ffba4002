/** Which deliveries are meant, and where a list of them goes on. */

/** Which deliveries are meant; every field that is given must hold. */
export interface DeliveryFilter {
  readonly endpoint?: string;
  readonly kind?: string;
  /** Statuses from the first to the last, both included: `[400, 499]`. */
  readonly status?: readonly [from: number, to: number];
  /** Received at this time or later, in milliseconds since the epoch. */
  readonly since?: number;
  /** Received before this time, in milliseconds since the epoch. */
  readonly until?: number;
  /** Stands in the body, the answer or the request id; ASCII letters of any case match. */
  readonly text?: string;
  /**
   * The number of an order or a cart, in letters of any case. At least all that were recorded with it
   * are found, at once; those that were recorded without numbers where it stands in them as `text`.
   */
  readonly number?: string;
  /** The name of a rule that decided it, or one of its items. */
  readonly rule?: string;
  /**
   * What verified it: all that the journal says, such as `key 3f2a91bc`, or a word of it, such as
   * the fingerprint alone.
   */
  readonly verifiedBy?: string;
  /** `true` for accepted deliveries alone, `false` for refused ones alone. */
  readonly verified?: boolean;
}

/** A part of a list by time alone. */
export interface ListSpan {
  /** In milliseconds since the epoch; this time is in it. */
  readonly since?: number;
  /** In milliseconds since the epoch; this time is not in it. */
  readonly until?: number;
  /** Only what stands behind it: `next` of the page before. */
  readonly cursor?: string;
}

/**
 * Tells how densely a list is filled, whatever stands in it: when the one came that has so many
 * others of the span before it, newest first; `undefined` where no more than those are there.
 *
 * @throws {SyntaxError} When the cursor is not one.
 */
export type TimeBehind = (rows: number, span?: ListSpan) => Promise<number | undefined>;

/** A place in the order of deliveries: by the time received, then by id. */
export interface Position {
  readonly receivedAt: number;
  readonly id: string;
}

/**
 * Writes the cursor that continues a list behind a delivery.
 *
 * @param position The last delivery of the page.
 * @returns The cursor.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(formatCursor({ receivedAt: 1500, id: "0198" }), "1500.0198");
 * ```
 */
export function formatCursor(position: Position): string {
  return `${position.receivedAt}.${position.id}`;
}

/**
 * Reads a cursor.
 *
 * @param cursor What `formatCursor()` wrote.
 * @returns The place it names.
 * @throws {SyntaxError} When it is not a cursor.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseCursor("1500.0198"), { receivedAt: 1500, id: "0198" });
 * ```
 */
export function parseCursor(cursor: string): Position {
  const [, receivedAt, id] = /^(\d{1,16})\.(.+)$/.exec(cursor) ?? [];
  if (receivedAt === undefined || id === undefined) {
    throw new SyntaxError(`Cannot parse cursor "${cursor}": it must be copied from a list`);
  }
  return { receivedAt: Number(receivedAt), id };
}
