import type { Disabled, Pause } from "./outbox.ts";

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
  disable(disabled: Disabled): void;
  enable(): void;
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
  return {
    succeeded() {
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
      state = { ...state, disabled: state.disabled ?? disabled };
    },
    enable() {
      state = FINE;
    },
    state: () => state,
  };
}
