/** How a destination fares: what it did lately, and what is known of it by all that forward. */
import { log } from "../observe/log.ts";
import type { ClockJumps } from "../observe/clock_jumps.ts";
import { type Disabled, type Outbox, type Pause, PAUSED_BY_HAND } from "./outbox.ts";
import type { Destination } from "./attempt.ts";
import { LONGEST_RETRY_AFTER_MS } from "./retry_policy.ts";

/** How a destination fares. */
export interface HealthState {
  /** Failed attempts since the last that succeeded. */
  readonly failuresInRow: number;
  /** When the first of them failed, in milliseconds since the epoch; `null` when there is none. */
  readonly failingSince: number | null;
  /** What the last of them failed with; `null` when there is none. */
  readonly lastError: string | null;
  /** The rest that it asked for; `null` when there is none. */
  readonly paused: Pause | null;
  /** `null` while it is enabled. */
  readonly disabled: Disabled | null;
}

/** When a destination is given up: both have to be reached. */
export interface FailureLimit {
  /** For how long every attempt failed, in milliseconds. */
  readonly ms: number;
  /** How many failed. One forward alone, which may itself be the reason, does not reach it. */
  readonly attempts: number;
}

/**
 * Less than a forward takes to use up its attempts: while a destination is down, its forwards are
 * kept rather than failed.
 */
export const FAILURE_LIMIT: FailureLimit = { ms: 60 * 60 * 60 * 1000, attempts: 20 };

const GONE = 410;

/** Keeps book of how a destination fares. */
export interface Health {
  succeeded(): void;
  /** Tells whether the destination is to be disabled for it. */
  failed(at: number, status: number | null, error: string): Disabled["reason"] | null;
  /** Gives it a rest. One that ends later stays. */
  pause(pause: Pause): void;
  /** Ends its rest. */
  resume(): void;
  /** Moves what it knows of the past by as much as the clock was set, in milliseconds. */
  shift(ms: number): void;
  /** Tells whether that is new. */
  disable(disabled: Disabled): boolean;
  enable(): void;
  /** Its settings are no more: what comes of attempts by them does not disable what has others. */
  retire(): void;
  state(): HealthState;
}

const FINE: HealthState = {
  failuresInRow: 0,
  failingSince: null,
  lastError: null,
  paused: null,
  disabled: null,
};

/**
 * Starts to keep book.
 *
 * @param limit When a destination that fails is given up.
 * @returns The book, empty.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const health = createHealth({ ms: 1000, attempts: 2 });
 * assertEquals(health.failed(0, 500, "erp.example answered 500"), null);
 * assertEquals(health.failed(1000, 500, "erp.example answered 500"), "failing");
 * assertEquals(health.failed(1001, 410, "erp.example answered 410"), "gone");
 * ```
 */
export function createHealth(limit: FailureLimit = FAILURE_LIMIT): Health {
  let state = FINE;
  let isRetired = false;
  return {
    succeeded() {
      if (state.failuresInRow === 0) return;
      state = { ...state, failuresInRow: 0, failingSince: null, lastError: null };
    },
    failed(at, status, error) {
      const failingSince = state.failingSince ?? at;
      const failuresInRow = state.failuresInRow + 1;
      state = { ...state, failuresInRow, failingSince, lastError: error };
      if (status === GONE) return "gone";
      return at - failingSince >= limit.ms && failuresInRow >= limit.attempts ? "failing" : null;
    },
    pause(pause) {
      if (pause.until > (state.paused?.until ?? 0)) state = { ...state, paused: pause };
    },
    resume() {
      state = { ...state, paused: null };
    },
    shift(ms) {
      const { failingSince, paused } = state;
      state = {
        ...state,
        failingSince: failingSince === null ? null : failingSince + ms,
        paused: paused === null
          ? null
          : { ...paused, at: paused.at + ms, until: paused.until + ms },
      };
    },
    disable(disabled) {
      if (isRetired || state.disabled !== null) return false;
      state = { ...state, disabled };
      return true;
    },
    enable() {
      state = FINE;
    },
    retire() {
      isRetired = true;
    },
    state: () => state,
  };
}

/** How often to look whether another process has disabled a destination that this one found well. */
const LOOK_AT_OTHERS_EVERY_MS = 1000;

/**
 * Keeps the same what a destination's book says and what the outbox keeps: that it is disabled
 * outlives the process, whichever process found that out, and any process may enable it.
 *
 * @param name The destination's name.
 * @param outbox Where it is kept.
 * @param health The book.
 * @param monotonic Tells the time, in milliseconds of a clock that is never set.
 * @returns What compares the two, to be called before anything is taken. It rejects when the outbox
 * can't be used; the next call goes on.
 */
export function syncDisabled(
  name: string,
  outbox: Outbox,
  health: Health,
  monotonic: () => number,
): () => Promise<void> {
  /** Whether the outbox is known to keep what the book says. */
  let isKept = true;
  let lookedAt = -Infinity;

  return async () => {
    const { disabled } = health.state();
    if (disabled !== null && !isKept) {
      await outbox.disable(name, disabled);
      isKept = true;
      return;
    }
    if (disabled === null && monotonic() < lookedAt + LOOK_AT_OTHERS_EVERY_MS) return;
    const found = (await outbox.disabled()).get(name);
    lookedAt = monotonic();
    // An attempt may have come to its end meanwhile.
    if (health.state().disabled !== disabled) return;
    isKept = found !== undefined;
    if (found === undefined && disabled !== null) {
      health.enable();
      log.info("Destination {destination} is enabled", { destination: name });
    } else if (found !== undefined && disabled === null) {
      health.disable(found);
      log.error(
        "Destination {destination} is disabled since {since}; its forwards wait until it is enabled",
        { destination: name, since: new Date(found.at).toISOString() },
      );
    }
  };
}

/** How often to look for a rest that was given by hand, where much is sent. */
const LOOK_EVERY_MS = 20;

/**
 * Keeps the same what a destination's book says and what the outbox keeps: the rest that it asked
 * for outlives the process, any process can show it, and any may end it.
 *
 * @param name The destination's name.
 * @param outbox Where it is kept.
 * @param health The book.
 * @param maxPauseMs The longest rest, in milliseconds: one that was kept may be of other settings, or
 * of another clock.
 * @param monotonic Tells the time, in milliseconds of a clock that is never set.
 * @returns What compares the two, to be called before anything is taken, with what counts as now,
 * and whether much is sent. It rejects when the outbox can't be used; the next call goes on.
 */
export function syncPaused(
  name: string,
  outbox: Outbox,
  health: Health,
  maxPauseMs: number,
  monotonic: () => number = () => performance.now(),
): (now: number, isMuchSent: boolean) => Promise<void> {
  /** What the outbox was seen to keep, as it stands there. */
  let row: Pause | undefined;
  /** What the book was given for it. */
  let kept: Pause | undefined;
  let lookedAt = -Infinity;

  /** What somebody else kept: who pauses it by hand means it, also while it rests. */
  function takeOver(found: Pause, now: number): void {
    const { paused } = health.state();
    const isNew = paused !== kept;
    row = found;
    kept = found.status === PAUSED_BY_HAND
      ? found
      : { ...found, until: Math.min(found.until, now + maxPauseMs) };
    health.resume();
    health.pause(kept);
    if (paused !== null && isNew) health.pause(paused);
  }

  async function end(words: string): Promise<void> {
    const { paused } = health.state();
    await outbox.resume(name);
    row = kept = undefined;
    // What was under way may have asked for another rest meanwhile.
    if (health.state().paused !== paused) return;
    health.resume();
    log.info(`Destination {destination} gets forwards again: ${words}`, { destination: name });
  }

  return async (now, isMuchSent) => {
    // Where much is sent, what is under way would be sent before the next look in any case.
    const isSeen = isMuchSent && monotonic() < lookedAt + LOOK_EVERY_MS;
    if (isSeen && health.state().paused === null) return;
    const found = (await outbox.paused()).get(name);
    lookedAt = monotonic();
    if (found !== undefined && !isSamePause(found, row)) takeOver(found, now);
    const { paused } = health.state();
    if (paused === null) return;
    if (now >= paused.until) return await end("its rest is over");
    if (paused !== kept) {
      await outbox.pause(name, paused);
      row = kept = paused;
    } else if (found === undefined) {
      await end("its rest was ended by hand");
    }
  };
}

function isSamePause(one: Pause, other: Pause | undefined): boolean {
  return one.at === other?.at && one.until === other.until && one.status === other.status;
}

/** By what jumps of the clock are noticed, and what can be due when. */
interface ClockFollowed extends Pick<Destination, "retryDelaysMs"> {
  readonly clock: ClockJumps;
}

/**
 * Puts right what a wrong clock left behind at a destination: at first, and whenever the clock was
 * set. A due date beyond the longest delay that there is counts as due.
 *
 * @param name The destination's name.
 * @param outbox Where its forwards are.
 * @param health Its book: what it knows of the past is moved with the clock.
 * @param followed The clock, and the destination's schedule.
 * @returns What looks, with what counts as now. It rejects when the outbox can't be used; the next
 * call goes on.
 */
export function syncClock(
  name: string,
  outbox: Outbox,
  health: Health,
  { clock, retryDelaysMs }: ClockFollowed,
): (now: number) => Promise<void> {
  // A delay of the schedule is a tenth longer at most.
  const longestMs = Math.max(LONGEST_RETRY_AFTER_MS, ...retryDelaysMs) * 1.1;
  let shifted = clock.offsetMs();
  let correctedAt: number | undefined;

  return async (now) => {
    const offset = clock.offsetMs();
    if (offset !== shifted) health.shift(offset - shifted);
    shifted = offset;
    if (offset === correctedAt) return;
    const count = await outbox.correctDueDates(name, now + longestMs, now);
    correctedAt = offset;
    if (count === 0) return;
    log.warn(
      "Forwards to {destination} ({count}) were due later than can be, by a clock that was wrong: " +
        "they are due now",
      { destination: name, count },
    );
  };
}
