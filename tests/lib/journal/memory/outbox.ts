import type {
  Attempt,
  AttemptOutcome,
  Disabled,
  Lease,
  LeasedForward,
  LeaseOptions,
  Pause,
} from "../../../../lib/forward/outbox.ts";
import {
  ATTEMPTS_KEPT,
  deliveredBefore,
  type ForwardDetails,
  type ForwardFilter,
  type ForwardSelection,
  type ForwardStatus,
  type ForwardSummary,
  isIds,
  isNotDone,
  type JournalOutbox,
  type Listeners,
  stateAfter,
} from "../../../../lib/journal/forwards.ts";
import { summaryOf } from "./events.ts";
import { type ForwardEntry, type MemoryForwards, positionOf } from "./forwards.ts";
import { countByState, countNotDone } from "./outbox_counts.ts";
import { pageOf, timeBehindOf } from "./page.ts";

/**
 * Fills the contract of the outbox.
 *
 * @param forwards The forwards.
 * @param listeners Those who want to be told of changes.
 * @param ifOpen Makes a change unless the journal is closed.
 * @returns The outbox.
 */
export function createMemoryOutbox(
  forwards: MemoryForwards,
  listeners: Listeners,
  ifOpen: <T>(change: () => T) => Promise<T>,
): JournalOutbox {
  const disabledNow = new Map<string, Disabled>();
  const pausedNow = new Map<string, Pause>();
  return {
    lease: (options) => ifOpen(() => lease(forwards, options)),
    complete: (held, attempt, outcome) => ifOpen(() => complete(forwards, held, attempt, outcome)),
    release: (leases) =>
      ifOpen(() => {
        const lost = leases.filter((held) => endLease(forwards, held) === undefined);
        listeners.announce();
        return lost;
      }),
    reclaim: (owner) =>
      ifOpen(() => {
        const held = forwards.all().filter(({ forward, lease }) =>
          forward.state === "waiting" && lease?.owner === owner
        );
        for (const entry of held) {
          entry.leasedUntil = 0;
          entry.lease = null;
        }
        listeners.announce();
        return held.length;
      }),
    nextDueAt(destination, ordered) {
      const times = forwards.waiting(destination, ordered).map(readyAt);
      return Promise.resolve(
        times.length === 0 ? null : times.reduce((a, b) => Math.min(a, b)),
      );
    },
    disabled: () => Promise.resolve(new Map(disabledNow)),
    disable: (destination, disabled) =>
      ifOpen(() => {
        if (!disabledNow.has(destination)) disabledNow.set(destination, disabled);
      }),
    enable: (destination) =>
      ifOpen(() => {
        const wasDisabled = disabledNow.delete(destination);
        listeners.announce();
        return wasDisabled;
      }),
    paused: () => Promise.resolve(new Map(pausedNow)),
    pause: (destination, pause) => ifOpen(() => void pausedNow.set(destination, pause)),
    resume: (destination) =>
      ifOpen(() => {
        const wasPaused = pausedNow.delete(destination);
        listeners.announce();
        return wasPaused;
      }),
    correctDueDates: (destination, latest, now) =>
      ifOpen(() => {
        const wrong = forwards.waiting(destination, false)
          .filter(({ forward: { dueAt, createdAt } }) =>
            (dueAt ?? 0) > latest || Math.min(createdAt, dueAt ?? 0) > now
          );
        for (const { forward: { id } } of wrong) forwards.change(id, { dueAt: now });
        return wrong.length;
      }),
    onChange: listeners.add,
    list: ({ limit, cursor, ...filter } = {}) =>
      Promise.try(() => {
        const page = pageOf(select(forwards, filter), positionOf, { limit, cursor });
        return { forwards: page.items.map(forwardSummary), next: page.next };
      }),
    timeBehind: (rows, span = {}) => timeBehindOf(select(forwards, span), positionOf, rows, span),
    get(id) {
      const entry = forwards.get(id);
      return Promise.resolve(entry && detailsOf(entry));
    },
    retry: (selection, now = Date.now()) =>
      ifOpen(() => {
        const entries = select(forwards, selection)
          .filter(({ forward, holder }) =>
            forward.state !== "delivered" && holder.event.erasedAt === null
          );
        for (const { forward: { id, dueAt, attempts } } of entries) {
          const due = Math.min(dueAt ?? now, now);
          forwards.change(id, { state: "waiting", dueAt: due, attemptsBefore: attempts });
        }
        listeners.announce();
        return entries.length;
      }),
    resend: (selection, now = Date.now()) =>
      ifOpen(() => {
        const entries = select(forwards, deliveredBefore(selection, now)).filter((
          { forward, holder },
        ) => forward.state === "delivered" && holder.event.erasedAt === null);
        for (const { holder, forward } of entries) {
          forwards.insert(holder, forward.destination, now);
        }
        listeners.announce();
        return entries.length;
      }),
    count: (filter) => Promise.resolve(select(forwards, filter).length),
    cancel: (selection) =>
      ifOpen(() => {
        const entries = select(forwards, selection)
          .filter(({ forward }) => isNotDone(forward.state));
        for (const { forward: { id } } of entries) {
          forwards.change(id, { state: "cancelled", dueAt: null });
        }
        listeners.announce();
        return entries.length;
      }),
    counts: () => Promise.resolve(countNotDone(forwards)),
    countsByState: () => Promise.resolve(countByState(forwards)),
  };
}

/**
 * Tells where a forward stands.
 *
 * @param entry The forward.
 * @returns Where it stands, without its event.
 */
export function statusOf({ forward, leasedUntil, history }: ForwardEntry): ForwardStatus {
  return { ...forward, leasedUntil: leasedUntil || null, lastAttempt: history.at(-1) ?? null };
}

function forwardSummary(entry: ForwardEntry): ForwardSummary {
  return { ...statusOf(entry), event: summaryOf(entry.holder.event) };
}

function detailsOf(entry: ForwardEntry): ForwardDetails {
  return { ...statusOf(entry), event: entry.holder.event, history: entry.history };
}

function readyAt({ forward, leasedUntil }: ForwardEntry): number {
  return Math.max(forward.dueAt ?? Infinity, leasedUntil);
}

function lease(forwards: MemoryForwards, options: LeaseOptions): readonly LeasedForward[] {
  const { owner, destination, limit, mostBytes = Infinity, leaseMs, now, ordered } = options;
  let bytes = 0;
  const taken = forwards.waiting(destination, ordered)
    .filter((entry) => readyAt(entry) <= now)
    .slice(0, limit)
    .filter(({ holder }) => {
      const isTaken = bytes < mostBytes;
      bytes += holder.event.payload.byteLength;
      return isTaken;
    });
  return taken.map((entry) => {
    const { forward, holder } = entry;
    const held = { id: forward.id, owner, number: ++entry.leases };
    entry.leasedUntil = now + leaseMs;
    entry.lease = held;
    const { lastSeenAt: _lastSeenAt, erasedAt: _erasedAt, ...event } = holder.event;
    return { ...forward, event, lease: held };
  });
}

/** Ends a lease, and gives its forward; `undefined` when it was not held. */
function endLease(
  forwards: MemoryForwards,
  { id, owner, number }: Lease,
): ForwardEntry | undefined {
  const entry = forwards.get(id);
  if (entry?.lease?.owner !== owner || entry.lease.number !== number) return undefined;
  entry.leasedUntil = 0;
  entry.lease = null;
  return entry;
}

function complete(
  forwards: MemoryForwards,
  held: Lease,
  attempt: Attempt,
  outcome: AttemptOutcome,
): boolean {
  const entry = endLease(forwards, held);
  if (entry === undefined) return false;
  entry.history = [...entry.history, attempt].slice(-ATTEMPTS_KEPT);
  const state = stateAfter(entry.forward.state, outcome.state);
  const waits = state === "waiting" && outcome.state === "waiting";
  forwards.change(held.id, {
    state,
    attempts: entry.forward.attempts + 1,
    dueAt: waits ? outcome.dueAt : null,
  });
  return true;
}

function select(forwards: MemoryForwards, selection: ForwardSelection): readonly ForwardEntry[] {
  return isIds(selection)
    ? [...new Set(selection)].map(forwards.get).filter((entry) => entry !== undefined)
    : forwards.all().filter((entry) => matches(entry, selection));
}

function matches({ forward, holder }: ForwardEntry, filter: ForwardFilter): boolean {
  const { state, destination, eventId, since, until } = filter;
  return (state === undefined || forward.state === state) &&
    (destination === undefined || forward.destination === destination) &&
    (eventId === undefined || holder.event.id === eventId) &&
    (since === undefined || forward.createdAt >= since) &&
    (until === undefined || forward.createdAt < until);
}
