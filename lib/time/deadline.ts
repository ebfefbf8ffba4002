import { startCountdown } from "./countdown.ts";

/** A limit to how long something takes. */
export interface Deadline {
  /** Aborted when the time is over, or when the one it was made from, if any, is aborted. */
  readonly signal: AbortSignal;
  /** Whether the time was over. */
  readonly isOver: () => boolean;
  /** Lets go of the timer. */
  readonly end: () => void;
}

/**
 * Starts a deadline.
 *
 * @param parent Aborts it sooner; `undefined` when nothing does.
 * @param timeoutMs After how many milliseconds it aborts by itself.
 * @returns The deadline; it has to be ended.
 */
export function startDeadline(parent: AbortSignal | undefined, timeoutMs: number): Deadline {
  const controller = new AbortController();
  let isOver = false;
  const endCountdown = startCountdown(timeoutMs, () => {
    isOver = true;
    controller.abort();
  });
  // Not AbortSignal.any() with AbortSignal.timeout(): their timers outlive what they were made for.
  const abort = () => controller.abort();
  parent?.addEventListener("abort", abort);
  if (parent?.aborted === true) abort();
  return {
    signal: controller.signal,
    isOver: () => isOver,
    end() {
      endCountdown();
      parent?.removeEventListener("abort", abort);
    },
  };
}
