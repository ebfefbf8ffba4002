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
  return {
    list: (options = {}) => session().reader.list(options),
    get: (id) => session().reader.get(id),
    each: (filter = {}) => walk(session, filter),
    findExport: (token, version) => session().exports.find(token, version),
    events: readingEvents(session),
    counts: () => session().reader.counts(),
    clockRecord: () => session().clock.read(),
    backup: async (file) => await backup(session().database, file),
  };
}

/**
 * Page by page: a single long query would keep the write-ahead log of a running server from being
 * emptied for as long as the walk takes.
 */
function* walk(session: () => ReadSession, filter: DeliveryFilter): Generator<StoredDelivery> {
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
