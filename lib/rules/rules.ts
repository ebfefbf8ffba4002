/** The rules of an endpoint: compiled with the config, and tried in order for each decision. */
import type { Decision, FailedRule, RuleText } from "./decision.ts";
import { compileExpression, type Expression } from "./expression.ts";
import { createEvaluationCache, type EvaluationCache, RuleFailure } from "./cel/evaluation.ts";
import type { ExpressionMistake } from "./mistakes/syntax.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** The rule that a decision names when no rule matched and there is an `otherwise`. */
const OTHERWISE = "otherwise";

/** A rule, as the config writes it. */
export interface Rule<O> {
  readonly name: string;
  /** The condition, in CEL. */
  readonly when: string;
  /** The outcome when the condition holds. */
  readonly then: O;
}

/** A rule that was checked. */
export interface CompiledRule<O> {
  readonly name: string;
  readonly when: Expression;
  readonly then: O;
}

/** Rules in the order in which they are tried. */
export type CompiledRules<O> = readonly CompiledRule<O>[];

/** What {@linkcode decide} found, with the outcome's own type; `null` when nothing decided. */
export interface TypedDecision<O extends object | null> extends Decision {
  readonly outcome: O;
}

/**
 * Takes a mistake.
 *
 * @param at Where, e.g. `["rules", 0, "when"]`.
 * @param message What is wrong, with the rule's name.
 * @param hint How to fix it.
 */
export type ReportMistake = (
  at: readonly (string | number)[],
  message: string,
  hint?: string,
) => void;

/**
 * Compiles rules and reports every mistake in them.
 *
 * @param vocabulary What the rules may speak of.
 * @param rules The rules, as the config writes them.
 * @param report Takes each mistake; the path begins with `rules`.
 * @returns The rules without mistakes. Not to be used when one was reported.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { createVocabulary } from "./vocabulary.ts";
 *
 * const vocabulary = createVocabulary({
 *   types: { Order: { total: "number" } },
 *   variables: { order: "Order" },
 * });
 * const rules = [{ name: "large orders", when: "order.totl > 500", then: { group: 7 } }];
 * compileRules(vocabulary, rules, (at, message, hint) => {
 *   assertEquals(at, ["rules", 0, "when"]);
 *   assertEquals(message, 'Rule "large orders", column 7: Unknown field "totl" of Order');
 *   assertEquals(hint, "Did you mean 'total'?");
 * });
 * ```
 */
export function compileRules<O>(
  vocabulary: Vocabulary,
  rules: readonly Rule<O>[],
  report: ReportMistake,
): CompiledRules<O> {
  const names = new Set<string>();
  const compiled: CompiledRule<O>[] = [];
  for (const [index, { name, when, then }] of rules.entries()) {
    const wrongName = nameMistake(name, names);
    if (wrongName !== undefined) {
      report(["rules", index, "name"], wrongName, "Give every rule a name of its own");
    }
    names.add(name);
    const expression = compileExpression(vocabulary, when);
    if ("message" in expression) {
      report(["rules", index, "when"], wordsOf(name, expression), expression.hint);
    } else {
      compiled.push({ name, when: expression, then });
    }
  }
  return compiled;
}

function wordsOf(name: string, { message, line, column }: ExpressionMistake): string {
  const place = line === 1 ? `column ${column}` : `line ${line}, column ${column}`;
  return `Rule ${JSON.stringify(name)}, ${place}: ${message}`;
}

function nameMistake(name: string, earlier: ReadonlySet<string>): string | undefined {
  if (name.trim() === "") return "A rule needs a name";
  if (name === OTHERWISE) return `Rule "${OTHERWISE}" has the name of the fallback`;
  if (earlier.has(name)) return `Rule ${JSON.stringify(name)} has the name of an earlier rule`;
  return undefined;
}

/** The rules of an endpoint as its decisions are explained with. */
export function ruleTexts(rules: readonly RuleText[]): readonly RuleText[] {
  return rules.map(({ name, when }) => ({ name, ...(when !== undefined && { when }) }));
}

/**
 * Decides: the first rule that matches gives the outcome. A rule that fails does not match.
 *
 * @param rules The rules, in order.
 * @param otherwise The outcome when no rule matches, if there is one.
 * @param context What the rules see.
 * @param cache What the decision shares with others over the same document.
 * @returns The outcome, the rule that gave it, and what the rules before it said.
 * @throws What a getter of the context threw, e.g. a `ShapeError`, unchanged.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { createVocabulary } from "./vocabulary.ts";
 *
 * const vocabulary = createVocabulary({
 *   types: { Order: { total: "number" } },
 *   variables: { order: "Order" },
 * });
 * const rules = compileRules(
 *   vocabulary,
 *   [{ name: "large orders", when: "order.total > 500", then: { group: 7 } }],
 *   () => {},
 * );
 * const verdict = decide(rules, undefined, { order: { total: 501 } });
 * assertEquals(verdict.rule, "large orders");
 * assertEquals(verdict.outcome, { group: 7 });
 * assertEquals(verdict.tried, 1);
 * ```
 */
export function decide<O extends object>(
  rules: CompiledRules<O>,
  otherwise: O,
  context: object,
  cache?: EvaluationCache,
): TypedDecision<O>;
export function decide<O extends object>(
  rules: CompiledRules<O>,
  otherwise: O | undefined,
  context: object,
  cache?: EvaluationCache,
): TypedDecision<O | null>;
export function decide<O extends object>(
  rules: CompiledRules<O>,
  otherwise: O | undefined,
  context: object,
  cache: EvaluationCache = createEvaluationCache(),
): TypedDecision<O | null> {
  const failures: FailedRule[] = [];
  let tried = 0;
  for (const rule of rules) {
    tried++;
    const result = tryRule(rule, context, cache);
    if (result === true) return verdict(rule.name, rule.then);
    if (result !== false) failures.push(result);
  }
  return otherwise === undefined ? verdict(null, null) : verdict(OTHERWISE, otherwise);

  function verdict(name: string | null, outcome: O | null): TypedDecision<O | null> {
    const { usesTimeZone, timeZone } = cache;
    return { rule: name, outcome, tried, failures, ...(usesTimeZone && { timeZone }) };
  }
}

/** Whether a rule matches, or why it failed. */
function tryRule<O>(
  { name, when }: CompiledRule<O>,
  context: object,
  cache: EvaluationCache,
): boolean | FailedRule {
  try {
    return when.test(context, cache);
  } catch (error) {
    if (!(error instanceof RuleFailure)) throw error;
    return { rule: name, reason: error.reason };
  }
}
