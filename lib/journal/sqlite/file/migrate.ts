import type { DatabaseSync } from "node:sqlite";
import { notOpened } from "../../errors.ts";
import { MIGRATIONS } from "./migrations/mod.ts";
import { integer } from "../columns.ts";

/** Marks the file as ours: the letters "SHJ1". */
export const APPLICATION_ID = 0x53484a31;

/**
 * Refuses a file that is no journal, or one of a later program.
 *
 * @param database The open database; nothing in it is changed.
 * @param path Its path, for the message.
 * @returns The version of its schema; 0 when it is empty.
 * @throws {JournalNotOpened} When this program can't use it.
 */
export function checkSchema(database: DatabaseSync, path: string): number {
  const version = integer(database.prepare("PRAGMA user_version").get(), "user_version");
  const application = integer(database.prepare("PRAGMA application_id").get(), "application_id");
  const tables = integer(database.prepare("SELECT count(*) AS n FROM sqlite_schema").get(), "n");
  if (tables > 0 && application !== APPLICATION_ID) {
    throw notOpened(path, "it is another program's database");
  }
  if (version > MIGRATIONS.length) {
    throw notOpened(
      path,
      `a newer version of this program wrote it (schema ${version}, known up to ${MIGRATIONS.length})`,
    );
  }
  return version;
}

/**
 * Brings the schema up to date, each step in a transaction of its own.
 *
 * @param database A database open for writing.
 * @param version The version it has.
 * @param migrations The steps; those of this program unless given.
 */
export function migrate(
  database: DatabaseSync,
  version: number,
  migrations: readonly string[] = MIGRATIONS,
): void {
  for (const [index, step] of migrations.entries()) {
    if (index < version) continue;
    database.exec("BEGIN IMMEDIATE");
    try {
      database.exec(step);
      database.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
      database.exec(`PRAGMA user_version = ${index + 1}`);
      database.exec("COMMIT");
    } catch (error) {
      rollback(database);
      throw error;
    }
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
