import * as z from "zod/mini";
import type { DatabaseSync } from "node:sqlite";
import type { Disabled, Pause } from "../../forward/outbox.ts";
import type { ClockRecord } from "../clock_watch.ts";
import { integerColumn } from "../columns.ts";
import { textColumn } from "./rows.ts";

/** The destinations that get nothing; what writes belongs inside a transaction. */
export interface DisabledTable {
  readonly all: () => ReadonlyMap<string, Disabled>;
  /** One that is there already stays as it is. */
  readonly insert: (destination: string, disabled: Disabled) => void;
  /** Tells whether it was there. */
  readonly remove: (destination: string) => boolean;
}

const reasonSchema = z.enum(["gone", "failing"]);

/**
 * Prepares the statements for disabled destinations.
 *
 * @param database An open database.
 * @returns The table.
 */
export function createDisabledTable(database: DatabaseSync): DisabledTable {
  const selection = database.prepare("SELECT * FROM disabled_destinations ORDER BY destination");
  const insertion = database.prepare(
    "INSERT OR IGNORE INTO disabled_destinations (destination, at, reason) VALUES (?, ?, ?)",
  );
  const deletion = database.prepare("DELETE FROM disabled_destinations WHERE destination = ?");
  return {
    all: () =>
      new Map(
        selection.all().map((row) => [
          textColumn(row, "destination"),
          { at: integerColumn(row, "at"), reason: reasonSchema.parse(textColumn(row, "reason")) },
        ]),
      ),
    insert: (destination, { at, reason }) => void insertion.run(destination, at, reason),
    remove: (destination) => Number(deletion.run(destination).changes) > 0,
  };
}

/** The destinations that asked for a rest; what writes belongs inside a transaction. */
export interface PausedTable {
  readonly all: () => ReadonlyMap<string, Pause>;
  /** One that is there already is replaced. */
  readonly put: (destination: string, pause: Pause) => void;
  /** Tells whether it was there. */
  readonly remove: (destination: string) => boolean;
}

/**
 * Prepares the statements for destinations that asked for a rest.
 *
 * @param database An open database.
 * @returns The table.
 */
export function createPausedTable(database: DatabaseSync): PausedTable {
  const selection = database.prepare("SELECT * FROM paused_destinations ORDER BY destination");
  const replacement = database.prepare(
    "INSERT OR REPLACE INTO paused_destinations (destination, at, until, status) VALUES (?, ?, ?, ?)",
  );
  const deletion = database.prepare("DELETE FROM paused_destinations WHERE destination = ?");
  return {
    all: () =>
      new Map(
        selection.all().map((row) => [
          textColumn(row, "destination"),
          {
            at: integerColumn(row, "at"),
            until: integerColumn(row, "until"),
            status: integerColumn(row, "status"),
          },
        ]),
      ),
    put(destination, { at, until, status }) {
      replacement.run(destination, Math.round(at), Math.round(until), status);
    },
    remove: (destination) => Number(deletion.run(destination).changes) > 0,
  };
}

/** What is known of the clock; what writes belongs inside a transaction. */
export interface ClockTable {
  readonly read: () => ClockRecord | null;
  readonly write: (record: ClockRecord) => void;
}

/**
 * Prepares the statements for what is known of the clock.
 *
 * @param database An open database.
 * @returns The table.
 */
export function createClockTable(database: DatabaseSync): ClockTable {
  const selection = database.prepare("SELECT trusted_at, seen_ms FROM clock");
  const replacement = database.prepare(
    "INSERT OR REPLACE INTO clock (seq, trusted_at, seen_ms) VALUES (1, ?, ?)",
  );
  return {
    read() {
      const row = selection.get();
      return row === undefined
        ? null
        : { trustedAt: integerColumn(row, "trusted_at"), seenMs: integerColumn(row, "seen_ms") };
    },
    write({ trustedAt, seenMs }) {
      replacement.run(Math.round(trustedAt), Math.round(seenMs));
    },
  };
}

/** What is counted, by names. */
export type CountKind =
  | "deliveries"
  | "events"
  | "exports"
  | "forwards"
  | "waiting"
  | "failed"
  | "waiting bytes";

/** How much there is, as numbers that are kept with every change: nothing is scanned. */
export interface Counts {
  /** Gives the counts of a kind by their names; one that is 0 is missing. */
  readonly of: (kind: CountKind) => ReadonlyMap<string, number>;
  /** Notes within a transaction how much came or went. */
  readonly add: (kind: CountKind, name: string, n: number) => void;
  /** Writes what was noted, once at the end of the transaction that changed the rows. */
  readonly write: () => void;
  /** Forgets what was noted: the transaction was taken back. */
  readonly forget: () => void;
}

/**
 * Prepares the statements for counts.
 *
 * @param database An open database.
 * @returns The counts.
 */
export function createCounts(database: DatabaseSync): Counts {
  const selection = database.prepare("SELECT name, n FROM counts WHERE kind = ? AND n > 0");
  // Prepared when it is needed: whoever only reads may not write.
  let addition: ReturnType<DatabaseSync["prepare"]> | undefined;
  const noted = new Map<CountKind, Map<string, number>>();

  function write(): void {
    if (noted.size === 0) return;
    addition ??= database.prepare(`
      INSERT INTO counts (kind, name, n) VALUES (?, ?, ?)
      ON CONFLICT (kind, name) DO UPDATE SET n = n + excluded.n`);
    for (const [kind, names] of noted) {
      for (const [name, n] of names) if (n !== 0) addition.run(kind, name, n);
    }
    noted.clear();
  }

  return {
    of(kind) {
      write();
      const rows = selection.all(kind);
      return new Map(rows.map((row) => [textColumn(row, "name"), integerColumn(row, "n")]));
    },
    add(kind, name, n) {
      let names = noted.get(kind);
      if (names === undefined) noted.set(kind, names = new Map());
      names.set(name, (names.get(name) ?? 0) + n);
    },
    write,
    forget: () => noted.clear(),
  };
}
