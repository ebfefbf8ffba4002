import { newExportIdentity, versionOf } from "../export.ts";
import type { Journal, JournalState, RefusedLimits } from "../journal.ts";
import { createListeners } from "../listeners.ts";
import type { Changes } from "./changes.ts";
import { warnOfContradictions } from "../repeats.ts";
import { encodeDelivery } from "./deliveries/delivery_row.ts";
import { encodeEvents } from "./events/event_row.ts";
import { createOutbox } from "./forwards/outbox.ts";
import { readingJournal } from "./reading.ts";
import type { ReadSession } from "./session.ts";

/** What a journal that is written is made of. */
export interface Parts {
  readonly changes: Changes;
  /** Gives the session to read with. */
  readonly session: () => ReadSession;
  readonly state: () => JournalState;
  readonly close: () => Promise<void>;
  /** In whose name this process leases. */
  readonly leaseOwner: string;
  /** How much of refused deliveries is kept. */
  readonly refused: RefusedLimits;
}

/**
 * Fills the contract of a journal that is written.
 *
 * @param parts What it is made of.
 * @returns The journal.
 */
export function writingJournal(parts: Parts): Journal {
  const { changes, session, state, close, refused, leaseOwner } = parts;
  const listeners = createListeners();
  return {
    ...readingJournal(session),
    leaseOwner,
    outbox: createOutbox(changes, session, listeners),
    // An async function, so that what is thrown becomes a rejection.
    async record(delivery, { events: toRecord = [], exported } = {}) {
      const events = encodeEvents(delivery, toRecord);
      const encoded = encodeDelivery(delivery, refused);
      const contradicting = exported === undefined
        ? await changes.record(encoded, events)
        : await changes.record(encoded, events, versionOf(delivery, exported));
      warnOfContradictions(delivery.endpoint, contradicting);
      if (events.some(({ forwards }) => forwards.length > 0)) listeners.announce();
    },
    state,
    async exportOf(endpoint, listKey, externalId) {
      const known = session().exports.identity(endpoint, listKey);
      if (known !== undefined) return known;
      // Another call for the same list may come first: then its identity is the one.
      return await changes.assignExport(endpoint, listKey, newExportIdentity(externalId));
    },
    noteClock: changes.noteClock,
    prune: changes.prune,
    erase: changes.erase,
    close,
  };
}
