import { createChildren, type Definition, type Family, type LabelValues } from "./family.ts";

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
  const children = createChildren(definition, createChild);
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

function createChild(): CounterChild & { value(): number } {
  let total = 0;
  return {
    inc(by = 1) {
      if (!(by >= 0)) throw new RangeError(`Cannot count ${by}: a counter only grows`);
      total += by;
    },
    value: () => total,
  };
}
