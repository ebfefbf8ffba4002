/** Limits to how long something takes, and ends of what was called off: for many at a time. */
import { createFreeList, type FreeList } from "./memory.ts";

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
  const endHearing = parent === undefined ? undefined : onAbort(parent, () => controller.abort());
  return {
    signal: controller.signal,
    isOver: () => isOver,
    end() {
      endCountdown();
      endHearing?.();
    },
  };
}

/** Those who hear of a signal that many hear of, on one listener. */
const hearers = new WeakMap<AbortSignal, FreeList<() => void>>();

/**
 * Calls a function once a signal is aborted; at once where it is. For a signal that outlives many of
 * those who hear of it: a listener of each takes ten times as long.
 *
 * @param signal The signal.
 * @param hear The function.
 * @returns Ends that.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const heard: string[] = [];
 * const controller = new AbortController();
 * onAbort(controller.signal, () => heard.push("first"));
 * onAbort(controller.signal, () => heard.push("second"))();
 * controller.abort();
 * onAbort(controller.signal, () => heard.push("third"));
 * assertEquals(heard, ["first", "third"]);
 * ```
 */
export function onAbort(signal: AbortSignal, hear: () => void): () => void {
  if (signal.aborted) {
    hear();
    return () => {};
  }
  const list = hearers.get(signal) ?? startHearing(signal);
  let slot: number | undefined = list.add(hear);
  return () => {
    if (slot !== undefined) list.take(slot);
    slot = undefined;
  };
}

function startHearing(signal: AbortSignal): FreeList<() => void> {
  const list = createFreeList<() => void>();
  hearers.set(signal, list);
  signal.addEventListener("abort", () => list.values().forEach((hear) => hear()), { once: true });
  return list;
}

/** Into how many parts the time is divided. */
const PARTS = 50;

/** Somebody whose time runs. */
interface Running {
  readonly onOver: () => void;
  /** The parts that have begun since it started. */
  begun: number;
  /** Where it is kept; `undefined` when it has ended. */
  slot: number | undefined;
}

/** Those who have the same time, on one timer: one for each would be a timer for each request. */
interface Clock {
  readonly timer: ReturnType<typeof setInterval>;
  readonly running: FreeList<Running>;
}

const clocks = new Map<number, Clock>();
/** How many want timers to stay for a while. */
let keepers = 0;

/**
 * Has a timer of countdowns stay for a part of its time after the last one has ended. Where one
 * request follows another, the countdown of each then needs no timer of its own.
 *
 * @returns Ends that, and the timers that nobody needs.
 *
 * @example
 * ```ts
 * const letGo = keepTimers();
 * startCountdown(10_000, () => {})();
 * startCountdown(10_000, () => {})();
 * letGo();
 * ```
 */
export function keepTimers(): () => void {
  keepers++;
  let isKeeping = true;
  return () => {
    if (!isKeeping) return;
    isKeeping = false;
    keepers--;
    if (keepers > 0) return;
    for (const [timeoutMs, clock] of clocks) endIfUnused(timeoutMs, clock);
  };
}

function endIfUnused(timeoutMs: number, { timer, running }: Clock): void {
  if (running.size() > 0) return;
  clearInterval(timer);
  clocks.delete(timeoutMs);
}

/**
 * Calls a function when somebody else has had their time. It counts the time in which they could
 * have been heard: while this process is busy, what they sent waits, and that is not their fault.
 * So the time passes in small parts, and one that lasts longer than it should counts once.
 *
 * @param timeoutMs How long they have, in milliseconds.
 * @param onOver Called once, unless it was ended before.
 * @returns Ends the countdown.
 *
 * @example
 * ```ts
 * const over = Promise.withResolvers<void>();
 * const end = startCountdown(10, over.resolve);
 * await over.promise;
 * end();
 * ```
 */
export function startCountdown(timeoutMs: number, onOver: () => void): () => void {
  const clock = clocks.get(timeoutMs) ?? startClock(timeoutMs);
  const one: Running = { onOver, begun: 0, slot: undefined };
  one.slot = clock.running.add(one);
  return () => void end(timeoutMs, clock, one);
}

function startClock(timeoutMs: number): Clock {
  const parts = Math.min(PARTS, Math.ceil(timeoutMs));
  const running = createFreeList<Running>();
  const timer = setInterval(() => {
    endIfUnused(timeoutMs, clock);
    for (const one of running.values()) {
      // The part in which it started was not a whole one.
      if (one.begun < parts) one.begun++;
      else if (end(timeoutMs, clock, one)) one.onOver();
    }
  }, timeoutMs / parts);
  const clock = { timer, running };
  clocks.set(timeoutMs, clock);
  return clock;
}

/** Ends it, and tells whether it was still running. */
function end(timeoutMs: number, clock: Clock, one: Running): boolean {
  if (one.slot === undefined) return false;
  clock.running.take(one.slot);
  one.slot = undefined;
  if (keepers === 0) endIfUnused(timeoutMs, clock);
  return true;
}
