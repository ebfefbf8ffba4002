/** What may be on its way, be worked on and be answered at a time: bodies, requests, a rate. */
import { createFreeList, SHARE_COUNT, shareOf } from "../util/memory.ts";
import type { TokenBucket } from "../util/rates.ts";
import { Problem } from "./problem/problem.ts";

/** How much of bodies may be in memory whose senders are not known yet. */
export interface ArrivalLimits {
  /** One body may always have as many. */
  readonly maxBodyBytes: number;
  /** Of all that are not verified, in bytes. */
  readonly maxPendingBodyBytes: number;
  /** Of those of one address, in bytes. */
  readonly maxPendingBodyBytesPerAddress: number;
  /** How many bodies may be on their way. */
  readonly maxConnections: number;
}

/** A body on its way. */
export interface ArrivingBody {
  /**
   * Says what ends the reading of it. Called when another body needs the room, and this one is the
   * slowest: at once where there is one too many already.
   */
  onGiveWay(end: (problem: Problem) => void): void;
  /**
   * Asks for room before it is taken.
   *
   * @param bytes How much room the body takes in all.
   * @param received How many bytes of it have come.
   * @throws {Problem} When there is none: `too_many_requests` where its address has too much,
   * `overloaded` where all have.
   */
  reserve(bytes: number, received: number): void;
  /** It is there, or given up: it gives way to no other. */
  complete(): void;
  /** It takes no room any more, or who sent it is known. */
  release(): void;
  /** How far it is behind a sender of modest speed, in milliseconds. */
  lagMs(): number;
}

/** Knows all bodies that are on their way. */
export interface Arrivals {
  /** A body of an address begins. */
  begin(address: string, limits: ArrivalLimits): ArrivingBody;
}

/** Whoever keeps to it is never behind: that of a bad line. */
const MODEST_BYTES_PER_MS = 16;
/** Nobody who is less behind is called slow. */
const PATIENCE_MS = 1000;
/** What is left unread of the body would pin the connection. */
const REFUSED = { "Retry-After": "1", "Connection": "close" };

interface Entry {
  readonly share: number;
  readonly startedAt: number;
  readonly limits: ArrivalLimits;
  received: number;
  bytes: number;
  /** Where it is kept while it is on its way. */
  slot: number | undefined;
  giveWay: ((problem: Problem) => void) | undefined;
}

/**
 * Keeps book of the bodies that are on their way, and of the room that they and those take which
 * are not verified yet. Where room is wanting, the slowest gives way: of the address that has too
 * much of it, or of all.
 *
 * @param now The clock, in milliseconds.
 * @returns The book, empty.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { Problem } from "./problem/problem.ts";
 *
 * const limits = {
 *   maxBodyBytes: 10,
 *   maxPendingBodyBytes: 100,
 *   maxPendingBodyBytesPerAddress: 10,
 *   maxConnections: 5,
 * };
 * const arrivals = createArrivals(() => 0);
 * arrivals.begin("192.0.2.7", limits).reserve(8, 8);
 * const second = arrivals.begin("192.0.2.7", limits);
 * assertThrows(() => second.reserve(3, 3), Problem, "too_many_requests");
 * ```
 */
export function createArrivals(now: () => number): Arrivals {
  const arriving = createFreeList<Entry>();
  const bytesOf = new Float64Array(SHARE_COUNT);
  const countOf = new Int32Array(SHARE_COUNT);
  let allBytes = 0;

  function lagMs({ startedAt, received }: Entry): number {
    return now() - startedAt - received / MODEST_BYTES_PER_MS;
  }

  function count(entry: Entry, bytes: number): void {
    const more = bytes - entry.bytes;
    entry.bytes = bytes;
    allBytes += more;
    bytesOf[entry.share] = (bytesOf[entry.share] ?? 0) + more;
  }

  function complete(entry: Entry): void {
    if (entry.slot === undefined) return;
    arriving.take(entry.slot);
    entry.slot = undefined;
    countOf[entry.share] = (countOf[entry.share] ?? 0) - 1;
  }

  function makeGiveWay(entry: Entry, problem: Problem): void {
    complete(entry);
    count(entry, 0);
    entry.giveWay?.(problem);
  }

  /** The problem that so much more would be. */
  function findOverflow({ share, limits }: Entry, more: number): Problem | undefined {
    const { maxPendingBodyBytes, maxPendingBodyBytesPerAddress, maxBodyBytes } = limits;
    const ofAddress = (bytesOf[share] ?? 0) + more;
    if (ofAddress > Math.max(maxPendingBodyBytesPerAddress, maxBodyBytes)) {
      return new Problem("too_many_requests", { headers: REFUSED });
    }
    if (allBytes + more > Math.max(maxPendingBodyBytes, maxBodyBytes)) {
      return new Problem("overloaded", { headers: REFUSED });
    }
    return undefined;
  }

  function findSlowest(share: number | undefined): Entry | undefined {
    let slowest: Entry | undefined;
    let longestMs = PATIENCE_MS;
    for (const entry of arriving.values()) {
      if (share !== undefined && entry.share !== share) continue;
      const lag = lagMs(entry);
      if (entry.bytes === 0 || lag < longestMs) continue;
      slowest = entry;
      longestMs = lag;
    }
    return slowest;
  }

  /** The slowest of the address of which most are on their way. */
  function findCrowding(): Entry | undefined {
    let found: Entry | undefined;
    for (const entry of arriving.values()) {
      const more = (countOf[entry.share] ?? 0) -
        (found === undefined ? 0 : countOf[found.share] ?? 0);
      if (found === undefined || more > 0 || (more === 0 && lagMs(entry) > lagMs(found))) {
        found = entry;
      }
    }
    return found;
  }

  function reserve(entry: Entry, bytes: number): void {
    for (;;) {
      const overflow = findOverflow(entry, bytes - entry.bytes);
      if (overflow === undefined) return count(entry, bytes);
      const isOfAddress = overflow.code === "too_many_requests";
      const slowest = findSlowest(isOfAddress ? entry.share : undefined);
      if (slowest === undefined || slowest === entry) throw overflow;
      makeGiveWay(slowest, overflow);
    }
  }

  return {
    begin(address, limits) {
      const entry: Entry = {
        share: shareOf(address),
        startedAt: now(),
        limits,
        received: 0,
        bytes: 0,
        slot: undefined,
        giveWay: undefined,
      };
      while (arriving.size() >= limits.maxConnections) {
        const crowding = findCrowding();
        if (crowding === undefined) break;
        makeGiveWay(crowding, new Problem("overloaded", { headers: REFUSED }));
      }
      entry.slot = arriving.add(entry);
      countOf[entry.share] = (countOf[entry.share] ?? 0) + 1;
      return {
        onGiveWay(end) {
          entry.giveWay = end;
        },
        reserve(bytes, received) {
          entry.received = received;
          if (bytes > entry.bytes) reserve(entry, bytes);
        },
        complete: () => complete(entry),
        release() {
          complete(entry);
          count(entry, 0);
        },
        lagMs: () => lagMs(entry),
      };
    },
  };
}

/** Room for so many at a time. */
export interface Capacity {
  /**
   * Takes a place.
   *
   * @returns What gives it back, or `undefined` when there is none.
   */
  enter(): (() => void) | undefined;
}

/**
 * Makes room for so many at a time.
 *
 * @param most How many.
 * @returns The room, empty.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const capacity = createCapacity(1);
 * const leave = capacity.enter();
 * assertEquals(capacity.enter(), undefined);
 * leave?.();
 * assertEquals(typeof capacity.enter(), "function");
 * ```
 */
export function createCapacity(most: number): Capacity {
  let inside = 0;
  return {
    enter() {
      if (inside >= most) return undefined;
      inside++;
      let isInside = true;
      return () => {
        if (isInside) inside--;
        isInside = false;
      };
    },
  };
}

const MS_PER_SECOND = 1000;

/**
 * Takes one of what a rate allows.
 *
 * @param rate The rate of an endpoint; `undefined` where there is none.
 * @param now What counts as now, in milliseconds of the rate's clock.
 * @throws {Problem} When the rate is used up (`too_many_requests`), with the seconds to wait.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { createTokenBucket } from "../util/rates.ts";
 * import { Problem } from "./problem/problem.ts";
 *
 * const rate = createTokenBucket(1, 0, 1);
 * takeTurn(rate, 0);
 * assertThrows(() => takeTurn(rate, 0), Problem, "too_many_requests");
 * ```
 */
export function takeTurn(rate: TokenBucket | undefined, now: number): void {
  if (rate === undefined) return;
  const waitMs = rate.waitMs(now);
  if (waitMs > 0) {
    const seconds = Math.max(1, Math.ceil(waitMs / MS_PER_SECOND));
    throw new Problem("too_many_requests", { headers: { "Retry-After": String(seconds) } });
  }
  rate.take(1);
}
