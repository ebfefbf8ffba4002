import type { ReceivedEvent } from "../events/event.ts";

/** One try of a forward. */
export interface Attempt {
  /** In milliseconds since the epoch. */
  readonly startedAt: number;
  readonly durationMs: number;
  /** The HTTP status, `null` where there was none. */
  readonly status: number | null;
  /** What went wrong, in words without secrets; `null` when nothing did. */
  readonly error: string | null;
}

/** An event as the journal keeps it. */
export interface StoredEvent extends ReceivedEvent {
  /** Time-ordered, the same for every attempt: receivers tell repeats by it. */
  readonly id: string;
  readonly deliveryId: string;
  readonly endpoint: string;
  /** In milliseconds since the epoch. */
  readonly receivedAt: number;
  /** How often the same event came again. */
  readonly duplicates: number;
}

/** Where a forward stands: to be tried, tried with success, given up, called off. */
export type ForwardState = "waiting" | "delivered" | "failed" | "cancelled";

/** One event on its way to one destination. */
export interface Forward {
  readonly id: string;
  readonly destination: string;
  readonly event: StoredEvent;
  readonly state: ForwardState;
  /** How many attempts were made. */
  readonly attempts: number;
  /** How many of them were made before somebody started the schedule anew. */
  readonly attemptsBefore: number;
  /** In milliseconds since the epoch: when it was put into the outbox. */
  readonly createdAt: number;
  /** In milliseconds since the epoch: when the next attempt is due; `null` when there is none. */
  readonly dueAt: number | null;
}

/** That one worker has a forward, and nobody else. */
export interface Lease {
  /** The id of the forward. */
  readonly id: string;
  /** Who took it. */
  readonly owner: string;
  /** Counts the leases of this forward: whoever has an earlier one has it no more. */
  readonly number: number;
}

/** A forward that was taken. */
export interface LeasedForward extends Forward {
  readonly lease: Lease;
}

/** Which forwards a worker takes. */
export interface LeaseOptions {
  /** Who takes them: see {@linkcode Outbox.reclaim}. */
  readonly owner: string;
  readonly destination: string;
  readonly limit: number;
  /** After so many bytes of payload no further one is taken; there is no limit unless given. */
  readonly mostBytes?: number;
  /** How long nobody else may take them; a worker that dies is followed after that. */
  readonly leaseMs: number;
  /** What counts as now, in milliseconds since the epoch. */
  readonly now: number;
  /**
   * Takes of each subject only the oldest forward that is not done: what belongs together arrives
   * in order, and waits behind one that has to be tried again.
   */
  readonly ordered: boolean;
}

/** What became of an attempt. */
export type AttemptOutcome =
  | { readonly state: "delivered" }
  | { readonly state: "failed" }
  | { readonly state: "waiting"; readonly dueAt: number };

/** An attempt with what is to become of its forward. */
export interface Completion {
  readonly lease: Lease;
  readonly attempt: Attempt;
  readonly outcome: AttemptOutcome;
}

/** Why a destination gets nothing until somebody enables it. */
export interface Disabled {
  /** In milliseconds since the epoch. */
  readonly at: number;
  /** It answered 410, or nothing but failures came of it for long. */
  readonly reason: "gone" | "failing";
}

/** Stands in the place of a status where somebody paused a destination. */
export const PAUSED_BY_HAND = 0;

/** A rest that a destination asked for, or that somebody gave it. */
export interface Pause {
  /** In milliseconds since the epoch. */
  readonly at: number;
  /** Until when it gets nothing, in milliseconds since the epoch. */
  readonly until: number;
  /** The status by which it asked, or {@linkcode PAUSED_BY_HAND}. */
  readonly status: number;
}

/** Forwards that are not done, on disk: the row is written with the delivery that brought it. */
export interface Outbox {
  /**
   * Takes forwards that are due, oldest first, so that nobody else takes them for a while.
   *
   * @throws {JournalUnavailable} When that cannot be written.
   */
  lease(options: LeaseOptions): Promise<readonly LeasedForward[]>;
  /**
   * Ends the leases that were taken in a name before, as if they had run out. Whoever calls it
   * vouches that nobody works in that name any more: it is the only one that has it, and begins.
   *
   * @returns How many those were.
   * @throws {JournalUnavailable} When that cannot be written.
   */
  reclaim(owner: string): Promise<number>;
  /**
   * Writes what became of an attempt, and ends the lease. A lease that ran out counts until
   * somebody else has the forward.
   *
   * @returns Whether the lease was held; nothing is changed where it was not.
   * @throws {JournalUnavailable} When that cannot be written: the lease runs out by itself then.
   */
  complete(lease: Lease, attempt: Attempt, outcome: AttemptOutcome): Promise<boolean>;
  /**
   * Ends leases without an attempt: the worker stops.
   *
   * @returns Those that were not held any more.
   * @throws {JournalUnavailable} When that cannot be written.
   */
  release(leases: readonly Lease[]): Promise<readonly Lease[]>;
  /**
   * Tells when the next forward of a destination is due or its lease runs out, whichever is later;
   * `null` when none waits.
   *
   * @param ordered Counts of each subject only the oldest, as `lease()` does: else one that waits
   * behind another would seem due all the time.
   */
  nextDueAt(destination: string, ordered: boolean): Promise<number | null>;
  /** Tells which destinations get nothing until somebody enables them. */
  disabled(): Promise<ReadonlyMap<string, Disabled>>;
  /**
   * Keeps that a destination gets nothing. One that is disabled already stays as it is.
   *
   * @throws {JournalUnavailable} When that cannot be written.
   */
  disable(destination: string, disabled: Disabled): Promise<void>;
  /**
   * Lets a destination get something again.
   *
   * @returns Whether it was disabled.
   * @throws {JournalUnavailable} When that cannot be written.
   */
  enable(destination: string): Promise<boolean>;
  /** Tells which destinations asked for a rest; one whose rest is over may be among them. */
  paused(): Promise<ReadonlyMap<string, Pause>>;
  /**
   * Keeps that a destination gets nothing for a while, in the place of what was kept before.
   *
   * @throws {JournalUnavailable} When that cannot be written.
   */
  pause(destination: string, pause: Pause): Promise<void>;
  /**
   * Ends the rest of a destination.
   *
   * @returns Whether it had one.
   * @throws {JournalUnavailable} When that cannot be written.
   */
  resume(destination: string): Promise<boolean>;
  /**
   * Makes due what is due later than it can be, and what came later than now and is not due yet: a
   * clock was wrong when that was written.
   *
   * @param destination Of which destination.
   * @param latest The latest time that can be, in milliseconds since the epoch.
   * @param now What counts as now, in milliseconds since the epoch.
   * @returns How many those were.
   * @throws {JournalUnavailable} When that cannot be written.
   */
  correctDueDates(destination: string, latest: number, now: number): Promise<number>;
  /**
   * Calls a function whenever forwards were recorded or made due, or a destination was enabled
   * or its rest was ended.
   * Returns how to end that.
   */
  onChange(listener: () => void): () => void;
  /**
   * Says that a destination is forwarded to still, though it rests or nothing may be due. Absent where
   * one process has them all.
   */
  readonly want?: (destination: string) => void;
  /**
   * Calls a function with each destination that may be another process's by now: what is being sent
   * to it has to be called off, or two would send at a time. Absent where one process has them all.
   * Returns how to end that.
   */
  readonly onLost?: (listener: (destination: string) => void) => () => void;
}
