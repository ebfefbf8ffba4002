import { memoize } from "../../util/memory.ts";
import type { Family } from "../metrics/family.ts";
import { createRegistry, type Registry } from "../metrics/registry.ts";
import { createForwardMeter, type ForwardMeter } from "./forwards.ts";
import { createJournalMeter, type JournalMeter } from "./journal.ts";
import { createRequestMeter, type RequestMeter } from "./requests.ts";

/** All that the running program counts. */
export interface Meters {
  readonly requests: RequestMeter;
  readonly journal: JournalMeter;
  readonly forwards: ForwardMeter;
  readonly observeServiceCall: ObserveServiceCall;
  readonly observeReload: ObserveReload;
  /** The metrics, for those who list them. */
  families(): readonly Family[];
  /** Reads all of it, in the text format of Prometheus. */
  text(): Promise<string>;
}

/**
 * Makes the program's metrics.
 *
 * @param version The program's version.
 * @returns What counts them, and reads them.
 *
 * @example
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 *
 * const meters = createMeters("1.2.3");
 * meters.observeReload(true);
 * assertStringIncludes(
 *   await meters.text(),
 *   '\nstorehook_config_reloads_total{result="success"} 1\n',
 * );
 * ```
 */
export function createMeters(version: string): Meters {
  const registry = createRegistry();
  const requests = createRequestMeter(registry);
  const journal = createJournalMeter(registry);
  const forwards = createForwardMeter(registry);
  const observeServiceCall = createServiceMeter(registry);
  const observeReload = createReloadMeter(registry);
  addProcessMetrics(registry, version);
  return {
    requests,
    journal,
    forwards,
    observeServiceCall,
    observeReload,
    families: registry.families,
    text: registry.text,
  };
}

/** A question to a service that came to an end. */
export interface MeteredServiceCall {
  /** The service's name, as the config gives it. */
  readonly service: string;
  /** What came of it, one of few words, e.g. `answered` or `timeout`. */
  readonly outcome: string;
  readonly durationMs: number;
}

/** Counts questions to services. */
export type ObserveServiceCall = (call: MeteredServiceCall) => void;

const DURATIONS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * Makes what counts questions to services.
 *
 * @param registry Where its metrics are added.
 * @returns A function to call after each.
 */
function createServiceMeter(registry: Registry): ObserveServiceCall {
  const calls = registry.counter({
    name: "storehook_service_calls_total",
    help: "Questions to services, by what came of them.",
    labels: ["service", "outcome"],
  });
  const durations = registry.histogram({
    name: "storehook_service_call_duration_seconds",
    help: "How long services took, retries included.",
    labels: ["service"],
    buckets: DURATIONS,
  });
  const meters = memoize((service: string) => ({
    duration: durations.child({ service }),
    outcome: memoize((outcome: string) => calls.child({ service, outcome })),
  }));
  return ({ service, outcome, durationMs }) => {
    const meter = meters(service);
    meter.outcome(outcome).inc();
    meter.duration.observe(durationMs / 1000);
  };
}

/** Counts changed configs: whether one was taken over, or the old one kept. */
export type ObserveReload = (ok: boolean) => void;

/**
 * Makes what counts reloads of the config.
 *
 * @param registry Where its metrics are added.
 * @param now Tells the time, in milliseconds since the epoch; the clock unless given.
 * @returns A function to call after each.
 */
function createReloadMeter(
  registry: Registry,
  now: () => number = Date.now,
): ObserveReload {
  const reloads = registry.counter({
    name: "storehook_config_reloads_total",
    help: "Changed configs that were read. The result is success or failure (the old one is kept).",
    labels: ["result"],
  });
  const [succeeded, failed] = [
    reloads.child({ result: "success" }),
    reloads.child({ result: "failure" }),
  ];
  const isGood = registry.gauge({
    name: "storehook_config_last_reload_successful",
    help: "0 while the file of the config has mistakes and an older one is served, else 1.",
  }).child({});
  const loadedAt = registry.gauge({
    name: "storehook_config_loaded_timestamp_seconds",
    help: "When the config that is served was read, in seconds since 1970.",
  }).child({});
  isGood.set(1);
  loadedAt.set(now() / 1000);
  return (ok) => {
    (ok ? succeeded : failed).inc();
    isGood.set(ok ? 1 : 0);
    if (ok) loadedAt.set(now() / 1000);
  };
}

/**
 * Adds what the process takes, and what it is.
 *
 * @param registry The registry.
 * @param version The program's version.
 */
function addProcessMetrics(registry: Registry, version: string): void {
  const build = registry.gauge({
    name: "storehook_build_info",
    help: "Always 1; the labels tell the version of the program and of what it runs on.",
    labels: ["version", "deno", "target"],
  });
  build.child({ version, deno: Deno.version.deno, target: Deno.build.target }).set(1);
  const startedAt = registry.gauge({
    name: "process_start_time_seconds",
    help: "When the process started, in seconds since 1970.",
  }).child({});
  startedAt.set(performance.timeOrigin / 1000);
  const resident = registry.gauge({
    name: "process_resident_memory_bytes",
    help: "Memory of the machine that the process takes.",
  }).child({});
  const heap = registry.gauge({
    name: "storehook_heap_bytes",
    help: "Memory for JavaScript values. The state is used or reserved.",
    labels: ["state"],
  });
  const [used, reserved] = [heap.child({ state: "used" }), heap.child({ state: "reserved" })];
  registry.collect(() => {
    const { rss, heapUsed, heapTotal } = Deno.memoryUsage();
    resident.set(rss);
    used.set(heapUsed);
    reserved.set(heapTotal);
  });
}
