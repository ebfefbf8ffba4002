import type { DatabaseSync } from "node:sqlite";
import { JournalNotOpened } from "../errors.ts";
import { closeMoved } from "./close_moved.ts";
import { openForReading, openForWriting } from "./database.ts";
import { createExportTable, type ExportTable } from "./export_table.ts";
import { watchFile } from "./file_watch.ts";
import { lockPath, takeLock } from "./lock.ts";
import { createReader, type Reader } from "./reader.ts";
import { describeError } from "./sqlite_error.ts";
import { createWriter, type Writer } from "./writer.ts";

/** An open journal for reading, with its prepared statements. */
export interface ReadSession {
  readonly database: DatabaseSync;
  readonly reader: Reader;
  readonly exports: ExportTable;
  readonly close: () => void;
}

/** An open journal for writing; no other process has one of the same file. */
export interface WriteSession extends ReadSession {
  readonly writer: Writer;
  /** Whether the files that are written still stand where they were opened. */
  readonly inPlace: () => boolean;
}

/** How a journal is written. */
export interface WriteOptions {
  /** How many refused deliveries are kept. */
  readonly refusedCount: number;
  /** The file grows no further than this many pages of 4 KiB. */
  readonly maxPages?: number;
}

/**
 * Opens a journal for reading, also beside a process that writes.
 *
 * @param path The path of its file.
 * @returns The session.
 * @throws {JournalNotOpened} When it can't be read.
 */
export function openReadSession(path: string): ReadSession {
  return readSession(openForReading(path));
}

/**
 * Opens a journal for writing.
 *
 * @param path The path of its file; the folder must exist.
 * @param options How it is written.
 * @returns The session.
 * @throws {JournalNotOpened} When another process has it or it can't be used.
 */
export function openWriteSession(path: string, options: WriteOptions): WriteSession {
  const lock = lockOrExplain(path);
  let database: DatabaseSync | undefined;
  try {
    const opened = openForWriting(path);
    database = opened;
    if (options.maxPages !== undefined) {
      opened.exec(`PRAGMA max_page_count = ${options.maxPages}`);
    }
    const session = readSession(opened);
    const writer = createWriter(opened, options.refusedCount);
    const [file, log] = [watchFile(path), watchFile(`${path}-wal`)];
    const lockFile = watchFile(lockPath(path));
    return {
      ...session,
      writer,
      inPlace: () => file() && log() && lockFile(),
      close() {
        try {
          closeMoved(opened, path, { database: file, log });
        } finally {
          lock.release();
        }
      },
    };
  } catch (error) {
    database?.close();
    lock.release();
    throw error;
  }
}

function lockOrExplain(path: string): ReturnType<typeof takeLock> {
  try {
    return takeLock(path);
  } catch (error) {
    if (error instanceof JournalNotOpened) throw error;
    const reason = describeError(error);
    throw new JournalNotOpened(`Cannot open journal "${path}": ${reason}`, { cause: error });
  }
}

function readSession(database: DatabaseSync): ReadSession {
  return {
    database,
    reader: createReader(database),
    exports: createExportTable(database),
    close: () => database.close(),
  };
}
