import type { Database } from "./connection.ts";

/** Several changes within so long make one note. */
const GATHER_MS = 10;
/** How long until it is tried again to listen. */
const AGAIN_MS = 1000;
const CHANNEL = "storehook_outbox";

/** Tells other instances that something is due, and hears of it. */
export interface Notes {
  /** Tells all of them, shortly. */
  readonly tell: () => void;
  readonly close: () => Promise<void>;
}

/**
 * Begins to listen. A note that is lost does no harm: whoever forwards looks by himself, too. A note
 * is sent by itself, since within a transaction it would make all commits wait for each other.
 *
 * @param database The database.
 * @param id The name of this process, which does not hear itself.
 * @param hear Called when another one tells something.
 * @returns What tells them.
 */
export function exchangeNotes(database: Database, id: string, hear: () => void): Notes {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;
  let telling: Promise<unknown> = Promise.resolve();
  let client: Awaited<ReturnType<Database["connect"]>> | undefined;
  let isClosed = false;
  let wasListening = false;
  let listening = listen();

  async function listen(): Promise<void> {
    try {
      const made = await database.connect();
      client = made;
      made.on("error", () => undefined);
      made.on("end", listenAgain);
      made.on("notification", ({ payload }) => {
        if (payload !== id) hear();
      });
      await made.query(`LISTEN ${CHANNEL}`);
      // What was told while nobody listened.
      if (wasListening) hear();
      wasListening = true;
      if (isClosed) await made.end();
    } catch {
      listenAgain();
    }
  }

  function listenAgain(): void {
    if (isClosed) return;
    clearTimeout(again);
    again = setTimeout(() => listening = listen(), AGAIN_MS);
  }

  return {
    tell() {
      if (isClosed) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        telling = database.query(`SELECT pg_notify('${CHANNEL}', $1)`, [id]).catch(() => undefined);
      }, GATHER_MS);
    },
    async close() {
      isClosed = true;
      clearTimeout(timer);
      clearTimeout(again);
      await telling;
      await listening;
      await client?.end().catch(() => undefined);
    },
  };
}
