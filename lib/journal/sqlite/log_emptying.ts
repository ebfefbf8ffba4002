import type { DatabaseSync } from "node:sqlite";
import { integerColumn } from "../columns.ts";

/** Empties the log of a journal into its file, between transactions. */
export interface LogEmptying {
  /** Hears that a transaction is stored. */
  readonly noteTransaction: () => void;
  /** Hears how many bytes the log's file has. */
  readonly noteSize: (bytes: number) => void;
  /** Whether the log holds so much that it should be emptied when nobody waits. */
  readonly isDue: () => boolean;
  /** Empties it, as far as no reader is in the way. */
  readonly empty: () => void;
}

/** 4 MB: deliveries wait for the emptying, with a larger log for longer. */
const FULL_FRAMES = 1000;

const FRAME_HEAD_BYTES = 24;

/** Each transaction writes some pages beside the rows that it changes. */
const PAGES_A_TRANSACTION = 3;

/**
 * Begins to empty the log of a journal, which SQLite does within the transaction that fills it: so
 * those who wait for that transaction would wait for the emptying as well. And what changes the file
 * outside of an emptying is something else, and can be told from it. So SQLite empties none by
 * itself, also where one large delivery fills the log four times.
 *
 * How much is in the log SQLite does not tell before it is emptied. What makes its file grow is the
 * end of it. Else it is reckoned from the rows that were changed, by what each took so far.
 *
 * @param database The database that alone records deliveries.
 * @returns What empties its log.
 */
export function createLogEmptying(database: DatabaseSync): LogEmptying {
  database.exec("PRAGMA wal_autocheckpoint = 0");
  const { page_size: pageBytes } = database.prepare("PRAGMA page_size").get() ?? {};
  const changesUntilNow = database.prepare("SELECT total_changes() AS n");
  const checkpoint = database.prepare("PRAGMA wal_checkpoint(PASSIVE)");
  const readChanges = () => integerColumn(changesUntilNow.get(), "n");
  let size = Infinity;
  let grownTo = 0;
  let seen = readChanges();
  let written = 0;
  let framesOfOne = 1;
  let dueFrames = FULL_FRAMES;

  const frames = () => Math.max(written * framesOfOne, grownTo);

  return {
    noteTransaction() {
      const changes = readChanges();
      written += changes - seen + PAGES_A_TRANSACTION;
      seen = changes;
    },
    noteSize(bytes) {
      if (bytes > size) grownTo = bytes / (Number(pageBytes) + FRAME_HEAD_BYTES);
      size = bytes;
    },
    isDue: () => frames() >= dueFrames,
    empty() {
      // Whatever keeps it from that, a reader or a command that does it, is not tried again at once.
      dueFrames = frames() + FULL_FRAMES;
      const result = checkpoint.get();
      const [all, moved] = [integerColumn(result, "log"), integerColumn(result, "checkpointed")];
      if (all < 0) return;
      if (written > 0) framesOfOne = all / written;
      grownTo = 0;
      dueFrames = all + FULL_FRAMES;
      if (moved < all) return;
      written = 0;
      dueFrames = FULL_FRAMES;
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
