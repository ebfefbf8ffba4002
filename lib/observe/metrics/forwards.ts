import { memoize } from "../../util/memory.ts";
import { log } from "../log.ts";
import type { Counter, Gauge, Histogram } from "./instruments.ts";
import type { Registry } from "./registry.ts";

/** An attempt to forward, as far as it is counted. */
export interface MeteredAttempt {
  readonly forward: { readonly destination: string };
  readonly attempt: { readonly durationMs: number };
  readonly outcome: { readonly state: "delivered" | "failed" | "waiting" };
}

/** What is not done at one destination. */
export interface WatchedCounts {
  readonly waiting: number;
  readonly failed: number;
  readonly waitingBytes: number;
  /** In milliseconds since the epoch. */
  readonly oldestWaitingAt: number | null;
}

/** A destination, as far as it is watched. */
export interface WatchedDestination {
  readonly name: string;
  readonly disabled: object | null;
  /** `until` is in milliseconds since the epoch. */
  readonly paused: { readonly until: number } | null;
}

/** The outbox and its destinations, as far as they are watched. */
export interface WatchedForwarding {
  /** What is not done, by destination; one where all is done may be missing. Asked often. */
  counts(): ReadonlyMap<string, WatchedCounts> | Promise<ReadonlyMap<string, WatchedCounts>>;
  /** The destinations of the config. */
  destinations(): readonly WatchedDestination[];
}

/** Tells how forwarding fares. */
export interface ForwardMeter {
  /** Counts an attempt. */
  attempted(made: MeteredAttempt): void;
  /** Counts what was given up to make room in the journal. */
  givenUp(destination: string, count: number): void;
  /** Looks at these whenever metrics are read. */
  watch(forwarding: WatchedForwarding): void;
}

const OUTCOMES = { delivered: "delivered", failed: "failed", waiting: "retried" } as const;
const NONE: WatchedCounts = { waiting: 0, failed: 0, waitingBytes: 0, oldestWaitingAt: null };

/**
 * Makes the meter of forwards.
 *
 * @param registry Where its metrics are added.
 * @param now Tells the time, in milliseconds since the epoch; the clock unless given.
 * @returns The meter.
 */
export function createForwardMeter(registry: Registry, now: () => number = Date.now): ForwardMeter {
  const { attempts, durations, depth, givenUp, bytes, age, disabled, paused } =
    createForwardFamilies(
      registry,
    );
  const meters = memoize((destination: string) => ({
    duration: durations.child({ destination }),
    delivered: attempts.child({ destination, outcome: OUTCOMES.delivered }),
    waiting: attempts.child({ destination, outcome: OUTCOMES.waiting }),
    failed: attempts.child({ destination, outcome: OUTCOMES.failed }),
    givenUp: givenUp.child({ destination }),
  }));
  let watched: WatchedForwarding | undefined;

  function show(counts: ReadonlyMap<string, WatchedCounts>, destinations: Iterable<string>): void {
    depth.clear();
    bytes.clear();
    age.clear();
    for (const destination of destinations) {
      const { waiting, failed, waitingBytes, oldestWaitingAt } = counts.get(destination) ?? NONE;
      depth.child({ destination, state: "waiting" }).set(waiting);
      depth.child({ destination, state: "failed" }).set(failed);
      bytes.child({ destination }).set(waitingBytes);
      const ageMs = oldestWaitingAt === null ? 0 : Math.max(0, now() - oldestWaitingAt);
      age.child({ destination }).set(ageMs / 1000);
    }
  }

  async function readOutbox({ counts, destinations }: WatchedForwarding): Promise<void> {
    try {
      const found = await counts();
      show(found, new Set([...destinations().map(({ name }) => name), ...found.keys()]));
    } catch (error) {
      // Old figures would look like an outbox that rests.
      show(new Map(), []);
      log.warn("Cannot count the forwards in the outbox for metrics: {error}", { error });
    }
  }

  registry.collect(async () => {
    if (watched === undefined) return;
    disabled.clear();
    paused.clear();
    for (const one of watched.destinations()) {
      meters(one.name);
      disabled.child({ destination: one.name }).set(one.disabled === null ? 0 : 1);
      const restMs = Math.max(0, (one.paused?.until ?? 0) - now());
      paused.child({ destination: one.name }).set(restMs / 1000);
    }
    await readOutbox(watched);
  });

  return {
    attempted({ forward, attempt, outcome }) {
      const meter = meters(forward.destination);
      meter[outcome.state].inc();
      meter.duration.observe(attempt.durationMs / 1000);
    },
    givenUp: (destination, count) => meters(destination).givenUp.inc(count),
    watch(forwarding) {
      watched = forwarding;
    },
  };
}

/** The metrics of forwards. */
interface ForwardFamilies {
  readonly attempts: Counter<"destination" | "outcome">;
  readonly durations: Histogram<"destination">;
  readonly depth: Gauge<"destination" | "state">;
  readonly givenUp: Counter<"destination">;
  readonly bytes: Gauge<"destination">;
  readonly age: Gauge<"destination">;
  readonly disabled: Gauge<"destination">;
  readonly paused: Gauge<"destination">;
}

/** From a folder on this machine to a receiver that uses up its time, in seconds. */
const DURATIONS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/**
 * Adds the metrics of forwards to a registry.
 *
 * @param registry The registry.
 * @returns The metrics.
 */
function createForwardFamilies(registry: Registry): ForwardFamilies {
  return {
    attempts: registry.counter({
      name: "storehook_forward_attempts_total",
      help: "Attempts to forward an event. The outcome is delivered, retried (it will be tried " +
        "again) or failed (it was given up).",
      labels: ["destination", "outcome"],
    }),
    durations: registry.histogram({
      name: "storehook_forward_duration_seconds",
      help: "How long attempts to forward took.",
      labels: ["destination"],
      buckets: DURATIONS,
    }),
    depth: registry.gauge({
      name: "storehook_outbox_forwards",
      help: "Forwards that are not done. The state is waiting or failed (given up).",
      labels: ["destination", "state"],
    }),
    givenUp: registry.counter({
      name: "storehook_forwards_given_up_total",
      help: "Forwards that were given up because what waits took too much of the journal.",
      labels: ["destination"],
    }),
    bytes: registry.gauge({
      name: "storehook_outbox_waiting_bytes",
      help: "How many bytes the events that wait take in the journal, roughly.",
      labels: ["destination"],
    }),
    age: registry.gauge({
      name: "storehook_outbox_oldest_age_seconds",
      help: "How long the oldest forward that waits has been in the outbox; 0 when none waits.",
      labels: ["destination"],
    }),
    disabled: registry.gauge({
      name: "storehook_destination_disabled",
      help:
        "1 while a destination gets nothing because it answered 410 or failed for long, else 0.",
      labels: ["destination"],
    }),
    paused: registry.gauge({
      name: "storehook_destination_paused_seconds",
      help: "For how long a destination still gets nothing because it answered that it is asked " +
        "too much; 0 when not.",
      labels: ["destination"],
    }),
  };
}
