/** Rules that can never decide. Told only where no document whatever could prove it wrong. */
import { utcMethodIn } from "../cel/times.ts";
import type { Expression } from "../expression.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { type Case, casesOf, TooManyCases, without } from "./cases.ts";

/** A rule as far as it matters here. */
interface NamedCondition {
  readonly name: string;
  readonly when: Pick<Expression, "ast">;
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
const ALL: readonly Case[] = [new Map()];

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
  const known = rules.map((rule) => casesOrNone(vocabulary, rule));
  const unreachable = rules.flatMap(({ name }, index): readonly UnreachableRule[] => {
    const cases = known[index];
    if (cases === undefined) return [];
    const quoted = JSON.stringify(name);
    if (cases.length === 0) {
      return [{
        index,
        message: `Rule ${quoted} never matches: nothing can meet its condition`,
        hint: "Correct the condition, or take the rule out",
      }];
    }
    const why = whyTaken(rules, known, index);
    if (why === undefined) return [];
    return [{
      index,
      message: `Rule ${quoted} is never reached: ${why}`,
      hint: "Put it before that rule, correct the conditions, or take it out",
    }];
  });
  return { unreachable, leavesSome: left(ALL, known).length > 0 };
}

function whyTaken(
  rules: readonly NamedCondition[],
  known: readonly (readonly Case[] | undefined)[],
  index: number,
): string | undefined {
  const cases = known[index] ?? ALL;
  const before = known.slice(0, index);
  // One rule that takes all of it says more than several that take it together.
  for (const [position, earlier] of before.entries()) {
    if (earlier === undefined || left(cases, [earlier]).length > 0) continue;
    const first = placeOf(rules, position);
    if (left(ALL, [earlier]).length === 0) return `${first} before it matches always`;
    const isSame = left(earlier, [cases]).length === 0;
    return isSame
      ? `${first} before it has the same condition`
      : `${first} before it matches whatever it would match`;
  }
  if (left(cases, before).length > 0) return undefined;
  const takers = before.flatMap((earlier, position) =>
    earlier === undefined || earlier.length === 0 ? [] : [placeOf(rules, position)]
  );
  return `${takers.join(" and ")} before it match whatever it would match`;
}

function placeOf(rules: readonly NamedCondition[], position: number): string {
  return `rule ${JSON.stringify(rules[position]?.name)} (rules[${position}])`;
}

/** What rules leave of cases; one of which too little is known takes nothing. */
function left(
  cases: readonly Case[],
  rules: readonly (readonly Case[] | undefined)[],
): readonly Case[] {
  try {
    return rules.flatMap((rule) => rule ?? []).reduce(without, cases);
  } catch (error) {
    if (error instanceof TooManyCases) return ALL;
    throw error;
  }
}

function casesOrNone(
  vocabulary: Vocabulary,
  { when }: NamedCondition,
): readonly Case[] | undefined {
  try {
    return casesOf(vocabulary, when.ast);
  } catch (error) {
    if (error instanceof TooManyCases) return undefined;
    throw error;
  }
}

/** Where what was found is told; the path begins with `rules`. */
type Tell = (at: readonly (string | number)[], message: string, hint?: string) => void;

/** What rules are judged by when all of them can be read. */
export interface JudgedRules {
  readonly vocabulary: Vocabulary;
  /** As the config writes them. */
  readonly written: readonly unknown[];
  /** Those that can be read. */
  readonly compiled: readonly NamedCondition[];
  /** Whether something decides where no rule does. */
  readonly hasOtherwise: boolean;
}

/**
 * Warns of rules that can never decide, and of documents for which nothing decides; notes where a
 * condition reads the clocks of UTC.
 *
 * @param rules The rules of an endpoint.
 * @param tell Where it is told.
 */
export function warnOfRules(
  { vocabulary, written, compiled, hasOtherwise }: JudgedRules,
  { warn, note }: { readonly warn: Tell; readonly note: Tell },
): void {
  if (compiled.length < written.length) return;
  const { unreachable, leavesSome } = reachOf(vocabulary, compiled);
  for (const { index, message, hint } of unreachable) warn(["rules", index, "when"], message, hint);
  if (!hasOtherwise && leavesSome) {
    warn(
      ["otherwise"],
      'found no "otherwise": what no rule matches is refused',
      'Say what is to be done then: "otherwise" takes what "then" of a rule takes',
    );
  }
  for (const [index, { name, when }] of compiled.entries()) {
    const method = utcMethodIn(when.ast);
    if (method === undefined) continue;
    note(
      ["rules", index, "when"],
      `Rule ${JSON.stringify(name)} reads the clocks of UTC by ${method}()`,
      "Those of the store show hour(), weekday() and date()",
    );
  }
}
