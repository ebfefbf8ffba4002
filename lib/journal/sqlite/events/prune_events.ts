import type { DatabaseSync } from "node:sqlite";
import { KEYS_KEPT_MS } from "../../events.ts";
import type { Row } from "../columns.ts";

/** Removes events; every method belongs inside a transaction. */
export interface EventPruner {
  /** Finds the oldest event that may go, as `seq` and `at`. */
  readonly oldest: { get(): Row | undefined };
  /** Removes an event with its forwards; its key is kept for as long as keys are. */
  readonly remove: (seq: number) => void;
  /** Removes keys that were kept long enough, some at a time; tells whether none is left. */
  readonly forgetKeys: () => boolean;
}

const KEYS_AT_ONCE = 200;

/**
 * Prepares the statements that remove events.
 *
 * @param database A database open for writing.
 * @param now What counts as now, in milliseconds since the epoch.
 * @returns What removes them.
 */
export function createEventPruner(database: DatabaseSync, now: number): EventPruner {
  const keepKey = database.prepare(`
    INSERT INTO past_keys (endpoint, key, last_seen_at)
    SELECT endpoint, key, last_seen_at FROM events
    WHERE seq = ? AND key IS NOT NULL AND last_seen_at > ?`);
  const remove = database.prepare("DELETE FROM events WHERE seq = ?");
  const removeKeys = database.prepare(`
    DELETE FROM past_keys WHERE seq IN (
      SELECT seq FROM past_keys WHERE last_seen_at <= ? ORDER BY last_seen_at LIMIT ?)`);

  return {
    oldest: database.prepare(
      "SELECT seq, received_at AS at FROM events WHERE waiting = 0 ORDER BY received_at LIMIT 1",
    ),
    remove(seq) {
      keepKey.run(seq, now - KEYS_KEPT_MS);
      remove.run(seq);
    },
    forgetKeys: () => removeKeys.run(now - KEYS_KEPT_MS, KEYS_AT_ONCE).changes < KEYS_AT_ONCE,
  };
}
