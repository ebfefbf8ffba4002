/** Forwards that are leased before their turn has come. */
import type { Lease, LeasedForward } from "./outbox.ts";

/** So long what is leased ahead lasts: a few times as long as a transaction of the journal takes. */
const LASTS_MS = 50;
/** By what ended within so long it is told how fast that is. */
const WINDOW_MS = 20;
/** Fewer are not worth it: whoever sends so slowly hardly waits for the journal. */
const LEAST = 16;
/** A process that dies leaves no more than this behind that is repeated, beside what was running. */
const MOST = 512;

/** With as many bytes of payload as this, no further ones are leased: they are in memory. */
const MOST_BYTES = 16_777_216;

/** What was leased ahead and still waits then is given back: somebody may call it off meanwhile. */
export const STALE_MS = 1000;

/** What was leased so long ago is not sent: this process stood still, and somebody else may have it. */
export const STOOD_STILL_MS = 5000;

/** A forward that was leased ahead. */
export interface Ready {
  readonly forward: LeasedForward;
  /** In milliseconds since the epoch. */
  readonly leasedUntil: number;
}

/** The forwards that are leased and not begun, in their order. */
export interface ReadyList {
  readonly length: () => number;
  /** How many bytes of payload there is room for; more than none where it is low. */
  readonly roomBytes: () => number;
  /** Whether it has less than will be needed until more is there, where so many are to be ready. */
  readonly isLow: (size: number) => boolean;
  /**
   * Adds some.
   *
   * @param leasedAt When they were leased, by the list's clock.
   */
  readonly add: (
    forwards: readonly LeasedForward[],
    leasedUntil: number,
    leasedAt: number,
  ) => void;
  /** Takes out the first one. */
  readonly take: () => Ready | undefined;
  /** Takes out all, to give them back. */
  readonly takeLeases: () => readonly Lease[];
  /** How long ago the oldest was leased, in milliseconds; `-Infinity` where there is none. */
  readonly ageMs: () => number;
  /** Until when the lease of the first lasts, in milliseconds since the epoch; `Infinity` likewise. */
  readonly leasedUntil: () => number;
}

/** What was leased together. */
interface LeasedTogether {
  /** The last one first, so that what is taken out is let go of. */
  readonly rest: LeasedForward[];
  readonly leasedUntil: number;
  readonly leasedAt: number;
}

/**
 * Makes an empty list.
 *
 * @param monotonic Tells the time, in milliseconds of a clock that is never set.
 * @returns The list.
 */
export function createReadyList(monotonic: () => number): ReadyList {
  let list: LeasedTogether[] = [];
  let count = 0;
  let bytes = 0;
  return {
    length: () => count,
    roomBytes: () => MOST_BYTES - bytes,
    isLow: (size) => count <= size / 2 && bytes <= MOST_BYTES / 2,
    add(forwards, leasedUntil, leasedAt) {
      if (forwards.length === 0) return;
      list.push({ rest: forwards.toReversed(), leasedUntil, leasedAt });
      count += forwards.length;
      for (const { event } of forwards) bytes += event.payload.byteLength;
    },
    take() {
      const [first] = list;
      const forward = first?.rest.pop();
      if (first === undefined || forward === undefined) return undefined;
      if (first.rest.length === 0) list.shift();
      count--;
      bytes -= forward.event.payload.byteLength;
      return { forward, leasedUntil: first.leasedUntil };
    },
    takeLeases() {
      const leases = list.flatMap(({ rest }) => rest.toReversed().map(({ lease }) => lease));
      list = [];
      count = 0;
      bytes = 0;
      return leases;
    },
    ageMs() {
      const [oldest] = list;
      return oldest === undefined ? -Infinity : monotonic() - oldest.leasedAt;
    },
    leasedUntil: () => list[0]?.leasedUntil ?? Infinity,
  };
}

/** Tells how many forwards to have ready, so that sending never waits for the journal. */
export interface Ahead {
  /** Counts an attempt that came to its end. */
  readonly ended: () => void;
  /** How many to have ready; 0 where few are sent. */
  readonly size: () => number;
}

/**
 * Makes what tells how many forwards to lease ahead: as many as will be sent soon, going by what was
 * sent lately. So one that is leased never waits long, however slow the destination.
 *
 * @param monotonic Tells the time, in milliseconds of a clock that is never set.
 * @returns It.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * let now = 0;
 * const ahead = createAhead(() => now);
 * for (let sent = 0; sent < 40; sent++) ahead.ended();
 * now = 20;
 * assertEquals(ahead.size(), 100);
 * now = 1000;
 * assertEquals(ahead.size(), 0);
 * ```
 */
export function createAhead(monotonic: () => number = () => performance.now()): Ahead {
  let since = monotonic();
  let count = 0;
  let size = 0;
  return {
    ended() {
      count++;
    },
    size() {
      const elapsedMs = monotonic() - since;
      if (elapsedMs < WINDOW_MS) return size;
      const expected = Math.floor(count / elapsedMs * LASTS_MS);
      size = expected < LEAST ? 0 : Math.min(MOST, expected);
      since += elapsedMs;
      count = 0;
      return size;
    },
  };
}
