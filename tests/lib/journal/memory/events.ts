import { type Delivery, newDeliveryId as newId } from "../../../../lib/journal/delivery.ts";
import type { EventSummary, EventToRecord, KeptEvent } from "../../../../lib/journal/events.ts";
import {
  type ComingEvent,
  CONTRADICTION_WARNING,
  judgeRepeats,
} from "../../../../lib/journal/repeats.ts";
import type { EventHolder, MemoryForwards } from "./forwards.ts";
import { comparePositions } from "./page.ts";
import { createMemoryRecentEvents, type RecentEvent } from "./recent_events.ts";

/** Events in memory. */
export interface MemoryEvents {
  /**
   * Prepares to keep those that are new, and to count the others: what it returns can't fail. That
   * gives the ids of those that are kept though the sender's id was known.
   */
  readonly prepare: (
    delivery: Delivery,
    events: readonly EventToRecord[],
  ) => () => readonly string[];
  readonly find: (id: string) => EventHolder | undefined;
  /** Oldest first. */
  readonly inOrder: () => readonly KeptEvent[];
  /** Those that may go: none of their forwards waits. Oldest first. */
  readonly done: () => readonly KeptEvent[];
  /** Removes an event with its forwards; the rule for repeats knows it on. */
  readonly remove: (id: string) => void;
  /** Takes out what the rule for repeats knows of the events that are meant. */
  readonly forget: (isMeant: (event: RecentEvent) => boolean) => void;
  /** Takes out what an event holds. */
  readonly blank: (id: string, erasedAt: number, unlessNamed: (text: string) => string) => void;
  readonly bytes: () => number;
}

/** An event with nothing left in it that could fail. */
interface Prepared {
  readonly coming: ComingEvent;
  /** What is kept of it if it is new. */
  readonly fresh: KeptEvent;
  readonly forwardTo: ReadonlySet<string>;
}

/** What an event takes beside its payload, roughly. */
const OVERHEAD_BYTES = 1024;

/** How much is kept of events in memory, and how long a repeat can be a retry. */
export interface MemoryEventOptions {
  /** The first ones that are done go when all together take more. */
  readonly maxBytes: number;
  readonly repeatWindowMs: number;
}

/**
 * Makes an empty collection.
 *
 * @param options How much is kept.
 * @param forwards Where their forwards are put.
 * @returns The collection.
 */
export function createMemoryEvents(
  { maxBytes, repeatWindowMs }: MemoryEventOptions,
  forwards: MemoryForwards,
): MemoryEvents {
  const holders = new Map<string, EventHolder>();
  const recent = createMemoryRecentEvents();
  let bytes = 0;

  function seeAgain(id: string, receivedAt: number): void {
    const holder = holders.get(id);
    if (holder === undefined) return;
    const { event } = holder;
    const lastSeenAt = Math.max(event.lastSeenAt, receivedAt);
    holder.event = { ...event, duplicates: event.duplicates + 1, lastSeenAt };
  }

  function keepOne({ answeredAt }: Delivery, { fresh, forwardTo }: Prepared): void {
    const holder = { event: fresh };
    holders.set(fresh.id, holder);
    bytes += sizeOfEvent(fresh);
    for (const destination of forwardTo) forwards.insert(holder, destination, answeredAt);
  }

  function insert(delivery: Delivery, prepared: readonly Prepared[]): readonly string[] {
    const { id: deliveryId, endpoint, receivedAt } = delivery;
    const coming = prepared.map((one) => one.coming);
    const verdicts = judgeRepeats(coming, receivedAt, repeatWindowMs, recent.at(endpoint));
    const contradicting: string[] = [];
    /** The id of the event that each of the delivery is, or repeats. */
    const ids: string[] = [];
    for (const [index, one] of prepared.entries()) {
      const verdict = verdicts[index] ?? { kind: "new", contradicts: false };
      if (verdict.kind === "new") {
        const { id, warnings } = one.fresh;
        ids.push(id);
        if (verdict.contradicts) contradicting.push(id);
        const fresh = verdict.contradicts
          ? { ...one.fresh, warnings: [...warnings, CONTRADICTION_WARNING] }
          : one.fresh;
        keepOne(delivery, { ...one, fresh });
        recent.insert(endpoint, { ...one.coming, id, receivedAt, deliveryId });
        continue;
      }
      const { kind, of } = verdict;
      ids.push(kind === "repeat" ? of.id : ids[of] ?? "");
      seeAgain(ids[index] ?? "", receivedAt);
      if (kind === "repeat") of.deliveryId = deliveryId;
    }
    recent.forget(receivedAt, repeatWindowMs);
    return contradicting;
  }

  function isDone(holder: EventHolder): boolean {
    return forwards.ofEvent(holder).every(({ forward }) => forward.state !== "waiting");
  }

  function remove(id: string): void {
    const holder = holders.get(id);
    if (holder === undefined) return;
    bytes -= sizeOfEvent(holder.event);
    holders.delete(id);
    forwards.removeOf(holder);
  }

  function trim(): void {
    if (bytes <= maxBytes) return;
    for (const [id, holder] of holders) {
      if (isDone(holder)) remove(id);
      if (bytes <= maxBytes) return;
    }
  }

  return {
    remove,
    prepare(delivery, events) {
      const prepared = events.map(({ forwardTo, content, ...received }) => ({
        coming: { subject: received.subject, key: received.key, content },
        fresh: keep(delivery, received),
        forwardTo: new Set(forwardTo),
      }));
      return () => {
        const contradicting = insert(delivery, prepared);
        trim();
        return contradicting;
      };
    },
    find: (id) => holders.get(id),
    inOrder: () => Array.from(holders.values(), ({ event }) => event).sort(comparePositions),
    done: () =>
      Array.from(holders.values()).filter(isDone).map(({ event }) => event)
        .sort(comparePositions),
    forget: recent.blank,
    blank(id, erasedAt, unlessNamed) {
      const holder = holders.get(id);
      if (holder === undefined) return;
      forwards.eraseOf(holder);
      bytes -= sizeOfEvent(holder.event);
      holder.event = blankOf(holder.event, erasedAt, unlessNamed);
      bytes += sizeOfEvent(holder.event);
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

function keep(delivery: Delivery, event: Omit<EventToRecord, "forwardTo" | "content">): KeptEvent {
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

/**
 * Tells what an event takes in memory, roughly.
 *
 * @param event It.
 * @returns Bytes.
 */
export function sizeOfEvent({ payload }: KeptEvent): number {
  return payload.byteLength + OVERHEAD_BYTES;
}
