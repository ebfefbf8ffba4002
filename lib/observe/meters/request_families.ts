import type { Counter } from "../metrics/counter.ts";
import type { Gauge } from "../metrics/gauge.ts";
import type { Histogram } from "../metrics/histogram.ts";
import type { Registry } from "../metrics/registry.ts";

/** The metrics of requests. */
export interface RequestFamilies {
  readonly requests: Counter<"endpoint" | "kind" | "status">;
  readonly durations: Histogram<"endpoint">;
  readonly inFlight: Gauge<never>;
  readonly errors: Counter<"endpoint" | "code">;
  readonly mismatches: Counter<"endpoint">;
  readonly keys: Gauge<"endpoint" | "key">;
  readonly decisions: Counter<"endpoint" | "rule">;
  readonly failures: Counter<"endpoint" | "rule">;
  readonly events: Counter<"endpoint" | "type">;
}

/** From what a rule costs to what uStore waits at most, in seconds. */
const DURATIONS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * Adds the metrics of requests to a registry.
 *
 * @param registry The registry.
 * @returns The metrics.
 */
export function createRequestFamilies(registry: Registry): RequestFamilies {
  return {
    requests: registry.counter({
      name: "storehook_requests_total",
      help: "Requests answered. What belongs to no endpoint has endpoint other and its own kind: " +
        "health, exports or unknown.",
      labels: ["endpoint", "kind", "status"],
    }),
    durations: registry.histogram({
      name: "storehook_request_duration_seconds",
      help: "From the first byte of a request that the program sees to its answer.",
      labels: ["endpoint"],
      buckets: DURATIONS,
    }),
    inFlight: registry.gauge({
      name: "storehook_requests_in_flight",
      help: "Requests that are being answered.",
    }),
    errors: registry.counter({
      name: "storehook_errors_total",
      help: "Requests answered with an error, by its code.",
      labels: ["endpoint", "code"],
    }),
    mismatches: registry.counter({
      name: "storehook_signature_failures_total",
      help: "Requests whose signature or credentials were missing or wrong.",
      labels: ["endpoint"],
    }),
    keys: registry.gauge({
      name: "storehook_key_last_used_timestamp_seconds",
      help:
        "When a key last verified a request, by the key's fingerprint, in seconds since 1970; " +
        "0 when it has not since the program was started.",
      labels: ["endpoint", "key"],
    }),
    decisions: registry.counter({
      name: "storehook_decisions_total",
      help: "Decisions by the rule that matched; an order of several items is decided for each.",
      labels: ["endpoint", "rule"],
    }),
    failures: registry.counter({
      name: "storehook_rule_failures_total",
      help: "Rules that failed while they were tried, and counted as no match.",
      labels: ["endpoint", "rule"],
    }),
    events: registry.counter({
      name: "storehook_events_received_total",
      help: "Events received and kept, by type, duplicates included. Beyond 100 types at an " +
        "endpoint, further ones have type other.",
      labels: ["endpoint", "type"],
    }),
  };
}
