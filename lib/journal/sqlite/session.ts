import type { DatabaseSync } from "node:sqlite";
import { JournalNotOpened, notOpened } from "../errors.ts";
import { REPEAT_WINDOW_MS } from "../repeats.ts";
import { integerColumn } from "../columns.ts";
import { isServed, keepLog, takeLock, watchFile, watchJournalFiles } from "./files.ts";
import {
  closeWhole,
  openForMaintenance,
  openForReading,
  openForWriting,
  refuseDamaged,
} from "./database.ts";
import { type ConsoleTable, createConsoleTable } from "./console.ts";
import { createEventReader, type EventReader } from "./events.ts";
import { createEventWriter, type EventWriter } from "./events_writer.ts";
import { createExportTable, type ExportTable } from "./exports.ts";
import {
  type ClockTable,
  type Counts,
  createClockTable,
  createCounts,
  createDisabledTable,
  createPausedTable,
  type DisabledTable,
  type PausedTable,
} from "./small_tables.ts";
import { inspectFiles, type Inspection } from "./inspection.ts";
import { createLogEmptying, cutLog } from "./log_emptying.ts";
import { rollback } from "./migrations.ts";
import { describeError } from "./soundness.ts";
import { createForwardReader, type ForwardReader } from "./forwards.ts";
import { createForwardStates, createMarkLeading, type ForwardStates } from "./forward_states.ts";
import { createNewForwards } from "./new_forwards.ts";
import { createForwardsTogether } from "./forwards_together.ts";
import { createForwardWriter, type ForwardWriter } from "./forwards_writer.ts";
import { createDeliveryReader, type DeliveryReader } from "./deliveries.ts";
import { createDeliveryWriter, type DeliveryWriter } from "./deliveries_writer.ts";

/** An open journal for reading, with its prepared statements. */
export interface ReadSession {
  readonly database: DatabaseSync;
  readonly counts: Counts;
  readonly reader: DeliveryReader;
  readonly exports: ExportTable;
  readonly events: EventReader;
  readonly forwards: ForwardReader;
  readonly disabled: DisabledTable;
  readonly clock: ClockTable;
  readonly console: ConsoleTable;
  readonly paused: PausedTable;
  readonly close: () => void;
}

/** An open journal for writing. */
export interface WriteSession extends ReadSession, Omit<Inspection, "isDamaged" | "emptying"> {
  /** Runs the change in a transaction: all of it is stored, with what it changes in the counts. */
  readonly transaction: <T>(change: () => T) => T;
  /**
   * Gives another number once another process has written: a command, beside a server. Gives none
   * where the files can't be read: whoever uses them is told why.
   */
  readonly foreignVersion: () => number | undefined;
  /** Tells how many bytes the journal takes, without what is free in its file. */
  readonly usedBytes: () => number;
  /** Whether the log should be emptied when nobody waits. */
  readonly isLogFull: () => boolean;
  /**
   * Empties the log into the file.
   *
   * @param how As far as no reader is in the way; `cut` it off as well, so that nothing of what was
   * erased stands in it.
   * @throws As `inspect()` does.
   */
  readonly emptyLog: (how?: "cut") => void;
  readonly writer: DeliveryWriter;
  readonly eventWriter: EventWriter;
  readonly forwardStates: ForwardStates;
  readonly forwardWriter: ForwardWriter;
}

/**
 * Damaged databases, kept from being collected, which would close them: that would write the log
 * into what is damaged, and remove the log.
 */
const leftOpen = new Set<DatabaseSync>();

/** How a journal is written. */
export interface WriteOptions {
  /** How many refused deliveries are kept. */
  readonly refusedCount: number;
  /** How long an event that comes again can be a retry; 48 hours unless given. */
  readonly repeatWindowMs?: number | undefined;
  /** The file grows no further than this many pages of 4 KiB. */
  readonly maxPages?: number;
  /** Hears how much is done, from 0 to 1, while an older journal is brought up to date. */
  readonly onMigrating?: (done: number) => void;
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
 * Opens a journal for writing; no other process has one of the same file that was opened so.
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
    // Before anything is written to it, also by closing it.
    refuseDamaged(path);
    const opened = openForWriting(path, options.onMigrating);
    database = opened;
    if (options.maxPages !== undefined) {
      opened.exec(`PRAGMA max_page_count = ${options.maxPages}`);
    }
    const session = writeSession(opened, options);
    session.writer.load();
    session.eventWriter.load();
    const look = watchJournalFiles(path);
    const log = createLogEmptying(opened);
    const files = () => {
      const found = look();
      log.noteSize(found.logSize);
      return found;
    };
    const { foreignVersion } = session;
    const inspection = inspectFiles({ database: opened, path, files, foreignVersion });
    return {
      ...session,
      ...inspection,
      isLogFull: log.isDue,
      emptyLog(how) {
        inspection.emptying(() => how === "cut" ? cutLog(opened) : log.empty());
      },
      close() {
        try {
          const found = files();
          if (inspection.isDamaged() && found.database) leftOpen.add(opened);
          else closeWhole(opened, path, found);
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

/**
 * Opens a journal to change what is in it beside the process that records deliveries. That one
 * keeps in memory nothing that is changed here but a count of refused deliveries, which it takes
 * for an upper limit.
 *
 * @param path The path of its file.
 * @param options How it is written.
 * @returns The session.
 * @throws {JournalNotOpened} When it is missing or it can't be used.
 */
export function openMaintenanceSession(path: string, options: WriteOptions): WriteSession {
  const database = openForMaintenance(path);
  let log: ReturnType<typeof keepLog> | undefined;
  try {
    const kept = keepLog(path);
    log = kept;
    const session = writeSession(database, options);
    const inPlace = watchFile(path);
    return {
      ...session,
      close() {
        if (isServed(path)) session.close();
        else closeWhole(database, path, { database: inPlace(), log: inPlace() });
        kept.close();
      },
      // SQLite does that in a transaction, and nobody waits for an answer.
      isLogFull: () => false,
      emptyLog: () => cutLog(database),
      // What is in them the process that records deliveries looks at.
      inspect: inPlace,
      suspect: () => {},
    };
  } catch (error) {
    database.close();
    log?.close();
    throw error;
  }
}

function lockOrExplain(path: string): ReturnType<typeof takeLock> {
  try {
    return takeLock(path);
  } catch (error) {
    if (error instanceof JournalNotOpened) throw error;
    throw notOpened(path, describeError(error), error);
  }
}

function writeSession(
  database: DatabaseSync,
  { refusedCount, repeatWindowMs = REPEAT_WINDOW_MS }: WriteOptions,
): Omit<WriteSession, "inspect" | "suspect" | "isLogFull" | "emptyLog"> {
  const reading = readSession(database);
  const { counts } = reading;
  const markLeading = createMarkLeading(database);
  const forwardStates = createForwardStates(database, counts, markLeading);
  const newForwards = createNewForwards(database, counts, markLeading);
  const writer = createDeliveryWriter(database, {
    counts,
    refusedLimit: refusedCount,
    // That none is taken for a retry is said of events; of a delivery it is only told.
    repeatWindowMs: Math.max(repeatWindowMs, REPEAT_WINDOW_MS),
  });
  const dataVersion = database.prepare("PRAGMA data_version");
  // Prepared once: that takes ten times as long as to ask.
  const used = database.prepare(`
    SELECT (page_count - freelist_count) * page_size AS bytes
    FROM pragma_page_count, pragma_freelist_count, pragma_page_size`);
  const [begin, commit] = [database.prepare("BEGIN IMMEDIATE"), database.prepare("COMMIT")];
  return {
    ...reading,
    writer,
    eventWriter: createEventWriter(database, {
      ...{ counts, newForwards, forwardStates, repeatWindowMs },
    }),
    forwardStates,
    forwardWriter: createForwardWriter(
      database,
      forwardStates,
      createForwardsTogether(database, counts),
      newForwards,
    ),
    usedBytes: () => integerColumn(used.get(), "bytes"),
    foreignVersion() {
      try {
        return integerColumn(dataVersion.get(), "data_version");
      } catch {
        return undefined;
      }
    },
    transaction(change) {
      begin.run();
      try {
        const result = change();
        counts.write();
        commit.run();
        writer.end(true);
        return result;
      } catch (error) {
        rollback(database);
        counts.forget();
        writer.end(false);
        throw error;
      }
    },
  };
}

function readSession(database: DatabaseSync): ReadSession {
  const counts = createCounts(database);
  const forwards = createForwardReader(database, counts);
  return {
    database,
    counts,
    reader: createDeliveryReader(database, counts),
    exports: createExportTable(database, counts),
    events: createEventReader(database, forwards, counts),
    forwards,
    disabled: createDisabledTable(database),
    clock: createClockTable(database),
    console: createConsoleTable(database),
    paused: createPausedTable(database),
    close: () => database.close(),
  };
}
