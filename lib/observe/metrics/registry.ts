import {
  type Counter,
  createCounter,
  createGauge,
  createHistogram,
  type Definition,
  type Family,
  formatNumber,
  type Gauge,
  type Histogram,
  type HistogramDefinition,
  type MetricSample,
} from "./instruments.ts";

/** Brings gauges up to date just before they are read. */
export type Collector = () => void | Promise<void>;

/** All metrics of the program. */
export interface Registry {
  /** Adds a counter. */
  counter<Label extends string>(definition: Definition<Label>): Counter<Label>;
  /** Adds a gauge. */
  gauge<Label extends string>(definition: Definition<Label>): Gauge<Label>;
  /** Adds a histogram. */
  histogram<Label extends string>(definition: HistogramDefinition<Label>): Histogram<Label>;
  /** Has this called before each reading; what it throws goes to whoever reads. */
  collect(collector: Collector): void;
  /** The metrics, in the order in which they were added. */
  families(): readonly Family[];
  /** Reads all of them, in the text format of Prometheus. */
  text(): Promise<string>;
}

/**
 * Makes a registry.
 *
 * @returns The registry, empty; a name that it has already is refused with a `RangeError`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const registry = createRegistry();
 * const waiting = registry.gauge({ name: "waiting", help: "Who waits." });
 * registry.collect(() => waiting.child({}).set(3));
 * assertEquals(
 *   await registry.text(),
 *   "# HELP waiting Who waits.\n# TYPE waiting gauge\nwaiting 3\n",
 * );
 * ```
 */
export function createRegistry(): Registry {
  const families = new Map<string, Family>();
  const collectors: Collector[] = [];

  function add<Added extends Family>(family: Added): Added {
    if (families.has(family.name)) {
      throw new RangeError(`Cannot add metric "${family.name}": there is one of that name`);
    }
    families.set(family.name, family);
    return family;
  }

  return {
    counter: (definition) => add(createCounter(definition)),
    gauge: (definition) => add(createGauge(definition)),
    histogram: (definition) => add(createHistogram(definition)),
    collect: (collector) => void collectors.push(collector),
    families: () => [...families.values()],
    async text() {
      for (const collect of collectors) await collect();
      return formatMetrics(families.values());
    },
  };
}

/** The media type of the text: that of Prometheus' exposition format. */
export const TEXT_FORMAT = "text/plain; version=0.0.4; charset=utf-8";

/**
 * Writes metrics in the text format of Prometheus, version 0.0.4.
 *
 * @param families The metrics.
 * @returns The text; a metric of which there is no part yet is told by its help and type alone.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { createCounter } from "./instruments.ts";
 *
 * const sold = createCounter({ name: "sold_total", help: "Sold.", labels: ["kind"] });
 * sold.child({ kind: 'the "best"' }).inc();
 * assertEquals(
 *   formatMetrics([sold]),
 *   '# HELP sold_total Sold.\n# TYPE sold_total counter\nsold_total{kind="the \\"best\\""} 1\n',
 * );
 * ```
 */
export function formatMetrics(families: Iterable<Family>): string {
  const lines: string[] = [];
  for (const { name, help, type, samples } of families) {
    lines.push(`# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n`);
    for (const sample of samples()) lines.push(`${name}${formatSample(sample)}\n`);
  }
  return lines.join("");
}

function formatSample({ suffix, labels, value }: MetricSample): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapeValue(text)}"`);
  const inBraces = pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
  return `${suffix}${inBraces} ${formatNumber(value)}`;
}

function escapeHelp(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").toWellFormed();
}

function escapeValue(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"');
}
