import type { DatabaseSync } from "node:sqlite";
import { integerColumn } from "../columns.ts";
import type { JournalFilesLook } from "./files.ts";
import { assertSound, contentMark, JournalDamaged, type Thoroughness } from "./soundness.ts";

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
  /** Gives another number once another process has written as SQLite does; none if it can't tell. */
  readonly foreignVersion: () => number | undefined;
}

/**
 * Begins to look after the files of a journal.
 *
 * @param inspected The journal.
 * @returns The inspection.
 */
export function inspectFiles(
  { database, path, files, foreignVersion }: Inspected,
): Inspection {
  const pageCount = database.prepare(
    "SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size",
  );
  let version = foreignVersion();
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
    version = foreignVersion();
    return version !== undefined && version !== before;
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
      if (!wasChangedByOthers() && TELLS_WRITES_AT_ONCE) isSuspect = true;
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
