/** Rules that can never decide. Told only where no document whatever could prove it wrong. */
import type { Expression } from "../expression.ts";
import type { Steps } from "../../util/waiting.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { areApart, type Case, casesOf, TooManyCases, without } from "./cases.ts";
import { findNever } from "./parts.ts";

/** A rule as far as it matters here. */
export interface NamedCondition {
  readonly name: string;
  readonly when: Pick<Expression, "ast">;
}

/** A rule, or a row of a table. */
export interface Decider {
  /** How a sentence calls it, e.g. `rule "large"`. */
  readonly name: string;
  /** The same with its place. */
  readonly place: string;
  /** When it decides; `undefined` where too little is known of that. */
  readonly cases: readonly Case[] | undefined;
  /** Why nothing can meet it, where more can be said than that. */
  readonly never?: string | undefined;
}

/** A rule that can never decide. */
export interface UnreachableRule {
  /** Its position. */
  readonly index: number;
  /** Why, in one sentence that begins with its name. */
  readonly message: string;
  readonly hint: string;
}

/** What is known of the rules of an endpoint. */
export interface Reach {
  readonly unreachable: readonly UnreachableRule[];
  /** Whether there may be documents that none of them matches. */
  readonly leavesSome: boolean;
}

/** Every document. */
export const EVERY_DOCUMENT: readonly Case[] = [new Map()];

/**
 * Finds rules that can never decide.
 *
 * @param vocabulary What they may speak of.
 * @param rules All rules of an endpoint, in order.
 * @returns Those that no document meets, or only such that a rule before them has matched.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { compileExpression } from "../expression.ts";
 * import { createVocabulary } from "../vocabulary.ts";
 *
 * const vocabulary = createVocabulary({
 *   types: { Order: { total: "number" } },
 *   variables: { order: "Order" },
 * });
 * const rules = ["order.total > 500", "order.total > 1000"].flatMap((source, index) => {
 *   const when = compileExpression(vocabulary, source);
 *   return "ast" in when ? [{ name: String(index), when }] : [];
 * });
 * assertEquals(reachOf(vocabulary, rules).unreachable.map(({ index }) => index), [1]);
 * ```
 */
export function reachOf(vocabulary: Vocabulary, rules: readonly NamedCondition[]): Reach {
  const deciders = rules.map((rule, index) => deciderOf(vocabulary, rule, index));
  const unreachable = deciders.flatMap((_, index) => unreachableAt(deciders, index) ?? []);
  return { unreachable, leavesSome: leftBy(EVERY_DOCUMENT, deciders).length > 0 };
}

/**
 * Makes of a rule what decides.
 *
 * @param vocabulary What it may speak of.
 * @param rule The rule.
 * @param index Its place among the rules.
 */
export function deciderOf(
  vocabulary: Vocabulary,
  { name, when }: NamedCondition,
  index: number,
): Decider {
  const quoted = `rule ${JSON.stringify(name)}`;
  const [never] = findNever(vocabulary, when.ast);
  return {
    name: quoted,
    place: `${quoted} (rules[${index}])`,
    cases: casesOrNone(() => casesOf(vocabulary, when.ast)),
    never: never && `${never.message}, it is ${never.words}`,
  };
}

/**
 * Tells why what decides in a place never does.
 *
 * @param deciders All up to it, in order.
 * @param index Its position among them.
 * @returns `undefined` where it may decide.
 */
export function unreachableAt(
  deciders: readonly Decider[],
  index: number,
): UnreachableRule | undefined {
  const decider = deciders[index];
  const cases = decider?.cases;
  if (decider === undefined || cases === undefined) return undefined;
  const name = decider.name.charAt(0).toUpperCase() + decider.name.slice(1);
  if (cases.length === 0) {
    return {
      index,
      message: `${name} never matches: ${decider.never ?? "nothing can meet its condition"}`,
      hint: "Correct the condition, or take the rule out",
    };
  }
  const why = whyTaken(cases, deciders.slice(0, index));
  if (why === undefined) return undefined;
  return {
    index,
    message: `${name} is never reached: ${why}`,
    hint: "Put it before that rule, correct the conditions, or take it out",
  };
}

function whyTaken(cases: readonly Case[], before: readonly Decider[]): string | undefined {
  const near = before.filter((earlier) =>
    (earlier.cases ?? []).some((one) => cases.some((own) => !areApart(one, own)))
  );
  // One rule that takes all of it says more than several that take it together.
  for (const earlier of near) {
    if (!mayTake(earlier, cases) || leftBy(cases, [earlier]).length > 0) continue;
    if (leftBy(EVERY_DOCUMENT, [earlier]).length === 0) {
      return `${earlier.place} before it matches always`;
    }
    const isSame = leftBy(earlier.cases ?? [], [{ ...earlier, cases }]).length === 0;
    return isSame
      ? `${earlier.place} before it has the same condition`
      : `${earlier.place} before it matches whatever it would match`;
  }
  if (near.length > MAX_NEAR || leftBy(cases, near).length > 0) return undefined;
  return `${inWords(near.map(({ place }) => place))} before it match whatever it would match`;
}

/** More rules that take something of another are not looked at together. */
const MAX_NEAR = 100;

/**
 * Whether a rule may take all of some cases, as far as that can be seen without taking them apart:
 * of a case that has nothing to do with it, or for which it asks what nothing else speaks of,
 * something is left.
 */
function mayTake({ cases: taking = [] }: Decider, cases: readonly Case[]): boolean {
  return cases.every((own) => takersOf(own, taking).some((one) => !areApart(one, own)));
}

/** Cases without those that are not met by what has another value where only they ask for one. */
function takersOf(own: Case, taking: readonly Case[]): readonly Case[] {
  const left = taking.filter((one) =>
    [...one.keys()].every((key) =>
      own.has(key) || taking.some((other) => other !== one && other.has(key))
    )
  );
  return left.length === taking.length ? taking : takersOf(own, left);
}

/** The most that a sentence names. */
const MOST_NAMED = 4;

function inWords(places: readonly string[]): string {
  if (places.length <= MOST_NAMED) return places.join(" and ");
  return `${places.slice(0, MOST_NAMED).join(", ")} and ${places.length - MOST_NAMED} more`;
}

/** What rules leave of cases; one of which too little is known takes nothing. */
export function leftBy(
  cases: readonly Case[],
  rules: readonly Pick<Decider, "cases">[],
): readonly Case[] {
  try {
    return rules.flatMap((rule) => rule.cases ?? []).reduce(without, cases);
  } catch (error) {
    if (error instanceof TooManyCases) return EVERY_DOCUMENT;
    throw error;
  }
}

/** What many rules leave of all documents; one of which too little is known takes nothing. */
export function* leftByAll(rules: readonly Pick<Decider, "cases">[]): Steps<readonly Case[]> {
  let left = EVERY_DOCUMENT;
  try {
    for (const { cases = [] } of rules) {
      yield;
      left = cases.reduce(without, left);
    }
    return left;
  } catch (error) {
    if (error instanceof TooManyCases) return EVERY_DOCUMENT;
    throw error;
  }
}

/** Lists cases; `undefined` where there are too many. */
export function casesOrNone(list: () => readonly Case[]): readonly Case[] | undefined {
  try {
    return list();
  } catch (error) {
    if (error instanceof TooManyCases) return undefined;
    throw error;
  }
}
