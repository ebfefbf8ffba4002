import { createChildren, type Definition, type Family, type LabelValues } from "./family.ts";

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
  const children = createChildren(definition, createChild);
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

function createChild(): GaugeChild & { value(): number } {
  let current = 0;
  return {
    set(value) {
      current = value;
    },
    value: () => current,
  };
}
