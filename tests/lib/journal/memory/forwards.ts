import type { Attempt, Forward, ForwardState, Lease } from "../../../../lib/forward/outbox.ts";
import { newDeliveryId as newId } from "../../../../lib/journal/delivery.ts";
import type { KeptEvent } from "../../../../lib/journal/events.ts";
import { ERASED, isNotDone } from "../../../../lib/journal/forwards.ts";
import { comparePositions } from "./page.ts";

/** An event in memory; another one takes its place when something about it changes. */
export interface EventHolder {
  event: KeptEvent;
}

/** A forward in memory. */
export interface ForwardEntry {
  readonly holder: EventHolder;
  forward: Omit<Forward, "event">;
  /** In milliseconds since the epoch; 0 when nobody has it. */
  leasedUntil: number;
  /** The lease that is held; `null` when none is. */
  lease: Lease | null;
  /** How often it was leased. */
  leases: number;
  /** Oldest first. */
  history: readonly Attempt[];
}

/** Forwards in memory. */
export interface MemoryForwards {
  readonly insert: (holder: EventHolder, destination: string, createdAt: number) => void;
  readonly get: (id: string) => ForwardEntry | undefined;
  readonly all: () => readonly ForwardEntry[];
  readonly ofEvent: (holder: EventHolder) => readonly ForwardEntry[];
  /** Those that may be taken from a destination, now or later, oldest first. */
  readonly waiting: (destination: string, ordered: boolean) => readonly ForwardEntry[];
  readonly change: (id: string, parts: Partial<Omit<Forward, "event">>) => void;
  /** Calls off what is not done of an event, and forgets what its destinations said to it. */
  readonly eraseOf: (holder: EventHolder) => void;
  /** Forgets what destinations said where that is meant. */
  readonly eraseErrors: (isMeant: (error: string) => boolean) => void;
  readonly removeOf: (holder: EventHolder) => void;
}

/**
 * Makes an empty collection.
 *
 * @returns The collection.
 */
export function createMemoryForwards(): MemoryForwards {
  const entries = new Map<string, ForwardEntry>();
  const idsByEvent = new Map<EventHolder, string[]>();

  function ofEvent(holder: EventHolder): readonly ForwardEntry[] {
    return (idsByEvent.get(holder) ?? []).flatMap((id) => entries.get(id) ?? []);
  }

  function change(id: string, parts: Partial<Omit<Forward, "event">>): void {
    const entry = entries.get(id);
    if (entry !== undefined) entry.forward = { ...entry.forward, ...parts };
  }

  return {
    insert(holder, destination, createdAt) {
      const id = newId();
      const state: ForwardState = "waiting";
      const forward = {
        id,
        destination,
        state,
        attempts: 0,
        attemptsBefore: 0,
        createdAt,
        dueAt: createdAt,
      };
      entries.set(id, { holder, forward, leasedUntil: 0, lease: null, leases: 0, history: [] });
      idsByEvent.set(holder, [...idsByEvent.get(holder) ?? [], id]);
    },
    get: (id) => entries.get(id),
    all: () => [...entries.values()],
    ofEvent,
    waiting(destination, ordered) {
      const found = [...entries.values()]
        .filter(({ forward }) => forward.destination === destination && forward.state === "waiting")
        .sort((a, b) => comparePositions(positionOf(a), positionOf(b)));
      return ordered ? firstOfEachSubject(found) : found;
    },
    change,
    eraseOf(holder) {
      for (const entry of ofEvent(holder)) {
        const { forward: { id, state } } = entry;
        if (isNotDone(state)) change(id, { state: "cancelled", dueAt: null });
        entry.history = entry.history.map(eraseError);
      }
    },
    eraseErrors(isMeant) {
      for (const entry of entries.values()) {
        entry.history = entry.history.map((attempt) =>
          attempt.error !== null && isMeant(attempt.error) ? eraseError(attempt) : attempt
        );
      }
    },
    removeOf(holder) {
      for (const id of idsByEvent.get(holder) ?? []) entries.delete(id);
      idsByEvent.delete(holder);
    },
  };
}

/**
 * Tells where a forward stands in the order.
 *
 * @param entry The forward.
 * @returns Its place.
 */
export function positionOf({ forward }: ForwardEntry) {
  return { receivedAt: forward.createdAt, id: forward.id };
}

function eraseError(attempt: Attempt): Attempt {
  return { ...attempt, error: attempt.error === null ? null : ERASED };
}

function firstOfEachSubject(entries: readonly ForwardEntry[]): readonly ForwardEntry[] {
  const seen = new Set<string>();
  return entries.filter(({ holder: { event: { subject } } }) => {
    const isFirst = !seen.has(subject);
    seen.add(subject);
    return isFirst;
  });
}
