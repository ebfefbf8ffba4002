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
