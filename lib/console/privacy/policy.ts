/** What of a record is shown to whom: what nobody has decided on is not shown. */
import type { Role } from "../../journal/console.ts";
import { mayDo } from "../context.ts";

/** Stands in the place of what may be about a person. */
export const HIDDEN = "[hidden]";

/** What a policy has to know beside what it judges. */
export interface Sight {
  /** Whether a type of events is a name that the program or the config knows. */
  readonly isKnownType: (type: string) => boolean;
}

/** Makes of a value what somebody sees who may not see what is about people. It has the same form. */
export type Policy<Value> = (value: Value, sight: Sight) => Value;

/** Leaves a field out, which only one that may be missing takes. */
export const LEFT_OUT = Symbol("left out");

type FieldPolicy<Owner, Name extends keyof Owner> =
  | Policy<Exclude<Owner[Name], undefined>>
  | (Record<never, never> extends Pick<Owner, Name> ? typeof LEFT_OUT : never);

/** A policy for every field: without one for a new field nothing compiles. */
type FieldPolicies<Owner> = {
  readonly [Name in keyof Owner]-?: FieldPolicy<Owner, Name>;
};

/**
 * Tells whether a role sees what is about people.
 *
 * @param role The role.
 */
export function seesPeople(role: Role): boolean {
  return mayDo(role, "operator");
}

/**
 * Shows a record field by field. A field without a policy is not shown, whatever the types say.
 *
 * @param policies What is shown of each.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const policy = fields<{ id: string; by: string; note?: string }>({
 *   id: plain,
 *   by: hidden,
 *   note: LEFT_OUT,
 * });
 * const sight = { isKnownType: () => false };
 * assertEquals(policy({ id: "1", by: "jane", note: "hi" }, sight), { id: "1", by: HIDDEN });
 * ```
 */
export function fields<Owner extends object>(policies: FieldPolicies<Owner>): Policy<Owner> {
  const byName = new Map<string, unknown>(Object.entries(policies));
  return (value, sight) => {
    const shown = Object.entries(value).flatMap(([name, one]) => {
      const policy = byName.get(name);
      if (one === undefined || typeof policy !== "function") return [];
      return [[name, policy(one, sight)]];
    });
    // Each policy gives what it takes, and only what may be missing is left out.
    return Object.fromEntries(shown) as Owner;
  };
}

/**
 * Shows each member of a list by one policy.
 *
 * @param policy What is shown of each.
 */
export function each<Value>(policy: Policy<Value>): Policy<readonly Value[]> {
  return (values, sight) => values.map((value) => policy(value, sight));
}

/**
 * Shows what is there by a policy, and that nothing is.
 *
 * @param policy What is shown where there is something.
 */
export function orNull<Value>(policy: Policy<Value>): Policy<Value | null> {
  return (value, sight) => value === null ? null : policy(value, sight);
}

/** Shows all of it: numbers, times, ids and words of the program itself. */
export function plain<Value>(value: Value): Value {
  return value;
}

/** Shows that there is a text. */
export function hidden<Text extends string | null>(value: Text): Text {
  // A text for a text, and nothing for nothing.
  return (value === null ? null : HIDDEN) as Text;
}

/** Shows nothing of a text that is looked at as a whole. */
export function emptied<Text extends string>(_value: Text): Text {
  // A text for a text.
  return "" as Text;
}

/** Shows nothing of a list. */
export function none<Value>(_value: readonly Value[]): readonly Value[] {
  return [];
}

/** Also as URLs and other scripts write it, and between signs that nobody sees. */
const AT = String.raw`\p{Cf}*(?:[@\uff20\ufe6b]|%40|&#(?:64|x40);|&commat;)\p{Cf}*`;
const LOCAL = String.raw`(?:"[^"\n]{1,64}"|[^\s"'<>()[\]{},;:=|\\/@]{1,64}?)`;
const DOMAIN = String.raw`(?:\[[\w.:-]{1,64}\]|[\p{L}\p{N}][\p{L}\p{N}\p{Cf}._-]{0,252})`;
const ADDRESS = new RegExp(`${LOCAL}${AT}${DOMAIN}`, "giu");

/** A row of a table is named by its file, which may lie in the folder of a person. */
const FOLDER_OF_ROW = /^(?:[A-Za-z]:)?[\\/].*[\\/](?=[^\\/]+ line \d+$)/s;

/**
 * Shows what the config calls things, however deep it stands: the names of endpoints, rules,
 * destinations and services. E-mail addresses are taken out of them, and of the row of a table the
 * folder of its file where that is given from the root on.
 *
 * @param value Any value that can be written as JSON.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(named({ rule: "for jane@example.com" }), { rule: "for [hidden]" });
 * assertEquals(named(String.raw`C:\Users\jane\plants.csv line 3`), "[hidden]/plants.csv line 3");
 * ```
 */
export function named<Value>(value: Value): Value {
  // It has the same shape: texts stay texts.
  return withoutPeople(value) as Value;
}

function withoutPeople(value: unknown): unknown {
  if (typeof value === "string") return nameWithoutPeople(value);
  if (Array.isArray(value)) return value.map(withoutPeople);
  if (typeof value !== "object" || value === null || JSON.isRawJSON(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [nameWithoutPeople(name), withoutPeople(one)]),
  );
}

function nameWithoutPeople(name: string): string {
  return name.replace(FOLDER_OF_ROW, `${HIDDEN}/`).replace(ADDRESS, HIDDEN);
}
