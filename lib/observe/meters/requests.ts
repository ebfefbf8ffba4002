import type { Decision } from "../../rules/decision.ts";
import type { CounterChild } from "../metrics/counter.ts";
import type { GaugeChild } from "../metrics/gauge.ts";
import type { HistogramChild } from "../metrics/histogram.ts";
import type { Registry } from "../metrics/registry.ts";
import { remember } from "./remember.ts";
import { createRequestFamilies, type RequestFamilies } from "./request_families.ts";

/** An endpoint, as far as it is counted. */
export interface MeteredEndpoint {
  readonly path: string;
  readonly kind: string;
  readonly rules: readonly { readonly name: string }[];
  readonly auth: { readonly keyFingerprints: readonly string[] };
}

/** A request that was answered, as far as it is counted. */
export interface MeteredPassage {
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
  answered(passage: MeteredPassage, status: number, durationMs: number): void;
  /** Counts an answer of the server itself. */
  answeredItself(kind: OwnKind, status: number, durationMs: number): void;
  /** Tells how many requests are being answered, when asked to. */
  watch(inFlight: () => number): void;
}

/** Beyond so many types of events at one endpoint, others count as one: senders choose the types. */
const EVENT_TYPES = 100;

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
  const own = remember((kind: OwnKind) =>
    remember((status: number) => {
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
    answered: (passage, status, durationMs) =>
      count(meterOf(passage.endpoint), passage, status, durationMs),
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
    status: remember((status) => {
      return families.requests.child({ endpoint, kind, status: String(status) });
    }),
    rule: remember((rule) => families.decisions.child({ endpoint, rule: rule ?? "no rule" })),
    failure: remember((rule) => families.failures.child({ endpoint, rule })),
    error: remember((code) => families.errors.child({ endpoint, code })),
    mismatch: families.mismatches.child({ endpoint }),
    eventType: remember(
      (type, isBeyond) => families.events.child({ endpoint, type: isBeyond ? OTHER : type }),
      EVENT_TYPES,
    ),
    keys: auth.keyFingerprints.map((key) => families.keys.child({ endpoint, key })),
  };
  for (const { name: rule } of rules) {
    meter.rule(rule);
    meter.failure(rule);
  }
  return meter;
}

function count(
  meter: EndpointMeter,
  { decisions, events, problem, verified, receivedAt }: MeteredPassage,
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
    for (const { type } of events) meter.eventType(type === "" ? "unknown" : type).inc();
    return;
  }
  meter.error(problem.code).inc();
  if (problem.code === "signature_mismatch") meter.mismatch.inc();
}
