/** The expression library's names, in the words of people who write rules. */

const TYPES: ReadonlyMap<string, string> = new Map([
  ["double", "number"],
  ["int", "whole number"],
  ["uint", "whole number"],
  ["string", "text"],
  ["bool", "true/false"],
  ["null", "null"],
  ["dyn", "anything"],
]);

/**
 * Names a type.
 *
 * @param name The library's name, e.g. `list<double>`.
 * @returns The name for people.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(typeInWords("list<double>"), "list of number");
 * ```
 */
export function typeInWords(name: string): string {
  const list = /^list<(.+)>$/.exec(name)?.[1];
  if (list !== undefined) return /^[A-Z]$/.test(list) ? "list" : `list of ${typeInWords(list)}`;
  const map = /^map<[^,]+, (.+)>$/.exec(name)?.[1];
  if (map !== undefined) return /^[A-Z]$/.test(map) ? "map" : `map of ${typeInWords(map)}`;
  return TYPES.get(name) ?? name;
}

/**
 * Names a function as it is written in a rule.
 *
 * @param signature The library's signature, e.g. `string.contains(string): bool`.
 * @returns How to write it, e.g. `text.contains(text)`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(callInWords("string.contains(string): bool"), "text.contains(text)");
 * ```
 */
export function callInWords(signature: string): string {
  const call = signature.replace(/:[^:]*$/, "");
  return call
    .replaceAll(/\blist<[^>]*>/g, "list")
    .replaceAll(/\bmap<[^>]*>/g, "map")
    .replaceAll(
      /\b(?:double|int|uint|string|dyn|ast)\b(?!\()/g,
      (word) => word === "ast" ? "…" : typeInWords(word),
    );
}

/** Why an evaluation failed, by the library's code, where its own words are not for people. */
const REASONS: ReadonlyMap<string, string> = new Map([
  ["division_by_zero", "division by zero"],
  ["modulo_by_zero", "division by zero"],
  ["numeric_overflow", "number out of range"],
  ["index_out_of_range", "the text is too short"],
  ["int_conversion_error", "cannot read the text as a whole number"],
  ["uint_conversion_error", "cannot read the text as a whole number"],
  ["bool_conversion_error", "cannot read the text as true or false"],
]);

/**
 * Names the reason of a failed evaluation.
 *
 * @param code The library's code of the error.
 * @param summary The library's message.
 * @returns The reason for people.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(reasonInWords("no_such_key", "No such key: Paper"), 'there is no "Paper"');
 * ```
 */
export function reasonInWords(code: string, summary: string): string {
  const known = REASONS.get(code);
  if (known !== undefined) return known;
  const key = /^No such key: (.*)$/s.exec(summary)?.[1];
  if (code === "no_such_key" && key !== undefined) return `there is no ${JSON.stringify(key)}`;
  const index = /index (-?\d+)/.exec(summary)?.[1];
  if (code === "index_out_of_bounds" && index !== undefined) {
    return `the list has no element ${index} (the first one is 0)`;
  }
  return summary.charAt(0).toLowerCase() +
    summary.slice(1).replaceAll(
      /'(double|int|uint|string|bool|dyn|list<[^']*|map<[^']*)'/g,
      (_, name: string) => typeInWords(name),
    );
}
