import type { Destination } from "./destination.ts";
import { FAILURE_LIMIT, type FailureLimit, type HealthState } from "./pace/health.ts";
import { type AttemptMade, startLoop } from "./loop.ts";
import type { Outbox } from "./outbox.ts";

/** How to forward. */
export interface ForwardingOptions {
  readonly outbox: Outbox;
  /** By name, as the outbox names them. */
  readonly destinations: ReadonlyMap<string, Destination>;
  /** Tells the time, in milliseconds since the epoch; the clock unless given. */
  readonly now?: () => number;
  /** Gives numbers from 0 up to, but not including, 1; random ones unless given. */
  readonly random?: () => number;
  /** How long a forward is leased, in milliseconds: at least as long as an attempt may take. */
  readonly leaseMs?: number;
  /** How long `stop()` waits for attempts that run, in milliseconds. */
  readonly stopMs?: number;
  /** When a destination that fails is disabled. */
  readonly failureLimit?: FailureLimit;
  /** Called after each attempt. */
  readonly onAttempt?: (made: AttemptMade) => void;
}

/** How a destination fares, and what is under way to it. */
export interface DestinationState extends HealthState {
  readonly name: string;
  /** How many attempts run. */
  readonly running: number;
}

/** Forwards that are made in the background. */
export interface Forwarding {
  /** Tells how each destination fares. */
  state(): readonly DestinationState[];
  /** Takes no more forwards, and lets attempts that run come to an end, within limits. */
  stop(): Promise<void>;
}

/** What a supervisor leaves for stopping is 15 seconds and more. */
const STOP_MS = 10_000;
const LEASE_MS = 60_000;

/**
 * Starts to forward what is in the outbox: each event at least once to each of its destinations.
 *
 * @param options What, where, and how.
 * @returns The forwarding; it runs.
 */
export function startForwarding(options: ForwardingOptions): Forwarding {
  const { outbox, destinations } = options;
  const tools = {
    outbox,
    now: options.now ?? Date.now,
    random: options.random ?? Math.random,
    leaseMs: options.leaseMs ?? LEASE_MS,
    failureLimit: options.failureLimit ?? FAILURE_LIMIT,
    onAttempt: options.onAttempt ?? (() => {}),
  };
  const loops = new Map(
    Array.from(destinations, ([name, destination]) => [name, startLoop(name, destination, tools)]),
  );
  const forget = outbox.onChange(() => loops.forEach((loop) => loop.wake()));
  let stopped: Promise<void> | undefined;

  async function stop(): Promise<void> {
    forget();
    const stopMs = options.stopMs ?? STOP_MS;
    await Promise.all(Array.from(loops.values(), (loop) => loop.stop(stopMs)));
  }

  return {
    state: () => Array.from(loops, ([name, loop]) => ({ name, ...loop.state() })),
    stop: () => stopped ??= stop(),
  };
}
