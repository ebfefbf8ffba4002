import type { DatabaseSync } from "node:sqlite";
import type { EraseResult } from "../journal.ts";
import { type MentionTest, mentionTest } from "../mentions.ts";
import { bytes, integer, nullable, type Row, text } from "./columns.ts";
import type { Keeper } from "./keeper.ts";
import { shrink } from "./prune.ts";
import { inSteps } from "./steps.ts";

const NEXT_DELIVERY = `
  SELECT seq, note, decisions, headers, answer, body FROM deliveries
  WHERE seq > ? ORDER BY seq LIMIT 1`;
const NEXT_VERSION = "SELECT seq, list FROM export_versions WHERE seq > ? ORDER BY seq LIMIT 1";

/** The fingerprint goes too: who knows the body could recognize it. */
const BLANK_DELIVERY = `
  UPDATE deliveries SET erased_at = unixepoch() * 1000, remote_address = '', note = NULL,
    decisions = '[]', headers = '[]', answer = x'', body = x'', body_bytes = 0, fingerprint = NULL
  WHERE seq = ?`;
const REMOVE_VERSION = "DELETE FROM export_versions WHERE seq = ?";

/** What is looked through: rows in their order, and what happens to those that hold the address. */
interface Sweep {
  readonly next: string;
  readonly holds: (row: Row) => boolean;
  readonly clear: string;
}

/**
 * Takes a person's data out of the file, also where it has been overwritten.
 *
 * @param keeper Gives the session.
 * @param email The person's address.
 * @returns How much held it.
 * @throws {SyntaxError} When it is not an address.
 */
export async function erase(keeper: Keeper, email: string): Promise<EraseResult> {
  const mentions = mentionTest(email);
  const deliveries = await sweep(keeper, {
    next: NEXT_DELIVERY,
    holds: (row) => deliveryMentions(row, mentions),
    clear: BLANK_DELIVERY,
  });
  const exportVersions = await sweep(keeper, {
    next: NEXT_VERSION,
    holds: (row) => mentions(bytes(row, "list")),
    clear: REMOVE_VERSION,
  });
  await inSteps((deadline) => shrink(keeper, deadline));
  emptyLog(keeper.session().database);
  return { deliveries, exportVersions };
}

function deliveryMentions(row: Row, mentions: MentionTest): boolean {
  return mentions(bytes(row, "body")) || mentions(bytes(row, "answer")) ||
    mentions(text(row, "headers")) || mentions(text(row, "decisions")) ||
    mentions(nullable(row, "note", text) ?? "");
}

async function sweep(keeper: Keeper, { next, holds, clear }: Sweep): Promise<number> {
  let seq = -1;
  let cleared = 0;
  await inSteps((deadline) =>
    keeper.transaction(({ database }) => {
      database.exec("PRAGMA secure_delete = ON");
      try {
        const [find, change] = [database.prepare(next), database.prepare(clear)];
        for (;;) {
          const row = find.get(seq);
          if (row === undefined) return true;
          seq = integer(row, "seq");
          if (holds(row)) cleared += Number(change.run(seq).changes);
          if (performance.now() > deadline) return false;
        }
      } finally {
        database.exec("PRAGMA secure_delete = FAST");
      }
    })
  );
  return cleared;
}

/** The write-ahead log still holds the old pages. When a reader is in the way they go later. */
function emptyLog(database: DatabaseSync): void {
  database.exec("PRAGMA busy_timeout = 0");
  database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  database.exec("PRAGMA busy_timeout = 2000");
}
