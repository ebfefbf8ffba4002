import type { LogRecord } from "@logtape/logtape";

/** What stands in the place of what may not be logged. */
export const REDACTED = "[removed]";

/** Deeper, nothing is looked at: what is logged is flat, and an object may hold itself. */
const DEEPEST = 6;

/**
 * Takes the values of sensitive names out of a record, in its properties and in its message.
 *
 * @param record What is logged.
 * @returns The record itself when there is nothing to take out, else a copy.
 */
export function withoutSensitiveFields(record: LogRecord): LogRecord {
  let changed: Map<unknown, unknown> | undefined;
  const { properties } = record;
  for (const name in properties) {
    const value = properties[name];
    const cleaned = cleanField(name, value, 0);
    if (cleaned !== value) (changed ??= new Map()).set(value, cleaned);
  }
  if (changed === undefined) return record;
  const taken = changed;
  const cleanEntry = ([name, value]: [string, unknown]) => [name, cleanField(name, value, 0)];
  return {
    ...record,
    properties: Object.fromEntries(Object.entries(properties).map(cleanEntry)),
    // Every other part is the program's own text, and so is what an error says.
    message: record.message.map((part, index) => {
      if (index % 2 === 0 || !taken.has(part)) return part;
      return part instanceof Error ? part.message : taken.get(part);
    }),
  };
}

function cleanField(name: string, value: unknown, depth: number): unknown {
  return isSensitiveName(name) && holdsSomething(value) ? REDACTED : clean(value, depth);
}

function holdsSomething(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "" && typeof value !== "boolean";
}

/** The value itself, or a copy where something had to be taken out. */
function clean(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null) return value;
  // Bytes are somebody's body.
  if (depth > DEEPEST || ArrayBuffer.isView(value)) return REDACTED;
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

const SECRET = /auth|cookie|signature|secret|token|passw|credential|session|jwt|(?:^|[-_])keys?$/i;
/** `signatureKey` and `apiKeys`, but not `monkey`. */
const KEY = /[a-z]Keys?$|^(?:api|private)-?keys?$/;
const REACHED = /e-?mail|phone|^(?:fax|mobile)/i;
const NAMED = /^(?:first|last|full|sur|given|family|middle|user|customer|company)[-_]?name$/i;
const LIVES =
  /street|^(?:(?:billing|shipping|postal|home)[-_]?)?address(?:[-_]?(?:line[-_]?)?\d)?$|^(?:zip|post(?:al)?)[-_]?code$|^zip$/i;
const OTHER = /^birth|^(?:credit[-_]?)?card(?:[-_]?number)?$|^iban$|^ssn$/i;
const SENSITIVE = [SECRET, KEY, REACHED, NAMED, LIVES, OTHER];

/** The names are those that the program's own code gives, so there are few. */
const known = new Map<string, boolean>();
const MOST_KNOWN = 1000;

/**
 * Tells whether what has such a name is secret or about a person.
 *
 * @param name The name of a property or a header.
 * @returns Whether its value may not be logged.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const names = ["signatureKey", "X-Api-Key", "email", "lastName", "billingAddress"];
 * assertEquals(names.filter(isSensitiveName), names);
 * assertEquals(["endpoint", "remoteAddress", "name", "key1"].some(isSensitiveName), false);
 * ```
 */
export function isSensitiveName(name: string): boolean {
  const found = known.get(name);
  if (found !== undefined) return found;
  const isSensitive = SENSITIVE.some((pattern) => pattern.test(name));
  if (known.size < MOST_KNOWN) known.set(name, isSensitive);
  return isSensitive;
}
