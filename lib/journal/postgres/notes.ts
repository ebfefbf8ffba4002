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
  /** Has a function called when another one tells something; from the first one on it listens. */
  readonly listen: (hear: () => void) => void;
  /** Ends it; what is to be told is told before. */
  readonly close: () => Promise<void>;
}

/**
 * Makes what tells instances of changes. A note that is lost does no harm: whoever forwards looks by
 * himself, too. A note is sent by itself, since within a transaction it would make all commits wait
 * for each other.
 *
 * @param database The database.
 * @param id The name of this process, which does not hear itself.
 * @returns What tells them, also where nobody listens here, as in a command.
 */
export function createNotes(database: Pick<Database, "query" | "connect">, id: string): Notes {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;
  let telling: Promise<unknown> = Promise.resolve();
  let client: Awaited<ReturnType<Database["connect"]>> | undefined;
  let hear: (() => void) | undefined;
  let isClosed = false;
  let wasListening = false;
  let listening = Promise.resolve();

  async function listen(): Promise<void> {
    try {
      const made = await database.connect();
      client = made;
      made.on("error", () => undefined);
      made.on("end", listenAgain);
      made.on("notification", ({ payload }) => {
        if (payload !== id) hear?.();
      });
      await made.query(`LISTEN ${CHANNEL}`);
      // What was told while nobody listened.
      if (wasListening) hear?.();
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

  function tellNow(): void {
    clearTimeout(timer);
    timer = undefined;
    telling = database.query(`SELECT pg_notify('${CHANNEL}', $1)`, [id]).catch(() => undefined);
  }

  return {
    tell() {
      if (!isClosed) timer ??= setTimeout(tellNow, GATHER_MS);
    },
    listen(listener) {
      if (hear === undefined) listening = listen();
      hear = listener;
    },
    async close() {
      isClosed = true;
      if (timer !== undefined) tellNow();
      clearTimeout(again);
      await telling;
      await listening;
      await client?.end().catch(() => undefined);
    },
  };
}
