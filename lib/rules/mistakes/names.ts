/** What was probably meant by a name, and how people call what the expression library names. */
import { nearest } from "../../util/words.ts";
import type { Vocabulary } from "../vocabulary.ts";

/** A hint is no list of everything. */
const MOST_FIELDS = 3;

function didYouMean(name: string): string {
  return `Did you mean '${name}'?`;
}

/**
 * Suggests a field.
 *
 * @param vocabulary What the rule may speak of.
 * @param type The type whose field was named.
 * @param field The name as it was written.
 * @returns The nearest field of that type, or all of them; `undefined` when the type has no fields.
 */
export function suggestField(
  vocabulary: Vocabulary,
  type: string,
  field: string,
): string | undefined {
  const fields = Object.keys(vocabulary.definition.types[type] ?? {});
  const near = nearest(field, fields);
  if (near !== undefined) return didYouMean(near);
  return fields.length === 0 ? undefined : `${type} has ${fields.join(", ")}`;
}

/**
 * Suggests what a rule may start from.
 *
 * @param vocabulary What the rule may speak of.
 * @param name The name as it was written.
 * @returns The nearest variable, the variable that has a field of this name, or all variables.
 */
export function suggestVariable(vocabulary: Vocabulary, name: string): string {
  const { types, variables } = vocabulary.definition;
  const defined = [...vocabulary.named?.defines.keys() ?? []];
  if (/^(?:true|false|null)$/i.test(name)) return didYouMean(name.toLowerCase());
  if (name.length === 1) return `Name the element first, e.g. exists(${name}, …)`;
  const near = nearest(name, [...Object.keys(variables), ...defined]);
  if (near !== undefined) return didYouMean(near);
  for (const [variable, type] of Object.entries(variables)) {
    const field = nearest(name, Object.keys(types[type] ?? {}));
    if (field !== undefined) return didYouMean(`${variable}.${field}`);
  }
  return `A rule sees ${
    [...Object.keys(variables), ...defined].join(", ")
  }; text stands in single quotes: ` +
    `'${name}'`;
}

/**
 * Suggests what does here what a name does in other languages.
 *
 * @param name The name as it was written.
 * @returns The suggestion, if any.
 */
export function suggestSynonym(name: string): string | undefined {
  const synonym = SYNONYMS.get(name.toLowerCase());
  return synonym === undefined ? undefined : didYouMean(synonym);
}

/** Names from other languages, and what does the same here. */
const SYNONYMS: ReadonlyMap<string, string> = new Map([
  ["length", "size()"],
  ["len", "size()"],
  ["count", "size()"],
  ["tolower", "lower()"],
  ["tolowercase", "lower()"],
  ["toupper", "upper()"],
  ["touppercase", "upper()"],
  ["includes", "contains()"],
  ["any", "exists()"],
  ["some", "exists()"],
  ["every", "all()"],
  ["not", "!(…)"],
  ["lowercase", "lower()"],
  ["uppercase", "upper()"],
  ["day", "weekday()"],
  ["dayofweek", "weekday()"],
]);

/**
 * Suggests to call what was named like a field.
 *
 * @param vocabulary What the rule may speak of.
 * @param name The name as it was written.
 * @returns The call of the function of this name, if there is one.
 */
export function suggestCall(vocabulary: Vocabulary, name: string): string | undefined {
  const { functions } = vocabulary.checking.getDefinitions();
  return functions.some((known) => known.name === name) ? didYouMean(`${name}()`) : undefined;
}

/**
 * Suggests fields of an object that was taken for one of them.
 *
 * @param vocabulary What the rule may speak of.
 * @param owner The object, as it was written.
 * @param type The object's type.
 * @param wanted The type that fits.
 * @returns The first fields of that type, if any.
 */
export function suggestFieldOf(
  vocabulary: Vocabulary,
  owner: string,
  type: string,
  wanted: string,
): string | undefined {
  const fields = Object.entries(vocabulary.definition.types[type] ?? {})
    .filter(([, fieldType]) => fieldType === wanted)
    .slice(0, MOST_FIELDS)
    .map(([field]) => `${owner}.${field}`);
  return fields.length === 0 ? undefined : `Did you mean ${fields.join(" or ")}?`;
}

/**
 * Suggests a function.
 *
 * @param vocabulary What the rule may speak of.
 * @param name The name as it was written.
 * @returns The same in the language of rules, or the nearest function, if any.
 */
export function suggestFunction(vocabulary: Vocabulary, name: string): string | undefined {
  const synonym = suggestSynonym(name);
  if (synonym !== undefined) return synonym;
  const names = vocabulary.checking.getDefinitions().functions.map((known) => known.name);
  const near = nearest(name, new Set(names));
  return near === undefined ? undefined : didYouMean(`${near}()`);
}

/** The expression library's names of types, in the words of people who write rules. */
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
    .replaceAll("google.protobuf.Timestamp", "timestamp(…)")
    .replaceAll("google.protobuf.Duration", "duration(…)")
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
