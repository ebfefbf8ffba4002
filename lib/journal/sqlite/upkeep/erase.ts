import type { DatabaseSync } from "node:sqlite";
import type { EraseOptions, EraseResult } from "../../journal.ts";
import { type RoleTest, roleTest } from "../../mention_roles.ts";
import { bytes, integer, nullable, type Row, text } from "../columns.ts";
import { createDeliveryEraser, DELIVERY_CONTENT } from "../deliveries/erase_delivery.ts";
import { eraseEvents } from "../events/erase_events.ts";
import type { Keeper } from "./keeper.ts";
import { shrink } from "./prune.ts";
import { ERASED } from "../../forward_status.ts";
import type { WriteSession } from "../session.ts";
import { inSteps } from "./steps.ts";
import { sweep } from "./sweep.ts";

const NEXT_DELIVERY = `
  SELECT seq, ${DELIVERY_CONTENT} FROM deliveries WHERE seq > ? ORDER BY seq LIMIT 1`;
const NEXT_VERSION = "SELECT seq, list FROM export_versions WHERE seq > ? ORDER BY seq LIMIT 1";
const NEXT_ATTEMPT = `
  SELECT seq, error FROM attempts WHERE seq > ? AND error IS NOT NULL ORDER BY seq LIMIT 1`;

/**
 * Takes a person's data out of the file, also where it has been overwritten.
 *
 * @param keeper Gives the session.
 * @param email The person's address.
 * @param options Which of it, and whether it is only counted.
 * @returns How much held it.
 * @throws {SyntaxError} When it is not an address.
 */
export async function erase(
  keeper: Keeper,
  email: string,
  { dryRun = false, role: wanted }: EraseOptions = {},
): Promise<EraseResult> {
  const judge = roleTest(email);
  const roleOf: RoleTest = (contents) => {
    const role = judge(contents);
    return wanted === undefined || role === wanted ? role : null;
  };
  const cleared = new Set<string>();
  const deliveries = await sweep(keeper, {
    dryRun,
    table: "deliveries",
    next: NEXT_DELIVERY,
    roleOf: (row) => roleOf(contentsOf(row)),
    clear({ database }) {
      const eraseDelivery = createDeliveryEraser(database, judge);
      return (row) => {
        cleared.add(text(row, "id"));
        if (!dryRun) eraseDelivery(row);
      };
    },
  });
  const exportVersions = await sweep(keeper, {
    dryRun,
    table: "export_versions",
    next: NEXT_VERSION,
    roleOf: (row) => roleOf([bytes(row, "list")]),
    clear: ({ database }) =>
      clearing(database, dryRun, "DELETE FROM export_versions WHERE seq = ?"),
  });
  const events = await eraseEvents(keeper, { judge, roleOf, dryRun, cleared });
  await sweep(keeper, {
    dryRun,
    table: "attempts",
    next: NEXT_ATTEMPT,
    roleOf: (row) => roleOf([text(row, "error")]),
    clear: ({ database }) =>
      clearing(database, dryRun, `UPDATE attempts SET error = '${ERASED}' WHERE seq = ?`),
  });
  if (!dryRun) {
    await inSteps(keeper.rest, (deadline) => shrink(keeper, deadline));
    emptyLog(keeper.session());
  }
  return {
    deliveries: deliveries.all + events.deliveries.all,
    events: events.events.all,
    exportVersions: exportVersions.all,
    forwards: events.forwards,
    ofStore: {
      deliveries: deliveries.ofStore + events.deliveries.ofStore,
      events: events.events.ofStore,
      exportVersions: exportVersions.ofStore,
    },
  };
}

/** Statements are prepared once a step. */
function clearing(database: DatabaseSync, dryRun: boolean, sql: string): (row: Row) => void {
  const statement = database.prepare(sql);
  return (row) => {
    if (!dryRun) statement.run(integer(row, "seq"));
  };
}

function contentsOf(row: Row): readonly (string | Uint8Array)[] {
  return [
    bytes(row, "body"),
    bytes(row, "answer"),
    text(row, "headers"),
    text(row, "decisions"),
    nullable(row, "note", text) ?? "",
    text(row, "endpoint"),
    text(row, "request_id"),
  ];
}

/** The write-ahead log still holds the old pages. When a reader is in the way they go later. */
function emptyLog({ database, inspect }: WriteSession): void {
  database.exec("PRAGMA busy_timeout = 0");
  database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  database.exec("PRAGMA busy_timeout = 2000");
  inspect(true);
}
