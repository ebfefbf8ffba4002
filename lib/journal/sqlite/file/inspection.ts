import type { DatabaseSync } from "node:sqlite";
import { integer } from "../columns.ts";
import { watchJournalFiles } from "./file_watch.ts";
import { assertSound, contentMark, JournalDamaged, type Thoroughness } from "./soundness.ts";

/** Looks after the files of an open journal. */
export interface Inspection {
  /** Tells whether the files that are written still stand where they were opened. */
  readonly inPlace: () => boolean;
  /**
   * Looks whether something else changed the files. Where nothing did that takes microseconds.
   *
   * @param written Whether this connection has written since it was asked for the last time.
   * @throws {JournalDamaged} When they hold no sound journal any more. It is left as it is then: what
   * can be rescued stands in its files.
   * @throws {Error} When something else wrote a sound one: it has to be opened anew.
   */
  readonly inspect: (written: boolean) => void;
  /** Has the next inspection look thoroughly, for a statement found damage. */
  readonly suspect: () => void;
  readonly isDamaged: () => boolean;
}

/** Damage is looked for again after so long, for somebody may have put it right. */
const AGAIN_MS = 1000;
/** Under load the log is emptied several times a second: not each time is looked at. */
const QUICK_EVERY_MS = 250;
const THOROUGH_EVERY_MS = 10_000;

/**
 * Begins to look after the files of a journal.
 *
 * @param database The open database.
 * @param path Its path.
 * @param files What watches its files.
 * @returns The inspection.
 * @throws {JournalDamaged} When the journal is not sound now.
 */
export function inspectFiles(
  database: DatabaseSync,
  path: string,
  files: ReturnType<typeof watchJournalFiles>,
): Inspection {
  const pageCount = database.prepare(
    "SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size",
  );
  let size = files.size();
  let damage: JournalDamaged | undefined;
  let isSuspect = false;
  let isQuickDue = false;
  let inspectedAt = -Infinity;
  let searchedAt = -Infinity;

  /** Not by the log: the file itself became shorter than what it holds. */
  function wasCutOff(): boolean {
    const before = size;
    size = files.size();
    return size < before && size < integer(pageCount.get(), "bytes");
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
    if (look(isDue ? "thorough" : "quick") === contentMark(database)) return;
    throw new Error("another program wrote to the file");
  }

  function inspect(written: boolean): void {
    const sinceMs = performance.now() - inspectedAt;
    const wasTouched = files.wasTouched();
    if (damage !== undefined && !wasTouched && sinceMs < AGAIN_MS) throw damage;
    if (wasTouched && wasCutOff()) isSuspect = true;
    isQuickDue ||= wasTouched;
    if (isSuspect || damage !== undefined) look("thorough");
    else if (wasTouched && !written) lookAtForeign();
    else if (isQuickDue && sinceMs > QUICK_EVERY_MS) look("quick");
  }

  return {
    inPlace: () => files.database() && files.log() && files.lock(),
    inspect,
    suspect() {
      isSuspect = true;
    },
    isDamaged: () => damage !== undefined,
  };
}
