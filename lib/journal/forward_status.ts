import type { Attempt, Forward, ForwardState } from "../forward/outbox.ts";

/** Where a forward stands, without its event. */
export interface ForwardStatus extends Omit<Forward, "event"> {
  /** Until when a worker has it, in milliseconds since the epoch; `null` when none took it. */
  readonly leasedUntil: number | null;
  readonly lastAttempt: Attempt | null;
}

/** How many attempts of a forward are kept. */
export const ATTEMPTS_KEPT = 20;

/** Stands in the place of what a destination said to what was erased. */
export const ERASED = "[erased]";

/**
 * Tells where a forward stands after an attempt. One that was called off or given up meanwhile is
 * not taken up again; but what was delivered was delivered.
 *
 * @param before Where it stood when the attempt came to its end.
 * @param after What is to become of it.
 * @returns Where it stands.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(stateAfter("waiting", "failed"), "failed");
 * assertEquals(stateAfter("cancelled", "waiting"), "cancelled");
 * assertEquals(stateAfter("cancelled", "delivered"), "delivered");
 * ```
 */
export function stateAfter(before: ForwardState, after: ForwardState): ForwardState {
  return before === "waiting" || after === "delivered" ? after : before;
}

/**
 * Tells whether a forward waits for something: an attempt, or somebody who looks into it.
 *
 * @param state Where it stands.
 * @returns Whether it waits or failed.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([isNotDone("failed"), isNotDone("delivered")], [true, false]);
 * ```
 */
export function isNotDone(state: ForwardState | undefined): state is "waiting" | "failed" {
  return state === "waiting" || state === "failed";
}
