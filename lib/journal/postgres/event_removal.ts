import type { Query } from "./connection.ts";
import type { Counting } from "./counters.ts";
import { ROW_BYTES } from "./deliveries_writer.ts";
import { integerColumn } from "../columns.ts";
import { type PostgresRow, textOf } from "./rows.ts";

/** Which events are meant: a condition, and the value that it has as `$1`. */
export interface EventsMeant {
  readonly condition: string;
  readonly value: readonly unknown[];
}

/**
 * Removes events with their forwards and the attempts of these. Several instances may do so at the same
 * time, and a command may have some of them wait again: what is counted is what was there still.
 *
 * @param query Runs a statement, within a transaction.
 * @param counting Gets what is not there any more.
 * @param meant Which.
 * @returns The events that were removed.
 */
export async function removeEvents(
  query: Query,
  counting: Counting,
  { condition, value }: EventsMeant,
): Promise<readonly PostgresRow[]> {
  const held = await query(
    `SELECT seq FROM events WHERE ${condition} ORDER BY seq FOR UPDATE`,
    [value],
  );
  if (held.length === 0) return [];
  const seqs = held.map((row) => integerColumn(row, "seq"));
  const forwards = await query(
    `SELECT state, destination, bytes FROM forwards WHERE event = ANY ($1::bigint[])
     ORDER BY created_at, seq FOR UPDATE`,
    [seqs],
  );
  for (const row of forwards) {
    const [state, destination] = [textOf(row, "state"), textOf(row, "destination")];
    counting.addForward(state, destination, integerColumn(row, "bytes"), -1);
  }
  const gone = await query(
    `DELETE FROM events WHERE seq = ANY ($1::bigint[])
     RETURNING warnings <> '[]' AS warned, octet_length(payload) AS bytes, endpoint, key, subject`,
    [seqs],
  );
  for (const row of gone) {
    counting.add("events", "all", -1);
    if (row["warned"] === true) counting.add("events", "with warnings", -1);
    counting.add("bytes", "all", -ROW_BYTES - integerColumn(row, "bytes"));
  }
  return gone;
}
