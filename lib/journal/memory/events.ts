import type { Delivery } from "../delivery.ts";
import { newDeliveryId as newId } from "../delivery_id.ts";
import { type EventSummary, type EventToRecord, type KeptEvent, KEYS_KEPT_MS } from "../events.ts";
import type { EventHolder, MemoryForwards } from "./forwards.ts";
import { comparePositions } from "./page.ts";

/** Events in memory. */
export interface MemoryEvents {
  /** Prepares to keep those that are new, and to count the others: what it returns can't fail. */
  readonly prepare: (delivery: Delivery, events: readonly EventToRecord[]) => () => void;
  readonly find: (id: string) => EventHolder | undefined;
  /** Oldest first. */
  readonly inOrder: () => readonly KeptEvent[];
  /** Those that may go: none of their forwards waits. Oldest first. */
  readonly done: () => readonly KeptEvent[];
  /** Removes an event with its forwards; its key is kept for as long as keys are. */
  readonly remove: (id: string, now: number) => void;
  /** Forgets the keys that are meant, among those of events that were removed. */
  readonly forgetKeys: (isMeant: (key: string, lastSeenAt: number) => boolean) => void;
  /** Takes out what an event holds. */
  readonly blank: (id: string, erasedAt: number, unlessNamed: (text: string) => string) => void;
  readonly bytes: () => number;
}

/** An event with nothing left in it that could fail. */
interface Prepared {
  /** What is kept of it if it is new. */
  readonly fresh: KeptEvent;
  readonly forwardTo: ReadonlySet<string>;
}

/** What an event takes beside its payload, roughly. */
const OVERHEAD_BYTES = 1024;

/**
 * Makes an empty collection.
 *
 * @param maxBytes The first ones that are done go when all together take more.
 * @param forwards Where their forwards are put.
 * @returns The collection.
 */
export function createMemoryEvents(maxBytes: number, forwards: MemoryForwards): MemoryEvents {
  const holders = new Map<string, EventHolder>();
  const byKey = new Map<string, EventHolder>();
  /** When keys without an event were seen last. */
  const pastKeys = new Map<string, number>();
  let bytes = 0;

  function insertOne({ receivedAt, answeredAt }: Delivery, { fresh, forwardTo }: Prepared): void {
    const key = keyOf(fresh);
    const known = byKey.get(key);
    if (known !== undefined) {
      const { event } = known;
      const lastSeenAt = Math.max(event.lastSeenAt, receivedAt);
      known.event = { ...event, duplicates: event.duplicates + 1, lastSeenAt };
    } else if (pastKeys.has(key)) {
      pastKeys.set(key, receivedAt);
    } else {
      const holder = { event: fresh };
      holders.set(holder.event.id, holder);
      byKey.set(key, holder);
      bytes += sizeOf(holder.event);
      for (const destination of forwardTo) forwards.insert(holder, destination, answeredAt);
    }
  }

  function isDone(holder: EventHolder): boolean {
    return forwards.ofEvent(holder).every(({ forward }) => forward.state !== "waiting");
  }

  function remove(id: string, now: number): void {
    const holder = holders.get(id);
    if (holder === undefined) return;
    const { event } = holder;
    bytes -= sizeOf(event);
    holders.delete(id);
    forwards.removeOf(holder);
    if (byKey.delete(keyOf(event)) && event.lastSeenAt > now - KEYS_KEPT_MS) {
      pastKeys.set(keyOf(event), event.lastSeenAt);
    }
  }

  function trim(): void {
    if (bytes <= maxBytes) return;
    for (const [id, holder] of holders) {
      if (isDone(holder)) remove(id, Date.now());
      if (bytes <= maxBytes) return;
    }
  }

  return {
    remove,
    prepare(delivery, events) {
      const prepared = events.map(({ forwardTo, ...received }) => ({
        fresh: keep(delivery, received),
        forwardTo: new Set(forwardTo),
      }));
      return () => {
        for (const event of prepared) insertOne(delivery, event);
        trim();
      };
    },
    find: (id) => holders.get(id),
    inOrder: () => Array.from(holders.values(), ({ event }) => event).sort(comparePositions),
    done: () =>
      Array.from(holders.values()).filter(isDone).map(({ event }) => event)
        .sort(comparePositions),
    forgetKeys(isMeant) {
      for (const [key, lastSeenAt] of pastKeys) if (isMeant(key, lastSeenAt)) pastKeys.delete(key);
    },
    blank(id, erasedAt, unlessNamed) {
      const holder = holders.get(id);
      if (holder === undefined) return;
      forwards.eraseOf(holder);
      byKey.delete(keyOf(holder.event));
      bytes -= sizeOf(holder.event);
      holder.event = blankOf(holder.event, erasedAt, unlessNamed);
      bytes += sizeOf(holder.event);
    },
    bytes: () => bytes,
  };
}

/**
 * Leaves the payload out of an event.
 *
 * @param event The event.
 * @returns What a list shows of it.
 */
export function summaryOf({ payload, ...event }: KeptEvent): EventSummary {
  return { ...event, payloadBytes: payload.byteLength };
}

function keyOf({ endpoint, key }: Pick<KeptEvent, "endpoint" | "key">): string {
  return JSON.stringify([endpoint, key]);
}

function keep(delivery: Delivery, event: Omit<EventToRecord, "forwardTo">): KeptEvent {
  const { id: deliveryId, endpoint, receivedAt } = delivery;
  return {
    ...event,
    id: newId(),
    deliveryId,
    endpoint,
    receivedAt,
    lastSeenAt: receivedAt,
    duplicates: 0,
    erasedAt: null,
    // The caller may use its buffers again.
    payload: event.payload.slice(),
  };
}

function blankOf(
  event: KeptEvent,
  erasedAt: number,
  unlessNamed: (text: string) => string,
): KeptEvent {
  return {
    ...event,
    erasedAt,
    source: unlessNamed(event.source),
    type: unlessNamed(event.type),
    key: "",
    subject: "",
    candidates: [],
    warnings: [],
    payload: new Uint8Array(),
  };
}

function sizeOf({ payload }: KeptEvent): number {
  return payload.byteLength + OVERHEAD_BYTES;
}
