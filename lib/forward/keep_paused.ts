import { log } from "../observe/log.ts";
import type { Outbox, Pause } from "./outbox.ts";
import type { Health } from "./pace/health.ts";

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
export function keepPaused(
  name: string,
  outbox: Outbox,
  health: Health,
  maxPauseMs: number,
): (now: number) => Promise<void> {
  /** What the outbox was seen to keep; `undefined` when nobody looked yet. */
  let kept: Pause | null | undefined;

  function begin(now: number): void {
    const found = outbox.paused().get(name);
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
    if (kept === undefined) begin(now);
    const { paused } = health.state();
    if (paused === null) return;
    if (now >= paused.until) return await end("its rest is over");
    if (paused !== kept) {
      await outbox.pause(name, paused);
      kept = paused;
    } else if (!outbox.paused().has(name)) {
      await end("its rest was ended by hand");
    }
  };
}
