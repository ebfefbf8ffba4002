import type { Destination } from "./attempt.ts";
import { FAILURE_LIMIT, type FailureLimit, type HealthState } from "./health.ts";
import { type AttemptMade, type Loop, startLoop } from "./destination_loop.ts";
import { type ClockJumps, watchClockJumps } from "../observe/clock_jumps.ts";
import { log } from "../observe/log.ts";
import type { Outbox } from "./outbox.ts";

/** How to forward. */
export interface ForwardingOptions {
  readonly outbox: Outbox;
  /** In whose name forwards are taken: nobody else has it while this runs. */
  readonly owner: string;
  /** By name, as the outbox names them. */
  readonly destinations: ReadonlyMap<string, Destination>;
  /** Tells the time, in milliseconds since the epoch; the clock unless given. */
  readonly now?: () => number;
  /** Tells the time, in milliseconds of a clock that is never set; the other one where that is given. */
  readonly monotonic?: () => number;
  /** Tells by how much the clock jumped; whoever else needs to know shares it. */
  readonly clock?: ClockJumps;
  /** Gives numbers from 0 up to, but not including, 1; random ones unless given. */
  readonly random?: () => number;
  /** How long a forward is leased, in milliseconds: at least as long as an attempt may take. */
  readonly leaseMs?: number;
  /** How long `stop()` waits for attempts that run, in milliseconds. */
  readonly stopMs?: number;
  /** When a destination that fails is disabled. */
  readonly failureLimit?: FailureLimit;
  /** Tells whether something was delivered to a destination before; nothing was unless given. */
  readonly wasReached?: (destination: string) => boolean | Promise<boolean>;
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
  /**
   * Forwards to these destinations from now on. One that is the same object as before goes on as it
   * is; attempts that run to another come to an end, within limits, while the new one begins.
   *
   * @param destinations By name.
   */
  change(destinations: ReadonlyMap<string, Destination>): void;
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
  const { outbox, stopMs = STOP_MS, now = Date.now } = options;
  const { monotonic = () => performance.now() } = options;
  const tools = {
    outbox,
    owner: options.owner,
    reclaim: reclaimOnce(outbox, options.owner),
    now,
    monotonic,
    clock: options.clock ?? watchClockJumps(now, options.monotonic ?? options.now),
    random: options.random ?? Math.random,
    leaseMs: options.leaseMs ?? LEASE_MS,
    failureLimit: options.failureLimit ?? FAILURE_LIMIT,
    wasReached: options.wasReached ?? (() => false),
    onAttempt: options.onAttempt ?? (() => {}),
  };
  const loops = new Map<string, RunningLoop>();
  /** Loops that take no more, until they have come to their end. */
  const ending = new Set<Promise<void>>();
  let stopped: Promise<void> | undefined;

  function change(destinations: ReadonlyMap<string, Destination>): void {
    if (stopped !== undefined) return;
    for (const [name, { destination, loop }] of loops) {
      if (destinations.get(name) === destination) continue;
      end(name, loop);
      // The rest that was asked for by what had these settings is none of what has others.
      outbox.resume(name).catch((error) => {
        log.warn("Cannot end the rest of {name}: {error}", { name, error });
      });
    }
    for (const [name, destination] of destinations) {
      if (loops.has(name)) continue;
      loops.set(name, { destination, loop: startLoop(name, destination, tools) });
    }
  }

  function end(name: string, loop: Loop): void {
    loops.delete(name);
    const ended = loop.stop(stopMs, true).finally(() => ending.delete(ended));
    ending.add(ended);
  }

  const forget = outbox.onChange(() => loops.forEach(({ loop }) => loop.wake()));
  change(options.destinations);

  async function stop(): Promise<void> {
    forget();
    const running = Array.from(loops.values(), ({ loop }) => loop.stop(stopMs));
    await Promise.all([...running, ...ending]);
  }

  return {
    state: () => Array.from(loops, ([name, { loop }]) => ({ name, ...loop.state() })),
    change,
    stop: () => stopped ??= stop(),
  };
}

/** What an earlier process of this name had is due at once. */
function reclaimOnce(outbox: Outbox, owner: string): () => Promise<void> {
  let reclaimed: Promise<void> | undefined;
  async function reclaim(): Promise<void> {
    try {
      const count = await outbox.reclaim(owner);
      if (count > 0) log.info("{count} forwards that were under way are made again", { count });
    } catch (error) {
      reclaimed = undefined;
      throw error;
    }
  }
  return () => reclaimed ??= reclaim();
}

interface RunningLoop {
  readonly destination: Destination;
  readonly loop: Loop;
}
