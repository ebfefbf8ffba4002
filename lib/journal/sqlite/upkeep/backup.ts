import { backup as copyPages, type DatabaseSync } from "node:sqlite";

/** More than a journal can have: all in one step, and so as of one moment. */
const ALL_PAGES = 2_147_483_647;

/**
 * Writes a copy of a journal, as of one moment, also while it is written.
 *
 * @param database The open journal.
 * @param file Where the copy goes; it is complete as soon as it stands there.
 * @throws {Deno.errors.AlreadyExists} When the file exists.
 */
export async function backup(database: DatabaseSync, file: string): Promise<void> {
  const partial = `${file}.partial`;
  reserve(file);
  try {
    // It takes an empty file; the one it would make could be read by others. `VACUUM INTO` would do,
    // too, but the runtime refuses it unless the program may do everything.
    Deno.openSync(partial, { write: true, create: true, truncate: true, mode: 0o600 }).close();
    await copyPages(database, partial, { rate: ALL_PAGES });
    sync(partial);
    Deno.renameSync(partial, file);
  } catch (error) {
    Deno.removeSync(file);
    removeIfThere(partial);
    throw error;
  }
}

function reserve(file: string): void {
  try {
    Deno.openSync(file, { write: true, createNew: true, mode: 0o600 }).close();
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    throw new Deno.errors.AlreadyExists(`Cannot write backup "${file}": the file exists`);
  }
}

function sync(path: string): void {
  using file = Deno.openSync(path, { write: true });
  file.syncSync();
}

function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
