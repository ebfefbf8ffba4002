import { type Counter, createCounter } from "./counter.ts";
import type { Definition, Family } from "./family.ts";
import { createGauge, type Gauge } from "./gauge.ts";
import { createHistogram, type Histogram, type HistogramDefinition } from "./histogram.ts";
import { formatMetrics } from "./text_format.ts";

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
