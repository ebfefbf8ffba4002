import type { Counter } from "../metrics/counter.ts";
import type { Gauge } from "../metrics/gauge.ts";
import type { Histogram } from "../metrics/histogram.ts";
import type { Registry } from "../metrics/registry.ts";

/** The metrics of forwards. */
export interface ForwardFamilies {
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
export function createForwardFamilies(registry: Registry): ForwardFamilies {
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
