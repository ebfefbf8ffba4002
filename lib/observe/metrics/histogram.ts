import {
  createChildren,
  type Definition,
  type Family,
  type LabelValues,
  type Sample,
} from "./family.ts";
import { formatNumber } from "./format_number.ts";

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
  const children = createChildren(definition, () => createChild(bounds), ["le"]);
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

interface OwnChild extends HistogramChild {
  /** How many values each bucket holds that the one before it does not. */
  readonly counts: Float64Array;
  sum(): number;
}

function createChild(bounds: readonly number[]): OwnChild {
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
): Generator<Sample> {
  let count = 0;
  for (const [index, bound] of bounds.entries()) {
    count += counts[index] ?? 0;
    yield { suffix: "_bucket", labels: { ...labels, le: formatNumber(bound) }, value: count };
  }
  yield { suffix: "_sum", labels, value: sum };
  yield { suffix: "_count", labels, value: count };
}
