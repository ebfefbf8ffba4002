/** All that the running program counts. */
import { memoize } from "../../util/memory.ts";
import { createRegistry, type Registry } from "./registry.ts";
import type { Family } from "./instruments.ts";
import { createForwardMeter, type ForwardMeter } from "./forwards.ts";
import { createRequestMeter, type RequestMeter } from "./requests.ts";

/** One transaction of the journal. */
export interface MeteredCommit {
  readonly durationMs: number;
  /** How many changes it held: deliveries, and what a worker writes. */
  readonly changes: number;
  /** Whether they are on disk. */
  readonly stored: boolean;
}

/** The journal, as far as it is watched. */
export interface WatchedJournal {
  /** The path of its file; it has none where a database is in its place. */
  readonly path?: string | undefined;
  state(): { readonly writable: boolean };
  /** There where several instances can have it. */
  readonly shared?: {
    spooled(): { readonly deliveries: number; readonly oldestAt: number | null };
    instances(): Promise<readonly unknown[]>;
  } | undefined;
}

/** Tells how the journal fares. */
export interface JournalMeter {
  /** Counts a transaction. */
  committed(commit: MeteredCommit): void;
  /** Looks at this journal whenever metrics are read. */
  watch(journal: WatchedJournal): void;
}

const COMMIT_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1];
const SIZES = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

/** What there is to tell where several instances share a journal. */
function createSharedCollector(registry: Registry) {
  const spooled = registry.gauge({
    name: "storehook_spool_deliveries",
    help: "Deliveries in the spool of this instance: the database has not taken them yet.",
  });
  const oldest = registry.gauge({
    name: "storehook_spool_oldest_seconds",
    help: "How long ago the oldest delivery in the spool came; 0 when there is none.",
  });
  const instances = registry.gauge({
    name: "storehook_instances",
    help: "Instances that share the journal and were heard of within a minute.",
  });
  return async (shared: NonNullable<WatchedJournal["shared"]>) => {
    const { deliveries, oldestAt } = shared.spooled();
    spooled.child({}).set(deliveries);
    oldest.child({}).set(oldestAt === null ? 0 : Math.max(0, (Date.now() - oldestAt) / 1000));
    try {
      instances.child({}).set((await shared.instances()).length);
    } catch {
      // How many there are can't be known without the database, and that tells another metric.
      instances.clear();
    }
  };
}

/** What the file of a SQLite database is called, and what stands beside it. */
const FILES = [["database", ""], ["log", "-wal"]] as const;

/**
 * Makes the meter of the journal.
 *
 * @param registry Where its metrics are added.
 * @returns The meter.
 */
export function createJournalMeter(registry: Registry): JournalMeter {
  const durations = registry.histogram({
    name: "storehook_journal_commit_duration_seconds",
    help: "How long transactions of the journal took until they were on disk.",
    buckets: COMMIT_SECONDS,
  }).child({});
  const sizes = registry.histogram({
    name: "storehook_journal_commit_changes",
    help: "How many changes were stored in one transaction.",
    buckets: SIZES,
  }).child({});
  const failures = registry.counter({
    name: "storehook_journal_commit_failures_total",
    help: "Transactions of the journal that could not be stored.",
  }).child({});
  const writable = registry.gauge({
    name: "storehook_journal_writable",
    help: "1 while the journal can be written, else 0: then requests are answered with 503.",
  }).child({});
  const bytes = registry.gauge({
    name: "storehook_journal_file_bytes",
    help: "What the files of the journal take: the database, and the log that is written first.",
    labels: ["file"],
  });
  const collectShared = createSharedCollector(registry);
  let watched: WatchedJournal | undefined;

  registry.collect(async () => {
    if (watched === undefined) return;
    const { path, state, shared } = watched;
    writable.set(state().writable ? 1 : 0);
    if (shared !== undefined) await collectShared(shared);
    if (path === undefined) return;
    const sizesNow = await Promise.all(FILES.map(([, suffix]) => sizeOf(`${path}${suffix}`)));
    bytes.clear();
    for (const [index, [file]] of FILES.entries()) {
      const size = sizesNow[index];
      if (size !== undefined) bytes.child({ file }).set(size);
    }
  });

  return {
    committed({ durationMs, changes, stored }) {
      if (!stored) return failures.inc();
      durations.observe(durationMs / 1000);
      sizes.observe(changes);
    },
    watch(journal) {
      watched = journal;
    },
  };
}

/** The size of a file that went is missing, and not 0: the state tells what that means. */
async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await Deno.stat(path)).size;
  } catch {
    return undefined;
  }
}

/** All that the running program counts. */
export interface Meters {
  readonly requests: RequestMeter;
  readonly journal: JournalMeter;
  readonly forwards: ForwardMeter;
  readonly observeServiceCall: ObserveServiceCall;
  readonly observeReload: ObserveReload;
  readonly observeShadow: ObserveShadow;
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
  const observeShadow = createShadowMeter(registry);
  addProcessMetrics(registry, version);
  return {
    requests,
    journal,
    forwards,
    observeServiceCall,
    observeReload,
    observeShadow,
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

/** What came of a delivery that a shadow was to decide. */
export type ShadowResult = "same" | "answer" | "rule" | "ask" | "failed" | "dropped";

/** Counts deliveries that a shadow was to decide. */
export type ObserveShadow = (result: ShadowResult, count: number) => void;

/**
 * Makes what counts how a shadow decides.
 *
 * @param registry Where its metric is added.
 */
function createShadowMeter(registry: Registry): ObserveShadow {
  const deliveries = registry.counter({
    name: "storehook_shadow_deliveries_total",
    help:
      "Deliveries by what the config of serve --shadow would make of them. The result is same, " +
      "answer, rule, ask, failed or dropped (too much was waiting).",
    labels: ["result"],
  });
  return (result, count) => {
    if (count > 0) deliveries.child({ result }).inc(count);
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
