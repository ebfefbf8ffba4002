import { text } from "../columns.ts";
import { createCountTable } from "../file/count_table.ts";
import type { WriteSession } from "../session.ts";

/** Gives up forwards that wait, to make room; what writes belongs inside a transaction. */
export interface ForwardGiver {
  /** How many bytes wait, by destination. */
  readonly waitingBytes: () => ReadonlyMap<string, number>;
  /** Gives up the oldest that waits for a destination; tells whether there was one. */
  readonly giveUpOldest: (destination: string, reason: string) => boolean;
  /** How many were given up so far, by destination. */
  readonly givenUp: ReadonlyMap<string, number>;
}

/**
 * Prepares what gives up forwards. One that was given up has failed, with the reason as its last
 * attempt, and can be retried as long as its event is kept.
 *
 * @param session A session within a transaction.
 * @param now What counts as now, in milliseconds since the epoch.
 * @returns What gives them up.
 */
export function createForwardGiver(
  { database, forwardWriter }: WriteSession,
  now: number,
): ForwardGiver {
  const counts = createCountTable(database);
  const oldest = database.prepare(`
    SELECT id FROM forwards INDEXED BY forwards_waiting
    WHERE destination = ? AND state = 'waiting' ORDER BY created_at LIMIT 1`);
  const givenUp = new Map<string, number>();
  return {
    givenUp,
    waitingBytes: () => counts("waiting bytes"),
    giveUpOldest(destination, reason) {
      const row = oldest.get(destination);
      if (row === undefined) return false;
      const attempt = { startedAt: now, durationMs: 0, status: null, error: reason };
      forwardWriter.giveUp(text(row, "id"), attempt);
      givenUp.set(destination, (givenUp.get(destination) ?? 0) + 1);
      return true;
    },
  };
}
