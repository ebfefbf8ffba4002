import type { EventFilter, JournalEvents, KeptEvent } from "../../events.ts";
import type { Position } from "../../filter.ts";
import type { ReadSession } from "../session.ts";

/** Keys that `each()` fetches at once; the events themselves come one by one. */
const KEYS_AT_ONCE = 500;

/**
 * Fills the contract of events.
 *
 * @param session Gives the session to read with.
 * @returns The events.
 */
export function readingEvents(session: () => ReadSession): JournalEvents {
  const read = <T>(look: (events: ReadSession["events"]) => T) =>
    Promise.try(() => look(session().events));
  return {
    list: (options = {}) => read((events) => events.list(options)),
    get: (id) => read((events) => events.get(id)),
    each: (filter = {}) => walk(session, filter),
    counts: () => read((events) => events.counts()),
  };
}

/** Page by page, for the reason that deliveries are: see `reading.ts`. */
async function* walk(
  session: () => ReadSession,
  filter: EventFilter,
): AsyncGenerator<KeptEvent> {
  let after: Position | undefined;
  for (;;) {
    const keys = session().events.keysAfter(filter, after, KEYS_AT_ONCE);
    for (const { seq } of keys) {
      const event = session().events.bySeq(seq);
      // Retention may have removed it meanwhile.
      if (event !== undefined) yield event;
    }
    if (keys.length < KEYS_AT_ONCE) return;
    after = keys.at(-1);
  }
}
