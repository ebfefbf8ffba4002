import { DatabaseSync } from "node:sqlite";
import { integer } from "../columns.ts";
import { APPLICATION_ID } from "./migrate.ts";
import { describeError, sqliteCode } from "./sqlite_error.ts";

/** The file holds no sound journal: it was overwritten or cut off, or its disk is broken. */
export class JournalDamaged extends Error {
  override readonly name = "JournalDamaged";
}

/** How thoroughly a file is looked at. */
export type Thoroughness = "quick" | "thorough";

/** Smaller files are read as a whole: that takes some milliseconds, or at most half a second. */
const WHOLE_BYTES: Readonly<Record<Thoroughness, number>> = {
  quick: 1_048_576,
  thorough: 67_108_864,
};

/** Of larger ones so many rows of each table are read. */
const SAMPLES: Readonly<Record<Thoroughness, number>> = { quick: 8, thorough: 1000 };

const TABLES = ["deliveries", "events", "export_versions"] as const;

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
  const number = (sql: string, name: string) => integer(database.prepare(sql).get(), name);
  if (number("PRAGMA application_id", "application_id") !== APPLICATION_ID) {
    throw new JournalDamaged("the file is no journal any more");
  }
  const bytes = number("PRAGMA page_count", "page_count") * number("PRAGMA page_size", "page_size");
  if (bytes <= WHOLE_BYTES[thoroughness]) {
    const { quick_check: found } = database.prepare("PRAGMA quick_check(1)").get() ?? {};
    if (found !== "ok") throw new JournalDamaged("the file is damaged");
    return;
  }
  const present = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = ?");
  for (const table of TABLES) {
    // An earlier version had fewer.
    if (present.get(table) === undefined) continue;
    const { low, high } = database.prepare(
      `SELECT coalesce(min(seq), 0) AS low, coalesce(max(seq), 0) AS high FROM ${table}`,
    ).get() ?? {};
    const read = database.prepare(`SELECT * FROM ${table} WHERE seq >= ? LIMIT 1`);
    const [first, last] = [Number(low), Number(high)];
    for (let sample = 0; sample <= SAMPLES[thoroughness]; sample++) {
      read.get(sample === 0 ? last : first + Math.floor(Math.random() * (last - first + 1)));
    }
  }
}
