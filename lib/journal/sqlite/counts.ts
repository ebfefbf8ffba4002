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
