import type { DatabaseSync } from "node:sqlite";
import type { EraseResult } from "../../journal.ts";
import { type MentionTest, mentionTest } from "../../mentions.ts";
import { bytes, integer, nullable, type Row, text } from "../columns.ts";
import { BLANK_DELIVERY } from "../deliveries/delivery_row.ts";
import { eraseEvents } from "../events/erase_events.ts";
import type { Keeper } from "./keeper.ts";
import { shrink } from "./prune.ts";
import type { WriteSession } from "../session.ts";
import { inSteps } from "./steps.ts";
import { sweep } from "./sweep.ts";

const NEXT_DELIVERY = `
  SELECT seq, note, decisions, headers, answer, body FROM deliveries
  WHERE seq > ? ORDER BY seq LIMIT 1`;
const NEXT_VERSION = "SELECT seq, list FROM export_versions WHERE seq > ? ORDER BY seq LIMIT 1";

const REMOVE_VERSION = "DELETE FROM export_versions WHERE seq = ?";

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
    table: "deliveries",
    next: NEXT_DELIVERY,
    holds: (row) => deliveryMentions(row, mentions),
    clear: (session) => clearing(session, `${BLANK_DELIVERY} WHERE seq = ?`),
  });
  const exportVersions = await sweep(keeper, {
    table: "export_versions",
    next: NEXT_VERSION,
    holds: (row) => mentions(bytes(row, "list")),
    clear: (session) => clearing(session, REMOVE_VERSION),
  });
  const { events, deliveries: furtherDeliveries } = await eraseEvents(keeper, mentions);
  await inSteps(keeper.rest, (deadline) => shrink(keeper, deadline));
  emptyLog(keeper.session().database);
  return { deliveries: deliveries + furtherDeliveries, events, exportVersions };
}

function clearing({ database }: WriteSession, sql: string): (row: Row) => void {
  const statement = database.prepare(sql);
  return (row) => statement.run(integer(row, "seq"));
}

function deliveryMentions(row: Row, mentions: MentionTest): boolean {
  return mentions(bytes(row, "body")) || mentions(bytes(row, "answer")) ||
    mentions(text(row, "headers")) || mentions(text(row, "decisions")) ||
    mentions(nullable(row, "note", text) ?? "");
}

/** The write-ahead log still holds the old pages. When a reader is in the way they go later. */
function emptyLog(database: DatabaseSync): void {
  database.exec("PRAGMA busy_timeout = 0");
  database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  database.exec("PRAGMA busy_timeout = 2000");
}
