import type {
  Attempt,
  AttemptOutcome,
  Disabled,
  Forward,
  Lease,
  Outbox,
  Pause,
  StoredEvent,
} from "../../../lib/forward/outbox.ts";

/** A forward to put into the outbox. */
export interface ForwardToPut {
  /** Time-ordered. */
  readonly id: string;
  readonly destination: string;
  readonly event: StoredEvent;
  /** In milliseconds since the epoch; it is due from then on. */
  readonly createdAt: number;
}

/** An outbox that lives as long as the process. */
export interface MemoryOutbox extends Outbox {
  /** Records forwards. */
  put(forwards: readonly ForwardToPut[]): void;
  /** Finds one forward. */
  get(id: string): Forward | undefined;
  /** The attempts of one forward, oldest first. */
  attemptsOf(id: string): readonly Attempt[];
}

interface Entry {
  forward: Forward;
  /** Nobody may take it before that, in milliseconds since the epoch. */
  leasedUntil: number;
  /** The lease that is held. */
  lease: Lease | undefined;
  /** How often it was leased. */
  leases: number;
  readonly attempts: Attempt[];
}

/**
 * Makes an outbox in memory: the contract in few words, for tests of what works with an outbox.
 *
 * @returns The outbox, empty.
 */
export function memoryOutbox(): MemoryOutbox {
  const entries = new Map<string, Entry>();
  const disabledNow = new Map<string, Disabled>();
  const pausedNow = new Map<string, Pause>();
  const listeners = new Set<() => void>();
  const announce = () => listeners.forEach((listener) => listener());

  /** Those that may be taken, now or later, oldest first. */
  function waiting(destination: string, ordered: boolean): readonly Entry[] {
    const found = [...entries.values()]
      .filter(({ forward }) => forward.destination === destination && forward.state === "waiting")
      .toSorted(byAge);
    return ordered ? firstOfEachSubject(found) : found;
  }

  /** Gives the forward of a lease; `undefined` when it was not held. */
  function endLease({ id, owner, number }: Lease): Entry | undefined {
    const entry = entries.get(id);
    if (entry?.lease?.owner !== owner || entry.lease.number !== number) return undefined;
    entry.leasedUntil = -Infinity;
    entry.lease = undefined;
    return entry;
  }

  return {
    put(forwards) {
      for (const forward of forwards) {
        entries.set(forward.id, {
          forward: {
            ...forward,
            state: "waiting",
            attempts: 0,
            attemptsBefore: 0,
            dueAt: forward.createdAt,
          },
          leasedUntil: -Infinity,
          lease: undefined,
          leases: 0,
          attempts: [],
        });
      }
      announce();
    },
    get: (id) => entries.get(id)?.forward,
    attemptsOf: (id) => [...(entries.get(id)?.attempts ?? [])],
    lease({ owner, destination, limit, mostBytes = Infinity, leaseMs, now, ordered }) {
      let bytes = 0;
      const taken = waiting(destination, ordered)
        .filter((entry) => dueAtOf(entry) <= now)
        .slice(0, limit)
        .filter(({ forward }) => {
          const isTaken = bytes < mostBytes;
          bytes += forward.event.payload.byteLength;
          return isTaken;
        });
      return Promise.resolve(taken.map((entry) => {
        const lease = { id: entry.forward.id, owner, number: ++entry.leases };
        entry.leasedUntil = now + leaseMs;
        entry.lease = lease;
        return { ...entry.forward, lease };
      }));
    },
    reclaim(owner) {
      const held = [...entries.values()].filter(({ lease }) => lease?.owner === owner);
      for (const { lease } of held) if (lease !== undefined) endLease(lease);
      announce();
      return Promise.resolve(held.length);
    },
    complete(lease, attempt, outcome) {
      const entry = endLease(lease);
      if (entry !== undefined) {
        entry.attempts.push(attempt);
        entry.forward = completed(entry.forward, outcome);
      }
      return Promise.resolve(entry !== undefined);
    },
    release(leases) {
      const lost = leases.filter((lease) => endLease(lease) === undefined);
      announce();
      return Promise.resolve(lost);
    },
    nextDueAt(destination, ordered) {
      const times = waiting(destination, ordered).map(dueAtOf);
      return Promise.resolve(times.length === 0 ? null : times.reduce((a, b) => Math.min(a, b)));
    },
    disabled: () => Promise.resolve(new Map(disabledNow)),
    disable(destination, disabled) {
      if (!disabledNow.has(destination)) disabledNow.set(destination, disabled);
      return Promise.resolve();
    },
    enable(destination) {
      const wasDisabled = disabledNow.delete(destination);
      announce();
      return Promise.resolve(wasDisabled);
    },
    paused: () => Promise.resolve(new Map(pausedNow)),
    pause(destination, pause) {
      pausedNow.set(destination, pause);
      return Promise.resolve();
    },
    resume(destination) {
      const wasPaused = pausedNow.delete(destination);
      announce();
      return Promise.resolve(wasPaused);
    },
    correctDueDates(destination, latest, now) {
      const wrong = waiting(destination, false)
        .filter(({ forward: { dueAt, createdAt } }) =>
          (dueAt ?? 0) > latest || Math.min(createdAt, dueAt ?? 0) > now
        );
      for (const entry of wrong) entry.forward = { ...entry.forward, dueAt: now };
      return Promise.resolve(wrong.length);
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function byAge({ forward: a }: Entry, { forward: b }: Entry): number {
  return a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1);
}

function firstOfEachSubject(entries: readonly Entry[]): readonly Entry[] {
  const seen = new Set<string>();
  return entries.filter(({ forward: { event: { subject } } }) => {
    const isFirst = !seen.has(subject);
    seen.add(subject);
    return isFirst;
  });
}

function dueAtOf({ forward, leasedUntil }: Entry): number {
  return Math.max(forward.dueAt ?? Infinity, leasedUntil);
}

function completed(forward: Forward, outcome: AttemptOutcome): Forward {
  return {
    ...forward,
    state: outcome.state,
    attempts: forward.attempts + 1,
    dueAt: outcome.state === "waiting" ? outcome.dueAt : null,
  };
}
