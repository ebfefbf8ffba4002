/** Counters, gauges and histograms, and the parts in which a metric is kept. */

/** What one sample line of the text format says. */
export interface MetricSample {
  /** What follows the name of the family: nothing, or `_bucket`, `_sum` and `_count`. */
  readonly suffix: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The types of metrics that are kept. */
export type MetricType = "counter" | "gauge" | "histogram";

/** What a metric is. */
export interface Definition<Label extends string> {
  /** In the words of Prometheus, with its unit, e.g. `storehook_request_duration_seconds`. */
  readonly name: string;
  /** One sentence for people. */
  readonly help: string;
  /** The names of its labels; none unless given. */
  readonly labels?: readonly Label[];
}

/** A value for each label. */
export type LabelValues<Label extends string> = Readonly<Record<Label, string>>;

/** A metric with all of its label values, as it is written. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: MetricType;
  readonly labels: readonly string[];
  samples(): Iterable<MetricSample>;
}

/** The parts of a metric that differ in the values of its labels. */
export interface Children<Label extends string, Child> {
  /** Gives the part with these values; the first call makes it. Keep it where it is used often. */
  child(values: LabelValues<Label>): Child;
  /** Forgets every part: what is not set anew is gone from the text. */
  clear(): void;
  /** All of them, in the order in which they were made. */
  all(): Iterable<readonly [Readonly<Record<string, string>>, Child]>;
}

const METRIC_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const LABEL_NAME = /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/;

/**
 * Keeps the parts of one metric.
 *
 * @param definition The metric.
 * @param make Makes a part.
 * @param reserved Labels that the type of the metric writes by itself.
 * @returns The parts; one without labels is there from the start.
 * @throws {SyntaxError} When a name is none for Prometheus.
 */
export function createChildren<Label extends string, Child>(
  { name, labels = [] }: Definition<Label>,
  make: () => Child,
  reserved: readonly string[] = [],
): Children<Label, Child> {
  if (!METRIC_NAME.test(name)) {
    throw new SyntaxError(`Cannot define metric ${JSON.stringify(name)}: that is no metric name`);
  }
  for (const label of labels) {
    if (LABEL_NAME.test(label) && !reserved.includes(label)) continue;
    const found = JSON.stringify(label);
    throw new SyntaxError(`Cannot define metric "${name}": ${found} is no name for a label of it`);
  }
  const children = new Map<string, readonly [Readonly<Record<string, string>>, Child]>();

  function childOf(texts: readonly string[]): Child {
    const key = JSON.stringify(texts);
    const known = children.get(key);
    if (known !== undefined) return known[1];
    const made = make();
    const values = Object.fromEntries(labels.map((label, index) => [label, texts[index] ?? ""]));
    children.set(key, [values, made]);
    return made;
  }
  // Without labels there is nothing to wait for: it is 0 rather than missing.
  if (labels.length === 0) childOf([]);

  return {
    // Half characters are all written alike, and two lines of the same labels void the whole text.
    child: (values) => childOf(labels.map((label) => values[label].toWellFormed())),
    clear: () => children.clear(),
    all: () => children.values(),
  };
}

/**
 * Writes a number as the text format has it.
 *
 * @param value Any number.
 * @returns Its text.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([0.25, Infinity].map(formatNumber), ["0.25", "+Inf"]);
 * ```
 */
export function formatNumber(value: number): string {
  if (value === Infinity) return "+Inf";
  return value === -Infinity ? "-Inf" : String(value);
}

/** A number that only grows. */
export interface CounterChild {
  /** Adds one, or as much as is given. */
  inc(by?: number): void;
}

/** A metric that counts. */
export interface Counter<Label extends string> extends Family {
  /** Gives the part with these label values, which starts at 0. */
  child(values: LabelValues<Label>): CounterChild;
}

/**
 * Makes a counter.
 *
 * @param definition What it counts; its name ends in `_total`.
 * @returns The counter.
 * @throws {SyntaxError} When a name is none for Prometheus.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const sold = createCounter({ name: "sold_total", help: "Sold.", labels: ["kind"] });
 * sold.child({ kind: "tea" }).inc();
 * sold.child({ kind: "tea" }).inc(2);
 * assertEquals([...sold.samples()], [{ suffix: "", labels: { kind: "tea" }, value: 3 }]);
 * ```
 */
export function createCounter<Label extends string>(
  definition: Definition<Label>,
): Counter<Label> {
  const { name, help, labels = [] } = definition;
  if (!name.endsWith("_total")) {
    throw new SyntaxError(`Cannot define counter "${name}": its name has to end in _total`);
  }
  const children = createChildren(definition, createCounterChild);
  return {
    name,
    help,
    type: "counter",
    labels,
    child: children.child,
    *samples() {
      for (const [values, { value }] of children.all()) {
        yield { suffix: "", labels: values, value: value() };
      }
    },
  };
}

function createCounterChild(): CounterChild & { value(): number } {
  let total = 0;
  return {
    inc(by = 1) {
      if (!(by >= 0)) throw new RangeError(`Cannot count ${by}: a counter only grows`);
      total += by;
    },
    value: () => total,
  };
}

/** A number that goes up and down. */
export interface GaugeChild {
  set(value: number): void;
}

/** A metric that tells how something stands. */
export interface Gauge<Label extends string> extends Family {
  /** Gives the part with these label values, which starts at 0. */
  child(values: LabelValues<Label>): GaugeChild;
  /** Forgets every part: what is not set anew is gone from the text. */
  clear(): void;
}

/**
 * Makes a gauge.
 *
 * @param definition What it tells.
 * @returns The gauge.
 * @throws {SyntaxError} When a name is none for Prometheus.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const waiting = createGauge({ name: "waiting", help: "Who waits." });
 * waiting.child({}).set(3);
 * waiting.child({}).set(2);
 * assertEquals([...waiting.samples()], [{ suffix: "", labels: {}, value: 2 }]);
 * ```
 */
export function createGauge<Label extends string>(definition: Definition<Label>): Gauge<Label> {
  const { name, help, labels = [] } = definition;
  const children = createChildren(definition, createGaugeChild);
  return {
    name,
    help,
    type: "gauge",
    labels,
    child: children.child,
    clear: children.clear,
    *samples() {
      for (const [values, { value }] of children.all()) {
        yield { suffix: "", labels: values, value: value() };
      }
    },
  };
}

function createGaugeChild(): GaugeChild & { value(): number } {
  let current = 0;
  return {
    set(value) {
      current = value;
    },
    value: () => current,
  };
}

/** How values are spread. */
export interface HistogramChild {
  /** Takes a value in. */
  observe(value: number): void;
}

/** A metric that tells how values are spread. */
export interface Histogram<Label extends string> extends Family {
  /** Gives the part with these label values, which starts empty. */
  child(values: LabelValues<Label>): HistogramChild;
}

/** What a histogram is. */
export interface HistogramDefinition<Label extends string> extends Definition<Label> {
  /** The upper bounds of its buckets, which rise; that of everything is added. */
  readonly buckets: readonly number[];
}

/**
 * Makes a histogram.
 *
 * @param definition What it tells.
 * @returns The histogram.
 * @throws {SyntaxError} When a name is none for Prometheus.
 * @throws {RangeError} When the bounds don't rise.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const sizes = createHistogram({ name: "sizes", help: "How large.", buckets: [1, 10] });
 * sizes.child({}).observe(10);
 * assertEquals([...sizes.samples()].map(({ suffix, value }) => [suffix, value]), [
 *   ["_bucket", 0],
 *   ["_bucket", 1],
 *   ["_bucket", 1],
 *   ["_sum", 10],
 *   ["_count", 1],
 * ]);
 * ```
 */
export function createHistogram<Label extends string>(
  definition: HistogramDefinition<Label>,
): Histogram<Label> {
  const { name, help, labels = [], buckets } = definition;
  const bounds = [...buckets, Infinity];
  if (
    bounds.some((bound, index) => Number.isNaN(bound) || bound <= (bounds[index - 1] ?? -Infinity))
  ) {
    throw new RangeError(`Cannot define histogram "${name}": the bounds of its buckets don't rise`);
  }
  const children = createChildren(definition, () => createHistogramChild(bounds), ["le"]);
  return {
    name,
    help,
    type: "histogram",
    labels,
    child: children.child,
    *samples() {
      for (const [values, { counts, sum }] of children.all()) {
        yield* samplesOf(values, bounds, counts, sum());
      }
    },
  };
}

interface ObservedChild extends HistogramChild {
  /** How many values each bucket holds that the one before it does not. */
  readonly counts: Float64Array;
  sum(): number;
}

function createHistogramChild(bounds: readonly number[]): ObservedChild {
  const counts = new Float64Array(bounds.length);
  let sum = 0;
  return {
    counts,
    observe(value) {
      // Few bounds, and most values are small: no search is faster than to look at them in order.
      const index = bounds.findIndex((bound) => value <= bound);
      if (index === -1) return;
      counts[index] = (counts[index] ?? 0) + 1;
      sum += value;
    },
    sum: () => sum,
  };
}

function* samplesOf(
  labels: Readonly<Record<string, string>>,
  bounds: readonly number[],
  counts: Float64Array,
  sum: number,
): Generator<MetricSample> {
  let count = 0;
  for (const [index, bound] of bounds.entries()) {
    count += counts[index] ?? 0;
    yield { suffix: "_bucket", labels: { ...labels, le: formatNumber(bound) }, value: count };
  }
  yield { suffix: "_sum", labels, value: sum };
  yield { suffix: "_count", labels, value: count };
}
