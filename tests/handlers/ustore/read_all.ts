import type { Vocabulary } from "../../../lib/rules/vocabulary.ts";

/** Reads every field that rules can see, so that two views can be compared as plain data. */
export function readAll({ definition: { types } }: Vocabulary, type: string, view: unknown) {
  function read(type: string, value: unknown): unknown {
    const itemType = /^list<(.+)>$/.exec(type)?.[1];
    if (itemType !== undefined && Array.isArray(value)) {
      return value.map((one) => read(itemType, one));
    }
    if (value instanceof Map) return Object.fromEntries(value);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(types[type] ?? {}).map((
        [name, fieldType],
      ) => [name, read(fieldType, Reflect.get(value, name))]),
    );
  }
  return read(type, view);
}
