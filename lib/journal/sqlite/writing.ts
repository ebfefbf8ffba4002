import { newExportIdentity, versionOf } from "../export.ts";
import { createListeners } from "../forwards.ts";
import type { Journal, JournalState, RefusedLimits } from "../journal.ts";
import { warnOfContradictions } from "../repeats.ts";
import type { Changes } from "./changes.ts";
import { encodeDelivery } from "./deliveries.ts";
import { encodeEvents } from "./events.ts";
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
  const reading = readingJournal(session);

  /** Also what waited behind what was called off may be due. */
  async function announced<T>(change: Promise<T>): Promise<T> {
    const result = await change;
    listeners.announce();
    return result;
  }

  return {
    ...reading,
    leaseOwner,
    outbox: {
      ...reading.outbox,
      lease: changes.lease,
      complete: changes.complete,
      release: (leases) => announced(changes.release(leases)),
      reclaim: (owner) => announced(changes.reclaim(owner)),
      disable: changes.disable,
      enable: (destination) => announced(changes.enable(destination)),
      pause: changes.pause,
      resume: (destination) => announced(changes.resume(destination)),
      correctDueDates: changes.correctDueDates,
      onChange: listeners.add,
      retry: (selection, now) => announced(changes.retry(selection, now)),
      resend: (selection, now) => announced(changes.resend(selection, now)),
      cancel: (selection) => announced(changes.cancel(selection)),
    },
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
