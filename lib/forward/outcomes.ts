/** Outcomes of attempts on their way to the journal: where many come, together. */
import { log } from "../observe/log.ts";
import { pause } from "../util/waiting.ts";
import type { Attempt, AttemptOutcome, LeasedForward, Outbox } from "./outbox.ts";
import { journalPauseMs } from "./retry_policy.ts";

/** Nobody who looks misses an outcome for longer. */
const LATEST_MS = 20;
/** With more in one transaction, each costs hardly less. */
const MANY = 256;

/** Outcomes that are collected. */
export interface Outcomes<Made> {
  /**
   * Adds one.
   *
   * @param frees Whether what waits behind it in its subject is due then.
   */
  readonly add: (made: Made, frees: boolean) => void;
  /** How many are collected. */
  readonly size: () => number;
  /** How many are collected, and how many being written. */
  readonly unwritten: () => number;
  /** Whether one of them frees another forward. */
  readonly free: () => boolean;
  /**
   * Whether to write them now.
   *
   * @param isAwaited Whether something may wait for them.
   */
  readonly areDue: (isAwaited: boolean) => boolean;
  /** In how many milliseconds they are due whoever waits; `Infinity` where there are none. */
  readonly dueInMs: () => number;
  /** Has all of them written: what is asked of the journal right after goes to the disk with them. */
  readonly write: () => void;
}

/**
 * Makes an empty collection.
 *
 * @param write Has one written; resolves when that is done or given up, and does not reject.
 * @param monotonic Tells the time, in milliseconds of a clock that is never set.
 * @returns It.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const written: string[] = [];
 * const outcomes = createOutcomes((made: string) => Promise.resolve(void written.push(made)));
 * outcomes.add("first", true);
 * assertEquals([outcomes.size(), written], [1, []]);
 * outcomes.write();
 * assertEquals([outcomes.size(), written], [0, ["first"]]);
 * ```
 */
export function createOutcomes<Made>(
  write: (made: Made) => Promise<void>,
  monotonic: () => number = () => performance.now(),
): Outcomes<Made> {
  // Values, and not what writes them: of what waits for a while, as little as can be is kept.
  let collected: Made[] = [];
  let doesFree = false;
  let oldestAt = 0;
  let underWay = 0;

  function ended(): void {
    underWay--;
  }

  function dueInMs(): number {
    return collected.length === 0 ? Infinity : Math.max(0, oldestAt + LATEST_MS - monotonic());
  }

  return {
    add(made, frees) {
      if (collected.length === 0) oldestAt = monotonic();
      collected.push(made);
      doesFree ||= frees;
    },
    size: () => collected.length,
    unwritten: () => collected.length + underWay,
    free: () => doesFree,
    // Those that come while others are written are the next to be written together.
    areDue: (isAwaited) =>
      collected.length > 0 &&
      ((underWay === 0 && (isAwaited || collected.length >= MANY)) || dueInMs() === 0),
    dueInMs,
    write() {
      const all = collected;
      collected = [];
      doesFree = false;
      underWay += all.length;
      for (const made of all) write(made).then(ended);
    },
  };
}

/** What became of an attempt, to be written. */
export interface CompletedAttempt {
  readonly forward: LeasedForward;
  readonly attempt: Attempt;
  readonly outcome: AttemptOutcome;
  /** When the lease runs out, in milliseconds since the epoch: from then on it is not ours. */
  readonly leasedUntil: number;
  /** Gives up what cannot be written. */
  readonly signal: AbortSignal;
}

/**
 * Writes what became of an attempt; while the journal can't be written, again and again until the
 * lease runs out. Each time that saves the receiver a repeat.
 *
 * @param outbox Where.
 * @param completed What.
 * @param now Tells the time, in milliseconds since the epoch.
 */
export async function completeAttempt(
  outbox: Outbox,
  { forward: { lease }, attempt, outcome, leasedUntil, signal }: CompletedAttempt,
  now: () => number,
): Promise<void> {
  for (let failures = 1;; failures++) {
    try {
      if (!await outbox.complete(lease, attempt, outcome)) {
        log.warn("Forward {id} was taken by another worker before its attempt came to its end", {
          id: lease.id,
        });
      }
      return;
    } catch (error) {
      const pauseMs = journalPauseMs(failures);
      if (signal.aborted || now() + pauseMs >= leasedUntil) {
        log.warn("Cannot write what became of forward {id}, which is made again: {error}", {
          id: lease.id,
          error,
        });
        return;
      }
      await pause(pauseMs, signal);
    }
  }
}
