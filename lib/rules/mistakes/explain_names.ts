import { nearest } from "../../util/nearest.ts";
import type { Vocabulary } from "../vocabulary.ts";

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
]);

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
  if (/^(?:true|false|null)$/i.test(name)) return didYouMean(name.toLowerCase());
  if (name.length === 1) return `Name the element first, e.g. exists(${name}, …)`;
  const near = nearest(name, Object.keys(variables));
  if (near !== undefined) return didYouMean(near);
  for (const [variable, type] of Object.entries(variables)) {
    const field = nearest(name, Object.keys(types[type] ?? {}));
    if (field !== undefined) return didYouMean(`${variable}.${field}`);
  }
  return `A rule sees ${Object.keys(variables).join(", ")}; text stands in quotes`;
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
