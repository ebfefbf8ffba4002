import type { Decision } from "../../rules/decision.ts";
import { memoize } from "../../util/memory.ts";
import type {
  Counter,
  CounterChild,
  Gauge,
  GaugeChild,
  Histogram,
  HistogramChild,
} from "./instruments.ts";
import type { Registry } from "./registry.ts";

/** An endpoint, as far as it is counted. */
export interface MeteredEndpoint {
  readonly path: string;
  readonly kind: string;
  readonly rules: readonly { readonly name: string; readonly table?: object }[];
  readonly auth: { readonly keyFingerprints: readonly string[] };
}

/** A request that was answered, as far as it is counted. */
export interface MeteredRequest {
  readonly endpoint: MeteredEndpoint;
  readonly decisions: readonly Decision[];
  readonly events: readonly { readonly type: string }[];
  readonly problem: { readonly code: string } | undefined;
  readonly verified: { readonly keyIndex: number } | undefined;
  readonly receivedAt: number;
}

/** What the server answers by itself: paths of no endpoint count under one of these. */
export type OwnKind = "health" | "exports" | "unknown";

/** Counts what is answered. */
export interface RequestMeter {
  /** Makes endpoints known, so that they are 0 rather than missing until something comes. */
  prepare(endpoints: readonly MeteredEndpoint[]): void;
  /** Counts an answer of an endpoint. */
  answered(request: MeteredRequest, status: number, durationMs: number): void;
  /** Counts an answer of the server itself. */
  answeredItself(kind: OwnKind, status: number, durationMs: number): void;
  /** Tells how many requests are being answered, when asked to. */
  watch(inFlight: () => number): void;
}

/** Beyond so many types of events at one endpoint, others count as one: senders choose the types. */
const EVENT_TYPES = 100;
/** How many rows of the tables of an endpoint are counted each by itself, the first that decide. */
const ROWS = 1000;

/** A longer one is no name: it would be held, and shown at each look, for as long as it runs. */
const LONGEST_EVENT_TYPE = 100;

/** What no name holds, and would move the cursor of whoever looks at the metrics. */
const UNSEEN = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u;

/** The label of what the server answers by itself; a path starts with a slash. */
const OTHER = "other";

/**
 * Makes the meter of requests.
 *
 * @param registry Where its metrics are added.
 * @returns The meter.
 */
export function createRequestMeter(registry: Registry): RequestMeter {
  const families = createRequestFamilies(registry);
  // By the endpoint itself: one of the same path that a new config brings may have other rules.
  const endpoints = new WeakMap<MeteredEndpoint, EndpointMeter>();
  const own = memoize((kind: OwnKind) =>
    memoize((status: number) => {
      return families.requests.child({ endpoint: OTHER, kind, status: String(status) });
    })
  );
  const ownDuration = families.durations.child({ endpoint: OTHER });
  let inFlight = () => 0;
  registry.collect(() => families.inFlight.child({}).set(inFlight()));

  function meterOf(endpoint: MeteredEndpoint): EndpointMeter {
    const known = endpoints.get(endpoint);
    if (known !== undefined) return known;
    const made = createEndpointMeter(families, endpoint);
    endpoints.set(endpoint, made);
    return made;
  }

  return {
    prepare: (served) => served.forEach(meterOf),
    answered: (request, status, durationMs) =>
      count(meterOf(request.endpoint), request, status, durationMs),
    answeredItself(kind, status, durationMs) {
      own(kind)(status).inc();
      ownDuration.observe(durationMs / 1000);
    },
    watch(source) {
      inFlight = source;
    },
  };
}

/** What is counted at one endpoint, each thing looked up but once. */
interface EndpointMeter {
  readonly duration: HistogramChild;
  readonly status: (status: number) => CounterChild;
  readonly rule: (rule: string | null) => CounterChild;
  readonly failure: (rule: string) => CounterChild;
  readonly error: (code: string) => CounterChild;
  readonly mismatch: CounterChild;
  readonly eventType: (type: string) => CounterChild;
  /** When each key was last used, in the order of the keys. */
  readonly keys: readonly GaugeChild[];
}

function createEndpointMeter(
  families: RequestFamilies,
  { path: endpoint, kind, rules, auth }: MeteredEndpoint,
): EndpointMeter {
  const meter: EndpointMeter = {
    duration: families.durations.child({ endpoint }),
    status: memoize((status) => {
      return families.requests.child({ endpoint, kind, status: String(status) });
    }),
    rule: memoize(
      (rule, isBeyond) =>
        families.decisions.child({ endpoint, rule: isBeyond ? OTHER : rule ?? "no rule" }),
      // Beside the rules there are `otherwise` and what nothing decides.
      rules.length + 2 + ROWS,
    ),
    failure: memoize((rule) => families.failures.child({ endpoint, rule })),
    error: memoize((code) => families.errors.child({ endpoint, code })),
    mismatch: families.mismatches.child({ endpoint }),
    eventType: memoize(
      (type, isBeyond) => families.events.child({ endpoint, type: isBeyond ? OTHER : type }),
      EVENT_TYPES,
    ),
    keys: auth.keyFingerprints.map((key) => families.keys.child({ endpoint, key })),
  };
  for (const { name: rule, table } of rules) {
    // Of a table its rows decide, which count from the first time on.
    if (table === undefined) meter.rule(rule);
    meter.failure(rule);
  }
  return meter;
}

function count(
  meter: EndpointMeter,
  { decisions, events, problem, verified, receivedAt }: MeteredRequest,
  status: number,
  durationMs: number,
): void {
  if (verified !== undefined) meter.keys[verified.keyIndex]?.set(receivedAt / 1000);
  meter.status(status).inc();
  meter.duration.observe(durationMs / 1000);
  for (const { rule, failures } of decisions) {
    meter.rule(rule).inc();
    for (const failure of failures) meter.failure(failure.rule).inc();
  }
  if (problem === undefined) {
    // What could not be recorded was not received: it comes again.
    for (const { type } of events) meter.eventType(labelOfType(type)).inc();
    return;
  }
  meter.error(problem.code).inc();
  if (problem.code === "signature_mismatch") meter.mismatch.inc();
}

function labelOfType(type: string): string {
  if (type === "") return "unknown";
  return type.length > LONGEST_EVENT_TYPE || UNSEEN.test(type) ? OTHER : type;
}

/** The metrics of requests. */
interface RequestFamilies {
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
function createRequestFamilies(registry: Registry): RequestFamilies {
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
        "endpoint, further ones have type other, and so has one of more than 100 characters.",
      labels: ["endpoint", "type"],
    }),
  };
}
