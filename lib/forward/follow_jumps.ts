import { log } from "../observe/log.ts";
import type { ClockJumps } from "../util/clock_jumps.ts";
import type { Destination } from "./destination.ts";
import type { Outbox } from "./outbox.ts";
import { LONGEST_RETRY_AFTER_MS } from "./pace/backoff.ts";
import type { Health } from "./pace/health.ts";

/** By what jumps of the clock are noticed, and what can be due when. */
interface Followed extends Pick<Destination, "retryDelaysMs"> {
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
export function followJumps(
  name: string,
  outbox: Outbox,
  health: Health,
  { clock, retryDelaysMs }: Followed,
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
