import { createMemoryConsole } from "./console.ts";
import type { ClockRecord } from "../../../../lib/journal/clock_watch.ts";
import type { DeliverySummary, StoredDelivery } from "../../../../lib/journal/delivery.ts";
import type { DeliveryFilter } from "../../../../lib/journal/delivery_filter.ts";
import { JournalUnavailable } from "../../../../lib/journal/errors.ts";
import { versionOf } from "../../../../lib/journal/export.ts";
import {
  type Journal,
  REFUSED_LIMITS,
  type RefusedLimits,
} from "../../../../lib/journal/journal.ts";
import { createListeners } from "../../../../lib/journal/forwards.ts";
import { REPEAT_WINDOW_MS, warnOfContradictions } from "../../../../lib/journal/repeats.ts";
import { createMemoryDeliveries } from "./deliveries.ts";
import { readMemoryEvents } from "./event_reader.ts";
import { createMemoryEvents } from "./events.ts";
import { createMemoryExports } from "./exports.ts";
import { matchesFilter } from "./filter.ts";
import { createMemoryForwards } from "./forwards.ts";
import { createMemoryOutbox } from "./outbox.ts";
import { pageOf, streamOf, timeBehindOf } from "./page.ts";
import { eraseMemory, type Kept, pruneMemory } from "./removal.ts";

/** How much is kept in memory. */
export interface MemoryOptions {
  /** The first deliveries go when all together take more. */
  readonly maxBytes?: number;
  readonly refused?: RefusedLimits;
  /** How long an event that comes again can be a retry. */
  readonly repeatWindowMs?: number;
}

const MAX_BYTES = 64 * 1024 * 1024;

/**
 * Makes a journal that lives as long as the process: the contract in few words, as a model beside
 * which stores are tried, and for tests of what works with a journal.
 *
 * @param options How much is kept.
 * @returns The journal.
 */
export function memoryJournal(options: MemoryOptions = {}): Journal {
  const deliveries = createMemoryDeliveries(
    options.maxBytes ?? MAX_BYTES,
    options.refused ?? REFUSED_LIMITS,
  );
  const exports = createMemoryExports();
  const forwards = createMemoryForwards();
  const { maxBytes = MAX_BYTES, repeatWindowMs = REPEAT_WINDOW_MS } = options;
  const events = createMemoryEvents({ maxBytes, repeatWindowMs }, forwards);
  const kept: Kept = { deliveries, events, exports, forwards };
  const listeners = createListeners();
  let clock: ClockRecord | null = null;
  let closed = false;

  function ifOpen<T>(change: () => T): Promise<T> {
    if (closed) return unavailable("it is closed");
    // Within a promise, so that what is thrown becomes a rejection.
    return Promise.resolve().then(change);
  }

  const select = (filter: DeliveryFilter = {}) =>
    deliveries.inOrder().filter((delivery) => matchesFilter(delivery, filter));

  return {
    record: (delivery, { events: toRecord = [], exported } = {}) =>
      ifOpen(() => {
        // Whatever may fail comes before anything is changed.
        const insertDelivery = deliveries.prepare(delivery);
        const insertEvents = events.prepare(delivery, toRecord);
        const insertExport = exported === undefined
          ? undefined
          : exports.prepare(versionOf(delivery, exported));
        insertDelivery();
        warnOfContradictions(delivery.endpoint, insertEvents());
        insertExport?.();
        listeners.announce();
      }),
    console: createMemoryConsole(ifOpen),
    events: readMemoryEvents(events, forwards),
    outbox: createMemoryOutbox(forwards, listeners, ifOpen),
    state: () => closed ? { writable: false, reason: "it is closed" } : { writable: true },
    leaseOwner: crypto.randomUUID(),
    list: ({ limit, cursor, ...filter } = {}) =>
      Promise.try(() => {
        const page = pageOf(select(filter), (delivery) => delivery, { limit, cursor });
        return { deliveries: page.items.map(summaryOf), next: page.next };
      }),
    timeBehind: (rows, span) => timeBehindOf(select(span), (delivery) => delivery, rows, span),
    get: (id) => Promise.resolve(deliveries.get(id)),
    each: (filter) => streamOf(() => select(filter)),
    exportOf: (endpoint, listKey, externalId) =>
      ifOpen(() => exports.assign(endpoint, listKey, externalId)),
    findExport: (token, version) => Promise.resolve(exports.find(token, version)),
    clockRecord: () => Promise.resolve(clock),
    noteClock: (record) =>
      ifOpen(() => {
        clock = record;
      }),
    prune: (pruneOptions) => ifOpen(() => pruneMemory(kept, pruneOptions)),
    erase: (email, eraseOptions) => ifOpen(() => eraseMemory(kept, email, eraseOptions)),
    backup: () => unavailable("it is kept in memory, there is nothing to copy"),
    counts: () =>
      Promise.resolve({
        accepted: deliveries.size() - deliveries.refused(),
        refused: deliveries.refused(),
        exports: exports.size(),
        bytes: deliveries.bytes() + events.bytes(),
      }),
    close() {
      closed = true;
      return Promise.resolve();
    },
  };
}

function unavailable(reason: string): Promise<never> {
  return Promise.reject(new JournalUnavailable(`Cannot use the journal: ${reason}`));
}

function summaryOf(delivery: StoredDelivery): DeliverySummary {
  const { headers: _headers, body: _body, answer: _answer, ...summary } = delivery;
  return summary;
}
