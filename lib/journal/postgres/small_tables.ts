import * as z from "zod/mini";
import type { Disabled, Pause } from "../../forward/outbox.ts";
import type { ClockRecord } from "../clock_watch.ts";
import type { JournalOutbox } from "../forwards.ts";
import type { Query } from "./connection.ts";
import { integerColumn } from "../columns.ts";
import { storedText, textOf } from "./rows.ts";

const reasonSchema = z.enum(["gone", "failing"]);

/** The destinations that get nothing until somebody enables them. */
export async function readDisabled(query: Query): Promise<ReadonlyMap<string, Disabled>> {
  const rows = await query("SELECT * FROM disabled_destinations ORDER BY destination");
  return new Map(
    rows.map((row) => [
      textOf(row, "destination"),
      { at: integerColumn(row, "at"), reason: reasonSchema.parse(row["reason"]) },
    ]),
  );
}

/** The destinations that asked for a rest. */
export async function readPaused(query: Query): Promise<ReadonlyMap<string, Pause>> {
  const rows = await query("SELECT * FROM paused_destinations ORDER BY destination");
  return new Map(
    rows.map((row) => [textOf(row, "destination"), {
      at: integerColumn(row, "at"),
      until: integerColumn(row, "until"),
      status: integerColumn(row, "status"),
    }]),
  );
}

/** What is known of the clock. */
export async function readClock(query: Query): Promise<ClockRecord | null> {
  const [row] = await query("SELECT trusted_at, seen_ms FROM clock");
  return row === undefined
    ? null
    : { trustedAt: integerColumn(row, "trusted_at"), seenMs: integerColumn(row, "seen_ms") };
}

/**
 * Fills the part of the contract that disables destinations and lets them rest.
 *
 * @param query Runs a statement.
 * @param announce Tells those who wait that something may be due.
 * @returns That part.
 */
export function smallChanges(
  query: Query,
  announce: () => void,
): Pick<JournalOutbox, "disable" | "enable" | "pause" | "resume"> {
  async function remove(table: string, destination: string): Promise<boolean> {
    const removed = await query(
      `DELETE FROM ${table} WHERE destination = $1 RETURNING 1 AS one`,
      [storedText(destination)],
    );
    announce();
    return removed.length > 0;
  }

  return {
    async disable(destination, { at, reason }) {
      await query(
        `INSERT INTO disabled_destinations (destination, at, reason) VALUES ($1, $2, $3)
         ON CONFLICT (destination) DO NOTHING`,
        [storedText(destination), Math.round(at), reason],
      );
    },
    enable: (destination) => remove("disabled_destinations", destination),
    async pause(destination, { at, until, status }) {
      await query(
        `INSERT INTO paused_destinations (destination, at, until, status) VALUES ($1, $2, $3, $4)
         ON CONFLICT (destination) DO UPDATE
         SET at = excluded.at, until = excluded.until, status = excluded.status`,
        [storedText(destination), Math.round(at), Math.round(until), status],
      );
    },
    resume: (destination) => remove("paused_destinations", destination),
  };
}
