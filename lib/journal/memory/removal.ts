import { KEYS_KEPT_MS } from "../events.ts";
import type { EraseResult, PruneOptions, PruneResult } from "../journal.ts";
import type { MemoryDeliveries } from "./deliveries.ts";
import type { MemoryEvents } from "./events.ts";
import type { MemoryExports } from "./exports.ts";
import { mentionTest } from "../mentions.ts";

/** What there is to remove. */
export interface Kept {
  readonly deliveries: MemoryDeliveries;
  readonly events: MemoryEvents;
  readonly exports: MemoryExports;
}

/**
 * Removes what is too old or too much. So little is kept in memory that it takes no steps.
 *
 * @param kept What there is.
 * @param options What may go.
 * @returns What went.
 */
export function pruneMemory(
  { deliveries, events, exports }: Kept,
  { olderThanMs = Infinity, maxBytes = Infinity, now = Date.now() }: PruneOptions,
): PruneResult {
  const removed = { deliveries: 0, events: 0 };
  // Of what came at one time, events go before their delivery: it takes them along.
  const oldestFirst = [
    ...events.done().map(({ id, receivedAt }) => ({ table: "events" as const, id, receivedAt })),
    ...deliveries.inOrder()
      .map(({ id, receivedAt }) => ({ table: "deliveries" as const, id, receivedAt })),
  ].sort((a, b) => a.receivedAt - b.receivedAt);
  for (const { table, id, receivedAt } of oldestFirst) {
    const bytes = deliveries.bytes() + events.bytes();
    if (receivedAt >= now - olderThanMs && bytes <= maxBytes) break;
    if (table === "events") events.remove(id, now);
    else deliveries.remove(id);
    removed[table]++;
  }
  events.forgetKeys((_, lastSeenAt) => lastSeenAt <= now - KEYS_KEPT_MS);
  const exportVersions = exports.removeVersions(({ savedAt }) => savedAt < now - olderThanMs);
  return { ...removed, exportVersions, done: true };
}

/**
 * Takes a person's data out.
 *
 * @param kept What there is.
 * @param email The person's address.
 * @returns How much held it.
 * @throws {SyntaxError} When it is not an address.
 */
export function eraseMemory({ deliveries, events, exports }: Kept, email: string): EraseResult {
  const mentions = mentionTest(email);
  const ofPerson = events.inOrder().filter(({ payload, subject, key, candidates, warnings }) =>
    mentions(payload) || mentions(JSON.stringify([subject, key, candidates, warnings]))
  );
  const deliveryIds = new Set(ofPerson.map(({ deliveryId }) => deliveryId));
  const meant = deliveries.inOrder().filter((delivery) => {
    const { id, body, answer, headers, decisions, note = "" } = delivery;
    return mentions(body) || mentions(answer) || mentions(JSON.stringify([headers, decisions])) ||
      mentions(note) || (deliveryIds.has(id) && delivery.erasedAt === null);
  });
  for (const { id } of meant) deliveries.blank(id, Date.now());
  for (const { id } of ofPerson) events.blank(id, Date.now());
  events.forgetKeys((key) => mentions(key));
  return {
    deliveries: meant.length,
    events: ofPerson.length,
    exportVersions: exports.removeVersions(({ list }) => mentions(list)),
  };
}
