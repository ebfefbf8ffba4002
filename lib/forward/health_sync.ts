import { log } from "../observe/log.ts";
import type { ClockJumps } from "../observe/clock_jumps.ts";
import type { Destination } from "./destination.ts";
import type { Health } from "./health.ts";
import type { Disabled, Outbox, Pause } from "./outbox.ts";
import { LONGEST_RETRY_AFTER_MS } from "./retry_policy.ts";

/**
 * Keeps the same what a destination's book says and what the outbox keeps: that it is disabled
 * outlives the process, and any process may enable it.
 *
 * @param name The destination's name.
 * @param outbox Where it is kept.
 * @param health The book.
 * @returns What compares the two, to be called before anything is taken. It rejects when the outbox
 * can't be used; the next call goes on.
 */
export function syncDisabled(name: string, outbox: Outbox, health: Health): () => Promise<void> {
  /** What the outbox was seen to keep; `undefined` when nobody looked yet. */
  let kept: Disabled | null | undefined;

  async function begin(): Promise<void> {
    kept = (await outbox.disabled()).get(name) ?? null;
    if (kept === null) return;
    health.disable(kept);
    log.error(
      "Destination {destination} is disabled since {since}; its forwards wait until it is enabled",
      { destination: name, since: new Date(kept.at).toISOString() },
    );
  }

  return async () => {
    if (kept === undefined) await begin();
    const { disabled } = health.state();
    // Nobody else disables it, so there is nothing to look for.
    if (disabled === null) return;
    if (kept === null) {
      await outbox.disable(name, disabled);
      kept = disabled;
    } else if (!(await outbox.disabled()).has(name)) {
      kept = null;
      health.enable();
      log.info("Destination {destination} is enabled", { destination: name });
    }
  };
}

/**
 * Keeps the same what a destination's book says and what the outbox keeps: the rest that it asked
 * for outlives the process, any process can show it, and any may end it.
 *
 * @param name The destination's name.
 * @param outbox Where it is kept.
 * @param health The book.
 * @param maxPauseMs The longest rest, in milliseconds: one that was kept may be of other settings, or
 * of another clock.
 * @returns What compares the two, to be called before anything is taken, with what counts as now. It
 * rejects when the outbox can't be used; the next call goes on.
 */
export function syncPaused(
  name: string,
  outbox: Outbox,
  health: Health,
  maxPauseMs: number,
): (now: number) => Promise<void> {
  /** What the outbox was seen to keep; `undefined` when nobody looked yet. */
  let kept: Pause | null | undefined;

  async function begin(now: number): Promise<void> {
    const found = (await outbox.paused()).get(name);
    kept = found === undefined
      ? null
      : { ...found, until: Math.min(found.until, now + maxPauseMs) };
    if (kept !== null) health.pause(kept);
  }

  async function end(words: string): Promise<void> {
    health.resume();
    kept = null;
    await outbox.resume(name);
    log.info(`Destination {destination} gets forwards again: ${words}`, { destination: name });
  }

  return async (now) => {
    if (kept === undefined) await begin(now);
    const { paused } = health.state();
    if (paused === null) return;
    if (now >= paused.until) return await end("its rest is over");
    if (paused !== kept) {
      await outbox.pause(name, paused);
      kept = paused;
    } else if (!(await outbox.paused()).has(name)) {
      await end("its rest was ended by hand");
    }
  };
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
