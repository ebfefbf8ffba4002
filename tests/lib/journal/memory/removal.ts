import type { StoredDelivery } from "../../../../lib/journal/delivery.ts";
import type { KeptEvent } from "../../../../lib/journal/events.ts";
import { isNotDone } from "../../../../lib/journal/forwards.ts";
import type {
  EraseCounts,
  EraseOptions,
  EraseResult,
  PruneOptions,
  PruneResult,
} from "../../../../lib/journal/journal.ts";
import { type MentionRole, type RoleTest, roleTest } from "../../../../lib/journal/mentions.ts";
import { type MemoryDeliveries, sizeOfDelivery } from "./deliveries.ts";
import { type MemoryEvents, sizeOfEvent } from "./events.ts";
import type { MemoryExports } from "./exports.ts";
import type { MemoryForwards } from "./forwards.ts";
import { countNotDone } from "./outbox_counts.ts";

/** What there is to remove. */
export interface Kept {
  readonly deliveries: MemoryDeliveries;
  readonly events: MemoryEvents;
  readonly exports: MemoryExports;
  readonly forwards: MemoryForwards;
}

/**
 * Removes what is too old or too much. So little is kept in memory that it takes no steps.
 *
 * @param kept What there is.
 * @param options What may go.
 * @returns What went.
 */
export function pruneMemory(kept: Kept, options: PruneOptions): PruneResult {
  const { deliveries, events, exports } = kept;
  const { olderThanMs = Infinity, maxBytes = Infinity, now = Date.now() } = options;
  const { dryRun = false } = options;
  const removed = { deliveries: 0, events: 0 };
  const givenUp = dryRun ? {} : giveUpBeyond(kept, options.maxWaitingBytes ?? Infinity, now);
  let bytes = deliveries.bytes() + events.bytes();
  // Of what came at one time, events go before their delivery: it takes them along.
  const oldestFirst = [
    ...events.done().map((event) => ({ table: "events" as const, ...event })),
    ...deliveries.inOrder().map((delivery) => ({ table: "deliveries" as const, ...delivery })),
  ].sort((a, b) => a.receivedAt - b.receivedAt);
  for (const one of oldestFirst) {
    if (one.receivedAt >= now - olderThanMs && bytes <= maxBytes) break;
    bytes -= one.table === "events" ? sizeOfEvent(one) : sizeOfDelivery(one);
    removed[one.table]++;
    if (dryRun) continue;
    if (one.table === "events") events.remove(one.id);
    else deliveries.remove(one.id);
  }
  const isOld = ({ savedAt }: { readonly savedAt: number }) => savedAt < now - olderThanMs;
  const exportVersions = dryRun
    ? exports.allVersions().filter(isOld).length
    : exports.removeVersions(isOld);
  return { ...removed, exportVersions, givenUp, done: true };
}

/** What waits alone is never too much here: the memory that all of it may take is bounded. */
function giveUpBeyond({ forwards }: Kept, maxWaitingBytes: number, now: number) {
  const givenUp: Record<string, number> = {};
  for (;;) {
    const [over] = Array.from(countNotDone(forwards))
      .filter(([, { waitingBytes }]) => waitingBytes > maxWaitingBytes);
    if (over === undefined) return givenUp;
    const [destination] = over;
    const [oldest] = forwards.waiting(destination, false);
    if (oldest === undefined) return givenUp;
    const error = `given up: what waits here takes more than ${maxWaitingBytes} bytes, ` +
      "see journal.maxWaitingBytes";
    oldest.history = [...oldest.history, { startedAt: now, durationMs: 0, status: null, error }];
    oldest.leasedUntil = 0;
    const { id, attempts } = oldest.forward;
    forwards.change(id, { state: "failed", attempts: attempts + 1, dueAt: null });
    givenUp[destination] = (givenUp[destination] ?? 0) + 1;
  }
}

/**
 * Takes a person's data out.
 *
 * @param kept What there is.
 * @param email The person's address.
 * @param options Which of it, and whether it is only counted.
 * @returns How much held it.
 * @throws {SyntaxError} When it is not an address.
 */
export function eraseMemory(
  { deliveries, events, exports, forwards }: Kept,
  email: string,
  { dryRun = false, role: wanted }: EraseOptions = {},
): EraseResult {
  const judge = roleTest(email);
  const roleOf: RoleTest = (contents) => {
    const role = judge(contents);
    return wanted === undefined || role === wanted ? role : null;
  };
  const unlessNamed = (text: string) => judge([text]) === null ? text : "";
  const rolesOfEvents = new Map(
    events.inOrder().flatMap((event) => withRole(event, roleOf(contentsOfEvent(event)))),
  );
  const byDelivery = new Map(
    Array.from(rolesOfEvents, ([{ deliveryId }, role]) => [deliveryId, role]),
  );
  const rolesOfDeliveries = new Map(
    deliveries.inOrder().flatMap((delivery) =>
      withRole(
        delivery,
        roleOf(contentsOfDelivery(delivery)) ??
          (delivery.erasedAt === null ? byDelivery.get(delivery.id) ?? null : null),
      )
    ),
  );
  const rolesOfVersions = exports.allVersions()
    .flatMap((version) => withRole(version, roleOf([version.list])));
  const calledOff = Array.from(rolesOfEvents.keys(), ({ id }) => events.find(id))
    .flatMap((holder) => holder === undefined ? [] : forwards.ofEvent(holder))
    .filter(({ forward }) => isNotDone(forward.state)).length;
  if (!dryRun) {
    for (const { id } of rolesOfDeliveries.keys()) deliveries.blank(id, Date.now(), unlessNamed);
    for (const { id } of rolesOfEvents.keys()) events.blank(id, Date.now(), unlessNamed);
    const erased = new Set(Array.from(rolesOfEvents.keys(), ({ id }) => id));
    events.forget(({ id, key, subject }) =>
      erased.has(id) || roleOf([subject, key ?? ""]) !== null
    );
    forwards.eraseErrors((error) => roleOf([error]) !== null);
    exports.removeVersions(({ list }) => roleOf([list]) !== null);
  }
  const counts = (isMeant: (role: MentionRole) => boolean): EraseCounts => ({
    deliveries: [...rolesOfDeliveries.values()].filter(isMeant).length,
    events: [...rolesOfEvents.values()].filter(isMeant).length,
    exportVersions: rolesOfVersions.filter(([, role]) => isMeant(role)).length,
  });
  return {
    ...counts(() => true),
    forwards: calledOff,
    ofStore: counts((role) => role === "store"),
  };
}

function withRole<T>(one: T, role: MentionRole | null): readonly [T, MentionRole][] {
  return role === null ? [] : [[one, role]];
}

function contentsOfEvent({ payload, subject, key, source, type, ...lists }: KeptEvent) {
  return [payload, subject, key, source, type, JSON.stringify([lists.candidates, lists.warnings])];
}

function contentsOfDelivery(delivery: StoredDelivery) {
  const { body, answer, headers, decisions, note = "", endpoint, requestId } = delivery;
  const texts = [JSON.stringify(headers), JSON.stringify(decisions), note, endpoint, requestId];
  return [body, answer, ...texts];
}
