import type { DeliverySummary, StoredDelivery } from "./delivery.ts";
import { JournalUnavailable } from "./errors.ts";
import { type DeliveryFilter, formatCursor, parseCursor, type Position } from "./filter.ts";
import {
  type EraseResult,
  type Journal,
  type PruneOptions,
  type PruneResult,
  REFUSED_LIMITS,
  type RefusedLimits,
} from "./journal.ts";
import { createMemoryDeliveries, type MemoryDeliveries } from "./memory_deliveries.ts";
import { createMemoryExports, type MemoryExports } from "./memory_exports.ts";
import { matchesFilter } from "./memory_filter.ts";
import { mentionTest } from "./mentions.ts";

/** How much is kept in memory. */
export interface MemoryOptions {
  /** The first deliveries go when all together take more. */
  readonly maxBytes?: number;
  readonly refused?: RefusedLimits;
}

const MAX_BYTES = 64 * 1024 * 1024;
const LIST_LIMIT = 50;

/**
 * Makes a journal that lives as long as the process: for tests, and for a server that is to keep
 * nothing.
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
  let closed = false;

  function ifOpen<T>(change: () => T): Promise<T> {
    if (closed) return unavailable("it is closed");
    // Within a promise, so that what is thrown becomes a rejection.
    return Promise.resolve().then(change);
  }

  return {
    record: (delivery) => ifOpen(() => deliveries.insert(delivery)),
    state: () => closed ? { writable: false, reason: "it is closed" } : { writable: true },
    list({ limit = LIST_LIMIT, cursor, ...filter } = {}) {
      const after = cursor === undefined ? undefined : parseCursor(cursor);
      const found = deliveries.inOrder().reverse().filter((delivery) =>
        matchesFilter(delivery, filter) && (after === undefined || isBehind(delivery, after))
      );
      const last = found[limit - 1];
      return {
        deliveries: found.slice(0, limit).map(summaryOf),
        next: found.length > limit && last !== undefined ? formatCursor(last) : null,
      };
    },
    get: deliveries.get,
    each: (filter: DeliveryFilter = {}) =>
      deliveries.inOrder().filter((delivery) => matchesFilter(delivery, filter)),
    exportOf: (endpoint, listKey, externalId) =>
      ifOpen(() => exports.assign(endpoint, listKey, externalId)),
    saveExport: (version) => ifOpen(() => exports.save(version)),
    findExport: exports.find,
    prune: (pruneOptions) => ifOpen(() => prune(deliveries, exports, pruneOptions)),
    erase: (email) => ifOpen(() => erase(deliveries, exports, email)),
    backup: () => unavailable("it is kept in memory, there is nothing to copy"),
    counts: () => ({
      accepted: deliveries.size() - deliveries.refused(),
      refused: deliveries.refused(),
      exports: exports.size(),
      bytes: deliveries.bytes(),
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

function isBehind(delivery: StoredDelivery, { receivedAt, id }: Position): boolean {
  return delivery.receivedAt < receivedAt ||
    delivery.receivedAt === receivedAt && delivery.id < id;
}

function summaryOf(delivery: StoredDelivery): DeliverySummary {
  const { headers: _headers, body: _body, answer: _answer, ...summary } = delivery;
  return summary;
}

/** So little is kept here that it takes no steps. */
function prune(
  deliveries: MemoryDeliveries,
  exports: MemoryExports,
  { olderThanMs = Infinity, maxBytes = Infinity, now = Date.now() }: PruneOptions,
): PruneResult {
  let removed = 0;
  for (const { id, receivedAt } of deliveries.inOrder()) {
    if (receivedAt >= now - olderThanMs && deliveries.bytes() <= maxBytes) break;
    deliveries.remove(id);
    removed++;
  }
  const exportVersions = exports.removeVersions(({ savedAt }) => savedAt < now - olderThanMs);
  return { deliveries: removed, exportVersions, done: true };
}

function erase(deliveries: MemoryDeliveries, exports: MemoryExports, email: string): EraseResult {
  const mentions = mentionTest(email);
  const meant = deliveries.inOrder().filter(({ body, answer, headers, decisions, note = "" }) =>
    mentions(body) || mentions(answer) || mentions(JSON.stringify([headers, decisions])) ||
    mentions(note)
  );
  for (const { id } of meant) deliveries.blank(id, Date.now());
  return {
    deliveries: meant.length,
    exportVersions: exports.removeVersions(({ list }) => mentions(list)),
  };
}
