import type { DatabaseSync } from "node:sqlite";

/** Empties the log of a journal into its file, between transactions. */
export interface LogEmptying {
  /** Hears how many bytes the log's file has. */
  readonly noteSize: (bytes: number) => void;
  /** Whether the log holds so much that it should be emptied when nobody waits. */
  readonly isDue: () => boolean;
  /** Empties it, as far as no reader is in the way. */
  readonly empty: () => void;
}

/**
 * So much is in a log that is emptied: with a larger one, deliveries wait for longer. When it begins
 * anew, what its file has beyond that is cut off. So it grows beyond that when so much is in it.
 */
export const FULL_LOG_BYTES = 3_145_728;

/** What a reader, or a command that empties the log itself, keeps from that is not tried at once. */
const AGAIN_BYTES = 1_048_576;

/**
 * Begins to empty the log of a journal, which SQLite does within the transaction that fills it: so
 * those who wait for that transaction would wait for the emptying as well. And what changes the file
 * outside of an emptying is something else, and can be told from it.
 *
 * @param database The database that alone records deliveries.
 * @returns What empties its log.
 */
export function createLogEmptying(database: DatabaseSync): LogEmptying {
  database.exec("PRAGMA wal_autocheckpoint = 0");
  const checkpoint = database.prepare("PRAGMA wal_checkpoint(PASSIVE)");
  let size = 0;
  let dueBeyond = FULL_LOG_BYTES;

  return {
    noteSize(bytes) {
      if (bytes < size) dueBeyond = FULL_LOG_BYTES;
      size = bytes;
    },
    isDue: () => size > dueBeyond,
    empty() {
      dueBeyond = size + AGAIN_BYTES;
      checkpoint.get();
    },
  };
}

/**
 * Empties the log of a journal, and cuts it off. When a reader is in the way that is left for later.
 *
 * @param database The open database.
 */
export function cutLog(database: DatabaseSync): void {
  database.exec("PRAGMA busy_timeout = 0");
  database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  database.exec("PRAGMA busy_timeout = 2000");
}
