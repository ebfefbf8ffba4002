import type { DatabaseSync } from "node:sqlite";
import { notOpened } from "../errors.ts";
import { consoleTables } from "./console.ts";
import { FIRST_SCHEMAS } from "./first_schemas.ts";
import { lighterSchema } from "./lighter_schema.ts";
import { integerColumn } from "../columns.ts";

/** Marks the file as ours: the letters "SHJ1". */
export const APPLICATION_ID = 0x53484a31;

/** A step that moves many rows, and can be killed anywhere: it goes on at the next start. */
export interface GradualMigration {
  /** Begins, in a transaction of its own. Earlier versions refuse the file from then on. */
  readonly begin: string;
  /**
   * Moves rows within a transaction until the deadline, on the clock of `performance.now()`.
   *
   * @returns How much of all is moved, from 0 to 1; 1 when nothing is left.
   */
  readonly advance: (database: DatabaseSync, deadline: number) => number;
  /** Ends, in a transaction of its own. */
  readonly end: string;
}

/** A step from one schema to the next; a text is run in one transaction. */
export type Migration = string | GradualMigration;

/**
 * Every step from an empty file to the present schema. To add a table, write what makes it as a
 * constant above and add that at the end; what stands here is never changed, for files have it.
 */
export const MIGRATIONS: readonly Migration[] = [...FIRST_SCHEMAS, consoleTables, lighterSchema];

/** How far a schema is. */
export interface SchemaState {
  /** The newest step that was begun; 0 when the file is empty. */
  readonly version: number;
  /** Whether that step was begun and not ended. */
  readonly isUnfinished: boolean;
}

/**
 * Refuses a file that is no journal, or one of a later program.
 *
 * @param database The open database; nothing in it is changed.
 * @param path Its path, for the message.
 * @returns How far its schema is.
 * @throws {JournalNotOpened} When this program can't use it.
 */
export function checkSchema(database: DatabaseSync, path: string): SchemaState {
  const number = (sql: string, name: string) => integerColumn(database.prepare(sql).get(), name);
  const version = number("PRAGMA user_version", "user_version");
  const application = number("PRAGMA application_id", "application_id");
  const tables = number("SELECT count(*) AS n FROM sqlite_schema", "n");
  if (tables > 0 && application !== APPLICATION_ID) {
    throw notOpened(path, "it is another program's database");
  }
  if (version > MIGRATIONS.length) {
    throw notOpened(
      path,
      `a newer version of this program wrote it (schema ${version}, known up to ${MIGRATIONS.length})`,
    );
  }
  return { version, isUnfinished: isUnfinished(database) };
}

function isUnfinished(database: DatabaseSync): boolean {
  return database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'unfinished_step'").get() !==
    undefined;
}

/** One transaction of a step that moves rows. */
const ADVANCE_MS = 100;

/**
 * What such a step may take beside what the file has already: it moves in small parts, into pages
 * that it frees itself. It is tried before it begins.
 */
const ROOM_BYTES = 67_108_864;

/**
 * Brings the schema up to date, each step in a transaction of its own, and one that moves rows in
 * many. A new file gets all of it in one.
 *
 * @param database A database open for writing.
 * @param version The version it has.
 * @param migrations The steps; those of this program unless given.
 * @param onProgress Hears how much of all is moved, from 0 to 1.
 */
export function migrate(
  database: DatabaseSync,
  version: number,
  migrations: readonly Migration[] = MIGRATIONS,
  onProgress: (done: number) => void = () => {},
): void {
  function change(sql: string, reached: number): void {
    database.exec(sql);
    database.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
    database.exec(`PRAGMA user_version = ${reached}`);
  }

  if (version === 0) {
    const steps = migrations.map((step) => isGradual(step) ? `${step.begin}; ${step.end}` : step);
    withoutReferences(
      database,
      () => inTransaction(database, () => change(steps.join(";\n"), steps.length)),
    );
    return;
  }
  for (const [index, step] of migrations.entries()) {
    const reached = index + 1;
    if (!isGradual(step)) {
      if (index >= version) inTransaction(database, () => change(step, reached));
    } else if (index >= version || (reached === version && isUnfinished(database))) {
      runGradually(database, step, {
        begin: () => {
          if (index < version) return;
          change(`${step.begin}; CREATE TABLE unfinished_step (seq INTEGER PRIMARY KEY)`, reached);
        },
        onProgress,
      });
    }
  }
}

function isGradual(step: Migration): step is GradualMigration {
  return typeof step !== "string";
}

function runGradually(
  database: DatabaseSync,
  { advance, end }: GradualMigration,
  { begin, onProgress }: { begin: () => void; onProgress: (done: number) => void },
): void {
  withoutReferences(database, () => {
    tryRoom(database);
    inTransaction(database, begin);
    // Not each part waits for the disk: should the machine lose some, they are moved again.
    database.exec("PRAGMA synchronous = NORMAL");
    for (let done = 0; done < 1;) {
      done = inTransaction(database, () => advance(database, performance.now() + ADVANCE_MS));
      onProgress(done);
    }
    database.exec("PRAGMA synchronous = FULL");
    inTransaction(database, () => database.exec(`${end}; DROP TABLE unfinished_step`));
  });
}

/** A full disk is told before anything is moved. */
function tryRoom(database: DatabaseSync): void {
  const { bytes } = database.prepare(
    "SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size",
  ).get() ?? {};
  const room = Math.min(ROOM_BYTES, Number(bytes));
  const fill = database.prepare("INSERT INTO probes (filler) VALUES (zeroblob(?))");
  inTransaction(database, () => fill.run(room));
  inTransaction(database, () => database.exec("DELETE FROM probes"));
}

/** While rows move, what refers to a table means the one that has its name in the end. */
function withoutReferences(database: DatabaseSync, change: () => void): void {
  database.exec("PRAGMA foreign_keys = OFF; PRAGMA legacy_alter_table = ON");
  try {
    change();
  } finally {
    database.exec("PRAGMA legacy_alter_table = OFF; PRAGMA foreign_keys = ON");
  }
}

function inTransaction<T>(database: DatabaseSync, change: () => T): T {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = change();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    rollback(database);
    throw error;
  }
}

/**
 * Ends a failed transaction. SQLite may have ended it already, which is fine.
 *
 * @param database The database.
 */
export function rollback(database: DatabaseSync): void {
  try {
    database.exec("ROLLBACK");
  } catch {
    // No transaction is left: that is what was wanted.
  }
}
