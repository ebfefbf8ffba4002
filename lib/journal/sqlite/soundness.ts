import { DatabaseSync } from "node:sqlite";
import { APPLICATION_ID } from "./migrations.ts";
import { integerColumn } from "../columns.ts";
import { FIRST_TIME_KEY } from "./rows.ts";

/** The file holds no sound journal: it was overwritten or cut off, or its disk is broken. */
export class JournalDamaged extends Error {
  override readonly name = "JournalDamaged";
}

/** How thoroughly a file is looked at. */
export type Thoroughness = "quick" | "thorough";

/**
 * Smaller files are read as a whole: that takes some milliseconds, or at most half a second. Of larger
 * ones no more than that is read.
 */
const WHOLE_BYTES: Readonly<Record<Thoroughness, number>> = {
  quick: 1_048_576,
  thorough: 67_108_864,
};

/** Of larger ones so many rows of each table are read. */
const SAMPLES: Readonly<Record<Thoroughness, number>> = { quick: 8, thorough: 1000 };

/** Of a larger row no more than its beginning is read at a glance: it would hold up those who wait. */
const GLANCE_BYTES: Readonly<Record<Thoroughness, number>> = { quick: 65_536, thorough: Infinity };

const TABLES = ["deliveries", "events", "export_versions"] as const;
/** What takes most of a row. */
const LARGEST: Readonly<Record<typeof TABLES[number], string>> = {
  deliveries: "body",
  events: "payload",
  export_versions: "list",
};

/**
 * Looks whether the file of an open journal is sound, by a connection of its own: the others keep
 * in memory what they have read, and would go on for long over a file that was overwritten.
 *
 * @param path The path of the journal.
 * @param thoroughness How thoroughly.
 * @returns What stands in it, as {@linkcode contentMark} tells it.
 * @throws {JournalDamaged} When it is not sound.
 */
export function assertSound(path: string, thoroughness: Thoroughness): string {
  let database: DatabaseSync | undefined;
  try {
    // SQLite would take it for a new one, and remove the log beside it.
    if (Deno.statSync(path).size === 0) throw new JournalDamaged("the file is empty");
    database = new DatabaseSync(path, { readOnly: true });
    database.exec("PRAGMA busy_timeout = 2000");
    assertSoundDatabase(database, thoroughness);
    return contentMark(database);
  } catch (error) {
    if (error instanceof JournalDamaged) throw error;
    // Deno 2.5 does not always say what is wrong.
    const isKnown = sqliteCode(error) !== undefined || error instanceof Deno.errors.NotFound;
    const reason = isKnown ? describeError(error) : "the file is damaged";
    throw new JournalDamaged(reason, { cause: error });
  } finally {
    database?.close();
  }
}

/**
 * Tells one content of a journal from another: two connections that see the same journal give the
 * same, as long as nobody writes.
 *
 * @param database A connection.
 * @returns A text that changes with what was recorded.
 */
export function contentMark(database: DatabaseSync): string {
  const ends = TABLES.map((table) => database.prepare(`SELECT max(seq) FROM ${table}`).get());
  return JSON.stringify([...ends, database.prepare("PRAGMA page_count").get()]);
}

/**
 * Looks whether a journal is sound.
 *
 * @param database A connection that has nothing of it in memory.
 * @param thoroughness How thoroughly.
 * @throws {Error} When it is not.
 */
export function assertSoundDatabase(database: DatabaseSync, thoroughness: Thoroughness): void {
  const number = (sql: string, name: string) => integerColumn(database.prepare(sql).get(), name);
  if (number("PRAGMA application_id", "application_id") !== APPLICATION_ID) {
    throw new JournalDamaged("the file is no journal any more");
  }
  const bytes = number("PRAGMA page_count", "page_count") * number("PRAGMA page_size", "page_size");
  if (bytes <= WHOLE_BYTES[thoroughness]) {
    const { quick_check: found } = database.prepare("PRAGMA quick_check(1)").get() ?? {};
    if (found !== "ok") throw new JournalDamaged("the file is damaged");
    return;
  }
  let leftBytes = WHOLE_BYTES[thoroughness];
  const present = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = ?");
  for (const table of TABLES) {
    // An earlier version had fewer.
    if (present.get(table) === undefined) continue;
    const next = database.prepare(`
      SELECT seq, length(${LARGEST[table]}) AS bytes FROM ${table} WHERE seq >= ? LIMIT 1`);
    const read = database.prepare(`SELECT * FROM ${table} WHERE seq = ?`);
    for (const condition of [`seq < ${FIRST_TIME_KEY}`, `seq >= ${FIRST_TIME_KEY}`]) {
      // Both asked for at once would be looked for in all rows.
      const { low, high } = database.prepare(`
        SELECT (SELECT min(seq) FROM ${table} WHERE ${condition}) AS low,
          (SELECT max(seq) FROM ${table} WHERE ${condition}) AS high`).get() ?? {};
      if (low === null) continue;
      const [first, last] = [Number(low), Number(high)];
      for (let sample = 0; sample <= SAMPLES[thoroughness] / 2; sample++) {
        const { seq = 0, bytes } =
          next.get(sample === 0 ? last : first + Math.floor(Math.random() * (last - first + 1))) ??
            {};
        if (Number(bytes) > Math.min(GLANCE_BYTES[thoroughness], leftBytes)) continue;
        leftBytes -= Number(bytes);
        read.get(seq);
      }
    }
  }
}

/** Primary result codes of SQLite that are told apart here. */
export const SQLITE = {
  busy: 5,
  readOnly: 8,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  constraint: 19,
  notADatabase: 26,
} as const;

const REASONS: ReadonlyMap<number, string> = new Map<number, string>([
  [SQLITE.busy, "another program is writing to it"],
  [SQLITE.readOnly, "the file is read-only"],
  [SQLITE.ioError, "the disk reports an error"],
  [SQLITE.corrupt, "the file is damaged"],
  [SQLITE.full, "the disk is full"],
  [SQLITE.cannotOpen, "the file can't be opened"],
  [SQLITE.notADatabase, "the file is not a database"],
]);

/** What `exec()` and the constructor say: their errors carry no code. */
const MESSAGES: readonly (readonly [start: string, code: number])[] = [
  ["database is locked", SQLITE.busy],
  ["attempt to write a readonly database", SQLITE.readOnly],
  ["disk I/O error", SQLITE.ioError],
  ["database or disk is full", SQLITE.full],
  ["unable to open database file", SQLITE.cannotOpen],
  ["file is not a database", SQLITE.notADatabase],
  ["database disk image is malformed", SQLITE.corrupt],
];

const OPERATION = /: \w+ '.*'$/s;

/**
 * Finds the primary result code of an error.
 *
 * @param error What was thrown.
 * @returns The code, or `undefined` when it is not SQLite's.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { SQLITE, sqliteCode } from "./soundness.ts";
 *
 * assertEquals(sqliteCode(new Error("database or disk is full")), SQLITE.full);
 * assertEquals(sqliteCode(new Error("no such file")), undefined);
 * ```
 */
export function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  // The upper bits of an extended code say more than is needed here.
  if ("errcode" in error && typeof error.errcode === "number") return error.errcode & 0xff;
  return MESSAGES.find(([start]) => error.message.startsWith(start))?.[1];
}

/**
 * Says in words why the journal can't be used, without its path: the reason may be shown outside.
 *
 * @param error What was thrown.
 * @returns The reason, to stand behind a colon.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { describeError } from "./soundness.ts";
 *
 * assertEquals(describeError(new Error("database or disk is full")), "the disk is full");
 * ```
 */
export function describeError(error: unknown): string {
  const known = REASONS.get(sqliteCode(error) ?? 0);
  if (known !== undefined) return known;
  if (error instanceof Deno.errors.NotFound) return "there is no such file";
  if (error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotCapable) {
    return "permission is denied";
  }
  // The runtime's own words end with what was done to which path.
  return error instanceof Error ? error.message.replace(OPERATION, "") : String(error);
}
