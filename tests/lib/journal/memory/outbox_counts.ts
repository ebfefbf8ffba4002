import {
  type ForwardCounts,
  isNotDone,
  type OutboxCounts,
} from "../../../../lib/journal/forwards.ts";
import type { MemoryForwards } from "./forwards.ts";

/** What an event that waits takes beside its payload, roughly. */
const OVERHEAD_BYTES = 1024;

/**
 * Counts what is not done, by destination.
 *
 * @param forwards The forwards.
 * @returns The counts; a destination where all is done is missing.
 */
export function countNotDone(forwards: MemoryForwards): ReadonlyMap<string, OutboxCounts> {
  const byDestination = Map.groupBy(
    forwards.all().map(({ forward, holder }) => ({
      ...forward,
      bytes: OVERHEAD_BYTES + holder.event.payload.byteLength,
    })).filter(({ state }) => isNotDone(state)),
    ({ destination }) => destination,
  );
  return new Map(Array.from(byDestination, ([destination, notDone]) => {
    const waiting = notDone.filter(({ state }) => state === "waiting");
    return [destination, {
      waiting: waiting.length,
      waitingBytes: waiting.reduce((sum, { bytes }) => sum + bytes, 0),
      failed: notDone.length - waiting.length,
      oldestWaitingAt: waiting.length === 0
        ? null
        : waiting.reduce((oldest, { createdAt }) => Math.min(oldest, createdAt), Infinity),
    }];
  }));
}

/**
 * Counts all by where they stand.
 *
 * @param forwards The forwards.
 * @returns The counts.
 */
export function countByState(forwards: MemoryForwards): ForwardCounts {
  const counts = { waiting: 0, delivered: 0, failed: 0, cancelled: 0 };
  for (const { forward: { state } } of forwards.all()) counts[state]++;
  return counts;
}
