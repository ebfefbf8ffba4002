import { log } from "../observe/log.ts";
import type { Attempt, Outbox, Settlement } from "./outbox.ts";
import { pause } from "../util/waiting.ts";
import { journalPauseMs } from "./pace/journal_pause.ts";

/** What became of an attempt, to be written. */
export interface ToSettle {
  readonly id: string;
  readonly attempt: Attempt;
  readonly settlement: Settlement;
  /** When the lease runs out, in milliseconds since the epoch: from then on it is not ours. */
  readonly leasedUntil: number;
}

/**
 * Writes what became of an attempt; while the journal can't be written, again and again until the
 * lease runs out. Each time that saves the receiver a repeat.
 *
 * @param outbox Where.
 * @param toSettle What.
 * @param now Tells the time, in milliseconds since the epoch.
 * @param signal Gives up.
 */
export async function settle(
  outbox: Outbox,
  { id, attempt, settlement, leasedUntil }: ToSettle,
  now: () => number,
  signal: AbortSignal,
): Promise<void> {
  for (let failures = 1;; failures++) {
    try {
      return await outbox.settle(id, attempt, settlement);
    } catch (error) {
      const pauseMs = journalPauseMs(failures);
      if (signal.aborted || now() + pauseMs >= leasedUntil) {
        log.warn("Cannot write what became of forward {id}, which is made again: {error}", {
          id,
          error,
        });
        return;
      }
      await pause(pauseMs, signal);
    }
  }
}

/**
 * Ends leases without an attempt. Where that can't be written, they run out by themselves.
 *
 * @param outbox Where.
 * @param ids Which.
 */
export async function release(outbox: Outbox, ids: readonly string[]): Promise<void> {
  try {
    await outbox.release(ids);
  } catch (error) {
    log.warn("Cannot end leases, which run out by themselves: {error}", { error });
  }
}
