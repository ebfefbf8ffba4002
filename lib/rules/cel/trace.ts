/** How many values of one rule are kept: a rule may walk through thousands of items. */
const MAX_VALUES = 20;

/** How much of a text is kept. */
const MAX_TEXT = 120;

/** A value that a rule read. */
export interface ReadValue {
  /** Where it stands, as a rule writes it, e.g. `order.items[2].quantity`. */
  readonly path: string;
  /** The value, long text cut; of a list how many elements it has, e.g. `3 elements`. */
  readonly value: string | number | boolean | null;
  /** Set where `value` is no text of the document but says something of it. */
  readonly isDescription?: true;
}

/** Notes what one evaluation reads. */
export interface Trace {
  /**
   * Notes that a field was read.
   *
   * @param owner The reader that has it; what stands at no place begins a path.
   * @param field The field.
   * @param value What the expression sees of it.
   * @returns The same, or what notes its own parts when they are read.
   */
  read(owner: object, field: string, value: unknown): unknown;
  /** What was read, each place once. */
  values(): readonly ReadValue[];
}

/**
 * Starts to note what is read. One trace serves one evaluation.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const trace = createTrace();
 * const order = {};
 * trace.read({}, "order", order);
 * trace.read(order, "currency", "USD");
 * assertEquals(trace.values(), [{ path: "order.currency", value: "USD" }]);
 * ```
 */
export function createTrace(): Trace {
  const paths = new WeakMap<object, string>();
  const values = new Map<string, ReadValue>();

  function note(path: string, value: ReadValue["value"], isDescription = false): void {
    if (values.size >= MAX_VALUES || values.has(path)) return;
    const shown = typeof value === "string" && value.length > MAX_TEXT
      ? `${value.slice(0, MAX_TEXT)}…`
      : value;
    values.set(path, { path, value: shown, ...(isDescription && { isDescription }) });
  }

  function place(value: object, path: string): void {
    // An item may be reached by several ways: the first one names it.
    if (!paths.has(value)) paths.set(value, path);
  }

  function noteList(path: string, list: readonly unknown[]): void {
    const isPlain = list.every((element) => typeof element !== "object" || element === null);
    if (isPlain) note(path, JSON.stringify(list), true);
    else {
      const count = list.length === 1 ? "1 element" : `${list.length} elements`;
      note(path, list.length === 0 ? "no element" : count, true);
    }
    for (const [index, element] of list.entries()) {
      if (typeof element === "object" && element !== null) place(element, `${path}[${index}]`);
    }
  }

  /** A map whose values are noted when they are asked for. */
  function traced(map: ReadonlyMap<unknown, unknown>, path: string): ReadonlyMap<unknown, unknown> {
    const copy = new Map(map);
    const look = (key: unknown) => {
      const value = map.get(key);
      const at = `${path}[${JSON.stringify(String(key)).replaceAll('"', "'")}]`;
      if (typeof value === "string") note(at, value);
      else note(at, "nothing", true);
      return value;
    };
    return Object.assign(copy, {
      get: look,
      has: (key: unknown) => look(key) !== undefined,
    });
  }

  return {
    read(owner, field, value) {
      const ownPath = paths.get(owner);
      const path = ownPath === undefined ? field : `${ownPath}.${field}`;
      if (value instanceof Map) return traced(value, path);
      if (Array.isArray(value)) noteList(path, value);
      else if (typeof value === "object" && value !== null) place(value, path);
      else if (isPlain(value)) note(path, value);
      return value;
    },
    values: () => [...values.values()],
  };
}

function isPlain(value: unknown): value is ReadValue["value"] {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}
