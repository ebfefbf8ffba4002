import { DatabaseSync } from "node:sqlite";
import type { JournalFilesLook } from "./files.ts";
import { APPLICATION_ID } from "./migrations.ts";
import { integerColumn } from "../columns.ts";
import { FIRST_TIME_KEY } from "./rows.ts";

/** Looks after the files of an open journal. */
export interface Inspection {
  /**
   * Looks whether something else changed the files. Where nothing did that takes microseconds.
   *
   * @param written Whether this connection has written since it was asked for the last time.
   * @returns Whether the files that are written still stand where they were opened.
   * @throws {JournalDamaged} When they hold no sound journal any more. It is left as it is then: what
   * can be rescued stands in its files.
   * @throws {Error} When something else wrote a sound one: it has to be opened anew.
   */
  readonly inspect: (written: boolean) => boolean;
  /**
   * Empties the log into the file, and knows afterwards that it was this that changed the file.
   *
   * @param empty Empties it.
   * @throws As `inspect()` does.
   */
  readonly emptying: (empty: () => void) => void;
  /** Has the next inspection look thoroughly, for a statement found damage. */
  readonly suspect: () => void;
  readonly isDamaged: () => boolean;
}

/** Damage is looked for again after so long, for somebody may have put it right. */
const AGAIN_MS = 1000;
/** Under load the log is emptied several times a second: not each time is looked at. */
const QUICK_EVERY_MS = 250;
const THOROUGH_EVERY_MS = 10_000;

/** Windows may tell of what was written long after it was. */
const TELLS_WRITES_AT_ONCE = Deno.build.os !== "windows";

/** What is looked after. */
export interface Inspected {
  /** The open database. */
  readonly database: DatabaseSync;
  readonly path: string;
  /** Looks at its files. */
  readonly files: () => JournalFilesLook;
  /** Whether SQLite can have emptied the log by itself. */
  readonly mayHaveOverflowed: () => boolean;
}

/**
 * Begins to look after the files of a journal.
 *
 * @param inspected The journal.
 * @returns The inspection.
 */
export function inspectFiles(
  { database, path, files, mayHaveOverflowed }: Inspected,
): Inspection {
  const pageCount = database.prepare(
    "SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size",
  );
  const foreignVersion = database.prepare("PRAGMA data_version");
  const readForeignVersion = () => integerColumn(foreignVersion.get(), "data_version");
  let version = readForeignVersion();
  let { size } = files();
  let damage: JournalDamaged | undefined;
  let isSuspect = false;
  let isQuickDue = false;
  let inspectedAt = -Infinity;
  let searchedAt = -Infinity;

  /** Not by the log: the file itself became shorter than what it holds. */
  function wasCutOff(now: number): boolean {
    const before = size;
    size = now;
    return size < before && size < integerColumn(pageCount.get(), "bytes");
  }

  /** Whether another process wrote as SQLite does, and not over everything. */
  function wasChangedByOthers(): boolean {
    const before = version;
    version = readForeignVersion();
    return version !== before;
  }

  /** Gives what another connection sees. */
  function look(thoroughness: Thoroughness): string {
    inspectedAt = performance.now();
    if (thoroughness === "thorough") searchedAt = inspectedAt;
    isQuickDue = false;
    try {
      const mark = assertSound(path, thoroughness);
      damage = undefined;
      isSuspect = false;
      return mark;
    } catch (error) {
      if (error instanceof JournalDamaged) damage = error;
      throw error;
    }
  }

  /** A command that changes the journal also empties the log, which changes nothing here. */
  function lookAtForeign(): void {
    const isDue = performance.now() - searchedAt > THOROUGH_EVERY_MS;
    if (look(isSuspect || isDue ? "thorough" : "quick") === contentMark(database)) return;
    throw new Error("another program wrote to the file");
  }

  function inspect(written: boolean): boolean {
    const sinceMs = performance.now() - inspectedAt;
    const { wasWritten, wasLogCutOff, ...found } = files();
    const wasTouched = wasWritten || wasLogCutOff;
    if (!found.database || !found.log || !found.lock) return false;
    if (damage !== undefined && !wasTouched && sinceMs < AGAIN_MS) throw damage;
    if (wasWritten) {
      if (wasCutOff(found.size)) isSuspect = true;
      if (!wasChangedByOthers() && TELLS_WRITES_AT_ONCE && !(written && mayHaveOverflowed())) {
        isSuspect = true;
      }
    }
    isQuickDue ||= wasTouched;
    if (wasTouched && !written) lookAtForeign();
    else if (isSuspect || damage !== undefined) look("thorough");
    else if (isQuickDue && sinceMs > QUICK_EVERY_MS) look("quick");
    return true;
  }

  return {
    inspect,
    emptying(empty) {
      if (!inspect(false)) return;
      empty();
      size = files().size;
      isQuickDue = true;
      inspect(false);
    },
    suspect() {
      isSuspect = true;
    },
    isDamaged: () => damage !== undefined,
  };
}

/** The file holds no sound journal: it was overwritten or cut off, or its disk is broken. */
export class JournalDamaged extends Error {
  override readonly name = "JournalDamaged";
}

/** How thoroughly a file is looked at. */
type Thoroughness = "quick" | "thorough";

/** Smaller files are read as a whole: that takes some milliseconds, or at most half a second. */
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
function assertSound(path: string, thoroughness: Thoroughness): string {
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
function contentMark(database: DatabaseSync): string {
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
        if (Number(bytes) <= GLANCE_BYTES[thoroughness]) read.get(seq);
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
