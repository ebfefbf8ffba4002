import type { DatabaseSync } from "node:sqlite";
import { integerColumn, textColumn } from "./rows.ts";

/** What is counted, by names. */
export type CountKind =
  | "deliveries"
  | "events"
  | "exports"
  | "forwards"
  | "waiting"
  | "failed"
  | "waiting bytes";

/**
 * Prepares the statement that reads counts, which are kept with every change: nothing is scanned.
 *
 * @param database An open database.
 * @returns What reads the counts of a kind by their names; one that is 0 is missing.
 */
export function createCountTable(
  database: DatabaseSync,
): (kind: CountKind) => ReadonlyMap<string, number> {
  const counts = database.prepare("SELECT name, n FROM counts WHERE kind = ? AND n > 0");
  return (kind) =>
    new Map(counts.all(kind).map((row) => [textColumn(row, "name"), integerColumn(row, "n")]));
}

/**
 * What an event that waits takes beside its payload, roughly. It stands here for what is in files:
 * with another number, this migration would have to count anew.
 */
const WAITING_OVERHEAD_BYTES = 1024;

/** What one row adds to a count, or takes from it. */
interface Counted {
  /** An expression for the kind of count, and one for its name. */
  readonly kind: string;
  readonly name: string;
  /** An expression for how much; 1 unless given. */
  readonly n?: string;
  /** When it counts; always unless given. */
  readonly when?: string;
}

/** In the place of `ROW` stands the row before or after a change. */
const DELIVERIES: readonly Counted[] = [
  { kind: "'deliveries'", name: "iif(ROW.verified_by IS NULL, 'refused', 'accepted')" },
];
const EVENTS: readonly Counted[] = [
  { kind: "'events'", name: "'all'" },
  { kind: "'events'", name: "'with warnings'", when: "ROW.warnings <> '[]'" },
];
const EXPORTS: readonly Counted[] = [{ kind: "'exports'", name: "'all'" }];
const FORWARDS: readonly Counted[] = [
  { kind: "'forwards'", name: "ROW.state" },
  { kind: "ROW.state", name: "ROW.destination", when: "ROW.state IN ('waiting', 'failed')" },
  {
    kind: "'waiting bytes'",
    name: "ROW.destination",
    n: `(${WAITING_OVERHEAD_BYTES} +
      coalesce((SELECT payload_bytes FROM events WHERE seq = ROW.event), 0))`,
    when: "ROW.state = 'waiting'",
  },
];

/** Adds what a row counts for, within a trigger. */
function add(counted: readonly Counted[], row: "NEW" | "OLD"): string {
  const sign = row === "NEW" ? "" : "-";
  return counted.map(({ kind, name, n = "1", when = "TRUE" }) =>
    `INSERT INTO counts (kind, name, n) SELECT ${kind}, ${name}, ${sign}${n} WHERE ${when}
      ON CONFLICT (kind, name) DO UPDATE SET n = n + excluded.n;`.replaceAll("ROW.", `${row}.`)
  ).join("\n");
}

/** Counts what is there, and keeps the counts right with every change from then on. */
function keepCounts(table: string, counted: readonly Counted[], changing: string): string {
  const recount = counted.map(({ kind, name, n = "1", when = "TRUE" }) =>
    `INSERT INTO counts (kind, name, n)
      SELECT ${kind}, ${name}, sum(${n}) FROM ${table} AS ROW_ WHERE ${when} GROUP BY 1, 2;`
      .replaceAll("ROW.", "ROW_.")
  ).join("\n");
  return `${recount}
  CREATE TRIGGER ${table}_counted_in AFTER INSERT ON ${table} BEGIN
    ${add(counted, "NEW")}
  END;
  CREATE TRIGGER ${table}_counted_again AFTER UPDATE OF ${changing} ON ${table}
    WHEN OLD.${changing} IS NOT NEW.${changing} BEGIN
    ${add(counted, "OLD")}
    ${add(counted, "NEW")}
  END;
  CREATE TRIGGER ${table}_counted_out AFTER DELETE ON ${table} BEGIN
    ${add(counted, "OLD")}
  END;`;
}

/**
 * How much there is, as numbers: counting half a million rows takes longer than a request may. The
 * triggers change them in the transaction that changes the rows, whoever makes it.
 *
 * `payload_bytes` changes only where a person is erased, after what waits was called off, and no event
 * is removed while a forward of it waits.
 */
export const counts = `
  CREATE TABLE counts (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (kind, name)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX forwards_waiting ON forwards (destination, created_at) WHERE state = 'waiting';
  ${keepCounts("deliveries", DELIVERIES, "verified_by")}
  ${keepCounts("events", EVENTS, "warnings")}
  ${keepCounts("exports", EXPORTS, "token")}
  ${keepCounts("forwards", FORWARDS, "state")}
`;
