import type { LogRecord } from "@logtape/logtape";
import { isSensitiveName } from "./sensitive_names.ts";

/** What stands in the place of what may not be logged. */
export const REMOVED = "[removed]";

/** Deeper, nothing is looked at: what is logged is flat, and an object may hold itself. */
const DEEPEST = 6;

/**
 * Takes the values of sensitive names out of a record, in its properties and in its message.
 *
 * @param record What is logged.
 * @returns The record itself when there is nothing to take out, else a copy.
 */
export function withoutSensitiveFields(record: LogRecord): LogRecord {
  const changed = new Map<unknown, unknown>();
  const { properties } = record;
  for (const name in properties) {
    const value = properties[name];
    const cleaned = cleanField(name, value, 0);
    if (cleaned !== value) changed.set(value, cleaned);
  }
  if (changed.size === 0) return record;
  const cleanEntry = ([name, value]: [string, unknown]) => [name, cleanField(name, value, 0)];
  return {
    ...record,
    properties: Object.fromEntries(Object.entries(properties).map(cleanEntry)),
    // Every other part is the program's own text.
    message: record.message.map((part, index) =>
      index % 2 === 1 && changed.has(part) ? changed.get(part) : part
    ),
  };
}

function cleanField(name: string, value: unknown, depth: number): unknown {
  return isSensitiveName(name) && holdsSomething(value) ? REMOVED : clean(value, depth);
}

function holdsSomething(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "" && typeof value !== "boolean";
}

/** The value itself, or a copy where something had to be taken out. */
function clean(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null) return value;
  // Bytes are somebody's body.
  if (depth > DEEPEST || ArrayBuffer.isView(value)) return REMOVED;
  if (value instanceof Headers) return clean(Object.fromEntries(value), depth);
  const entries = Object.entries(value);
  const cleaned = entries.map(([name, item]) => [name, cleanField(name, item, depth + 1)] as const);
  const isSame = cleaned.every(([, item], index) => item === entries[index]?.[1]);
  const cause = value instanceof Error ? clean(value.cause, depth + 1) : undefined;
  if (isSame && (!(value instanceof Error) || cause === value.cause)) return value;
  if (Array.isArray(value)) return cleaned.map(([, item]) => item);
  if (!(value instanceof Error)) return Object.fromEntries(cleaned);
  const { name, message, stack } = value;
  return {
    name,
    message,
    stack,
    ...(cause === undefined ? {} : { cause }),
    ...Object.fromEntries(cleaned),
  };
}
