/** The rules of an endpoint: compiled with the config, and tried in order for each decision. */
import { type DecidingRules, type Decision, type FailedRule, rowName } from "./decision.ts";
import { lazy } from "../util/memory.ts";
import type { Steps } from "../util/waiting.ts";
import { nearest } from "../util/words.ts";
import type { OutcomeColumns } from "./tables/outcome.ts";
import { type CompiledTable, compileTable, decidingRow } from "./tables/table.ts";
import { compileExpression, type Expression } from "./expression.ts";
import { createEvaluationCache, type EvaluationCache, RuleFailure } from "./cel/evaluation.ts";
import type { ExpressionMistake } from "./mistakes/syntax.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** The rule that a decision names when no rule matched and there is an `otherwise`. */
const OTHERWISE = "otherwise";

/** A rule, as the config writes it: a condition and what follows, or a table of such. */
export type Rule<O> =
  | {
    readonly name: string;
    /** The condition, in CEL. */
    readonly when: string;
    /** The outcome when the condition holds. */
    readonly then: O;
  }
  | {
    readonly name: string;
    /** The name of a table of the config. */
    readonly table: string;
  };

/** A rule that was checked, with its place in the config. */
export type CompiledRule<O> =
  & { readonly name: string; readonly index: number }
  & (
    | { readonly when: Expression; readonly then: O; readonly table?: undefined }
    | { readonly table: CompiledTable<O>; readonly when?: undefined }
  );

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
 * @param outcomes The outcomes that rows of tables may name.
 * @returns The rules without mistakes. Not to be used when one was reported.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { atOnce } from "../util/waiting.ts";
 * import { createVocabulary } from "./vocabulary.ts";
 *
 * const vocabulary = createVocabulary({
 *   types: { Order: { total: "number" } },
 *   variables: { order: "Order" },
 * });
 * const rules = [{ name: "large orders", when: "order.totl > 500", then: { group: 7 } }];
 * atOnce(compileRules(vocabulary, rules, (at, message, hint) => {
 *   assertEquals(at, ["rules", 0, "when"]);
 *   assertEquals(message, 'Rule "large orders", column 7: Unknown field "totl" of Order');
 *   assertEquals(hint, "Did you mean 'total'?");
 * }));
 * ```
 */
export function* compileRules<O>(
  vocabulary: Vocabulary,
  rules: readonly Rule<O>[],
  report: ReportMistake,
  outcomes: OutcomeColumns<O> = NO_OUTCOMES,
): Steps<CompiledRules<O>> {
  const names = new Set<string>();
  const compiled: CompiledRule<O>[] = [];
  for (const [index, rule] of rules.entries()) {
    yield;
    const { name } = rule;
    const wrongName = nameMistake(name, names);
    if (wrongName !== undefined) {
      report(["rules", index, "name"], wrongName, "Give every rule a name of its own");
    }
    names.add(name);
    if ("table" in rule) {
      const table = yield* openTable(vocabulary, rule.table, outcomes, (message, hint) => {
        report(["rules", index, "table"], message, hint);
      });
      if (table !== undefined) compiled.push({ name, index, table });
      continue;
    }
    const { when, then } = rule;
    const expression = compileExpression(vocabulary, when);
    if ("message" in expression) {
      report(["rules", index, "when"], wordsOf(name, expression), expression.hint);
    } else {
      compiled.push({ name, index, when: expression, then });
    }
  }
  return compiled;
}

/** Of rules without tables. */
const NO_OUTCOMES: OutcomeColumns<never> = {
  names: [],
  read: () => ({ message: "found an outcome where there is none" }),
};

function* openTable<O>(
  vocabulary: Vocabulary,
  name: string,
  outcomes: OutcomeColumns<O>,
  report: (message: string, hint: string) => void,
): Steps<CompiledTable<O> | undefined> {
  const { named } = vocabulary;
  const table = named?.tables.get(name);
  if (named === undefined || table === undefined) {
    const known = [...named?.tables.keys() ?? []];
    const near = nearest(name, known);
    report(
      `found ${JSON.stringify(name)}, wanted the name of a table`,
      near !== undefined
        ? `Did you mean ${JSON.stringify(near)}?`
        : known.length > 0
        ? `There is ${known.map((one) => JSON.stringify(one)).join(", ")}`
        : 'A table is a CSV that the config names: "tables": { "plants": { "file": … } }',
    );
    return undefined;
  }
  named.use("tables", name);
  if (Object.keys(table.inputs).length === 0) {
    report(
      `found the table ${JSON.stringify(name)}, which has no "inputs"`,
      'Say what its columns are compared with: "inputs": { "COLUMN": "order.currency" }',
    );
    return undefined;
  }
  return yield* compileTable(vocabulary, table, outcomes, named.tell);
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

/**
 * Tells of rules as decisions are explained with them.
 *
 * @param rules The rules of an endpoint.
 */
export function describeRules(rules: CompiledRules<unknown>): DecidingRules {
  const lines = new Map(
    rules.flatMap(({ name, table }) =>
      table === undefined ? [] : [[name, lazy(() => table.rows.map(({ line }) => line))]]
    ),
  );
  return {
    rules: rules.map(({ name, when, table }) => ({
      name,
      ...(when !== undefined && { when: when.expanded }),
      ...(table !== undefined && { table: table.text }),
    })),
    linesOf: (rule) => lines.get(rule)?.() ?? [],
    rowsOf: (rule) =>
      rules.flatMap(({ name, table }) =>
        table === undefined || name !== rule
          ? []
          : table.rows.map((row) => decidingRow(name, table, row))
      ),
  };
}

/**
 * Lists the outcomes that rows of tables name.
 *
 * @param rules The rules of an endpoint.
 * @returns Each once, with where it stands below the endpoint: the line of its file is a part of that.
 */
export function outcomesOfRows<O extends object>(rules: CompiledRules<O>) {
  return rules.flatMap(({ table, index }) => {
    if (table === undefined) return [];
    // Rows that say the same share their outcome.
    const lines = new Map<O, number>();
    for (const { line, outcome } of table.rows) {
      if (!lines.has(outcome)) lines.set(outcome, line);
    }
    return [...lines].map(([outcome, line]) => ({
      at: ["rules", index, "table", rowName(table.text.file, line)],
      outcome,
    }));
  });
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
 * import { atOnce } from "../util/waiting.ts";
 * import { createVocabulary } from "./vocabulary.ts";
 *
 * const vocabulary = createVocabulary({
 *   types: { Order: { total: "number" } },
 *   variables: { order: "Order" },
 * });
 * const written = [{ name: "large orders", when: "order.total > 500", then: { group: 7 } }];
 * const rules = atOnce(compileRules(vocabulary, written, () => {}));
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
    if (rule.table === undefined) {
      const result = tryRule(rule.name, rule.when, context, cache);
      if (result === true) return verdict(rule.name, rule.then);
      if (result !== false) failures.push(result);
      continue;
    }
    const found = rule.table.find(context, cache);
    if (found.failure !== undefined) failures.push({ rule: rule.name, reason: found.failure });
    if (found.row === undefined) continue;
    const { line, outcome } = found.row;
    const row = decidingRow(rule.name, rule.table, found.row);
    return { ...verdict(rowName(rule.table.text.file, line), outcome), row };
  }
  return otherwise === undefined ? verdict(null, null) : verdict(OTHERWISE, otherwise);

  function verdict(name: string | null, outcome: O | null): TypedDecision<O | null> {
    const { usesTimeZone, timeZone } = cache;
    return { rule: name, outcome, tried, failures, ...(usesTimeZone && { timeZone }) };
  }
}

/** Whether a rule matches, or why it failed. */
function tryRule(
  name: string,
  when: Expression,
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
