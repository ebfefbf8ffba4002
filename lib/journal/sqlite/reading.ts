import type { StoredDelivery } from "../delivery.ts";
import type { DeliveryFilter, Position } from "../filter.ts";
import type { Journal } from "../journal.ts";
import { backup } from "./upkeep/backup.ts";
import { readingEvents } from "./events/reading_events.ts";
import type { ReadSession } from "./session.ts";

/** The part of the contract that changes nothing. */
export type ReadingJournal = Pick<
  Journal,
  "list" | "get" | "each" | "findExport" | "events" | "counts" | "clockRecord" | "backup"
>;

/** Keys that `each()` fetches at once; the deliveries themselves come one by one. */
const KEYS_AT_ONCE = 500;

/**
 * Fills the part of the contract that changes nothing.
 *
 * @param session Gives the session to read with.
 * @returns That part.
 */
export function readingJournal(session: () => ReadSession): ReadingJournal {
  /** What is thrown becomes a rejection. */
  const read = <T>(look: (session: ReadSession) => T) => Promise.try(() => look(session()));
  return {
    list: (options = {}) => read(({ reader }) => reader.list(options)),
    get: (id) => read(({ reader }) => reader.get(id)),
    each: (filter = {}) => walk(session, filter),
    findExport: (token, version) => read(({ exports }) => exports.find(token, version)),
    events: readingEvents(session),
    counts: () => read(({ reader }) => reader.counts()),
    clockRecord: () => read(({ clock }) => clock.read()),
    backup: async (file) => await backup(session().database, file),
  };
}

/**
 * Page by page: a single long query would keep the write-ahead log of a running server from being
 * emptied for as long as the walk takes.
 */
async function* walk(
  session: () => ReadSession,
  filter: DeliveryFilter,
): AsyncGenerator<StoredDelivery> {
  let after: Position | undefined;
  for (;;) {
    const keys = session().reader.keysAfter(filter, after, KEYS_AT_ONCE);
    for (const { seq } of keys) {
      const delivery = session().reader.bySeq(seq);
      // Retention may have removed it meanwhile.
      if (delivery !== undefined) yield delivery;
    }
    if (keys.length < KEYS_AT_ONCE) return;
    after = keys.at(-1);
  }
}
