import { JournalNotOpened, JournalUnavailable } from "../../errors.ts";
import { watchFile } from "../file/file_watch.ts";
import { openReadSession, type ReadSession } from "../session.ts";

/** A session to read with. */
export interface Reading {
  /**
   * Gives the session, opened again when its files were removed or replaced.
   *
   * @throws {JournalUnavailable} When there is none just now.
   */
  readonly session: () => ReadSession;
  /** Has the session opened again: nothing of its files may be left open by this process then. */
  readonly refresh: () => void;
  readonly close: () => void;
}

interface Opened {
  readonly session: ReadSession;
  readonly inPlace: () => boolean;
}

/**
 * Keeps a session to read with, beside the thread that writes.
 *
 * @param path The path of the journal's file.
 * @returns The session; its file is opened when it is first asked for.
 */
export function keepReading(path: string): Reading {
  let current: Opened | undefined;
  let isClosed = false;

  function drop(): void {
    current?.session.close();
    current = undefined;
  }

  return {
    session() {
      if (isClosed) throw new JournalUnavailable("Cannot use the journal: it is closed");
      if (current !== undefined && !current.inPlace()) drop();
      current ??= open(path);
      return current.session;
    },
    refresh: drop,
    close() {
      isClosed = true;
      drop();
    },
  };
}

function open(path: string): Opened {
  try {
    const session = openReadSession(path);
    const files = [path, `${path}-wal`, `${path}-shm`].map(watchFile);
    return { session, inPlace: () => files.every((isSame) => isSame()) };
  } catch (error) {
    if (!(error instanceof JournalNotOpened)) throw error;
    throw new JournalUnavailable(error.message, { cause: error });
  }
}
