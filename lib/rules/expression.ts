import {
  type ASTNode,
  type Environment,
  EvaluationError,
  ParseError,
  type ParseResult,
  TypeError as CheckError,
} from "@marcbachmann/cel-js";
import { createEvaluationCache, type EvaluationCache, RuleFailure } from "./cel/evaluation.ts";
import { applyAliases, checkedTypeOf } from "./cel/syntax_tree.ts";
import {
  explainSyntax,
  type ExpressionMistake,
  locate,
  type MistakeAtOffset,
} from "./mistakes/syntax.ts";
import { explainType } from "./mistakes/types.ts";
import { inspect } from "./mistakes/run_time.ts";
import { expandNames } from "./names/define.ts";
import { findLookups, lookupInWords } from "./names/lookup.ts";
import { addHoisted, hoistableParts, rewrite } from "./cel/rewrite.ts";
import type { Vocabulary } from "./vocabulary.ts";
import { reasonInWords, typeInWords } from "./mistakes/names.ts";
import { messageOf } from "../util/words.ts";

/** The longest text of an expression. */
export const MAX_EXPRESSION_LENGTH = 10_000;

/** An expression, checked and ready. */
interface CheckedExpression {
  /** The text it was made of. */
  readonly source: string;
  /** The same with the names of `define` written out: it means the same wherever it is read. */
  readonly expanded: string;
  /** What was read of the latter, checked. */
  readonly ast: ASTNode;
}

/** A condition, checked and ready. */
export interface Expression extends CheckedExpression {
  /**
   * Evaluates it.
   *
   * @param context An object with the vocabulary's variables; fields may be getters, and only
   * those that the expression reads are called.
   * @param cache What it shares with other evaluations of the same document.
   * @returns Whether the condition holds.
   * @throws {RuleFailure} When it can't be evaluated, e.g. for a division by zero.
   * @throws What a getter threw, unchanged, also when the result does not depend on it.
   */
  test(context: object, cache?: EvaluationCache): boolean;
}

/** Whatever has a value, checked and ready. */
export interface ValueExpression extends CheckedExpression {
  /** Its type in the library's words, e.g. `double`. */
  readonly type: string;
  /**
   * Evaluates it, as {@linkcode Expression.test} does.
   *
   * @returns The value, as the library has it: a whole number may be a `bigint`.
   */
  read(context: object, cache?: EvaluationCache): unknown;
}

/**
 * Compiles a condition, written in CEL.
 *
 * @param vocabulary What it may speak of.
 * @param source Its text.
 * @returns The expression, or what is wrong with it. Never throws, whatever the text.
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
 * const expression = compileExpression(vocabulary, "order.total * 2 > 500");
 * assertEquals("test" in expression && expression.test({ order: { total: 300 } }), true);
 * assertEquals(compileExpression(vocabulary, "order.totl > 500"), {
 *   message: 'Unknown field "totl" of Order',
 *   line: 1,
 *   column: 7,
 *   hint: "Did you mean 'total'?",
 * });
 * ```
 */
export function compileExpression(
  vocabulary: Vocabulary,
  source: string,
): Expression | ExpressionMistake {
  const compiled = compileValue(vocabulary, source, "Write true to match always");
  if ("message" in compiled) return compiled;
  const { type, read, ...rest } = compiled;
  if (type !== "bool") {
    return locate(source, {
      message: `A condition must be true or false, this is ${typeInWords(type)}`,
      offset: 0,
      hint: "Compare it, e.g. with == or >",
    });
  }
  return {
    ...rest,
    test(context, cache) {
      const result = read(context, cache);
      if (typeof result === "boolean") return result;
      throw new RuleFailure("the result is neither true nor false");
    },
  };
}

/**
 * Compiles whatever has a value.
 *
 * @param vocabulary What it may speak of.
 * @param source Its text.
 * @param hint What to write where nothing stands.
 * @returns The expression, or what is wrong with it. Never throws, whatever the text.
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
 * const double = compileValue(vocabulary, "order.total * 2");
 * assertEquals("read" in double && double.read({ order: { total: 0.35 } }), 0.7);
 * ```
 */
export function compileValue(
  vocabulary: Vocabulary,
  source: string,
  hint = "Write a field, e.g. order.total",
): ValueExpression | ExpressionMistake {
  if (source.trim() === "") {
    return { message: "The expression is empty", line: 1, column: 1, hint };
  }
  if (source.length > MAX_EXPRESSION_LENGTH) {
    return {
      message:
        `The expression has ${source.length} characters, at most ${MAX_EXPRESSION_LENGTH} are read`,
      line: 1,
      column: 1,
      hint: "Split it into several rules",
    };
  }
  try {
    const compiled = compile(vocabulary, source);
    return "read" in compiled ? compiled : locate(source, compiled);
  } catch (error) {
    return locate(source, explain(error, source, vocabulary));
  }
}

function compile(vocabulary: Vocabulary, source: string): ValueExpression | MistakeAtOffset {
  const written = parse(vocabulary, source);
  if ("message" in written) return written;
  const checked = written.check();
  if (!checked.valid) return explain(checked.error, source, vocabulary);
  const finding = inspect(written.ast, vocabulary);
  if (finding !== undefined) return finding;
  const expanded = expandNames(vocabulary, written.ast, source, MAX_EXPRESSION_LENGTH);
  if (typeof expanded !== "string") return expanded;
  const ast = expanded === source ? written.ast : parseExpanded(vocabulary, expanded);
  const { computed, hoisted } = prepare(vocabulary, ast);
  const { Context } = vocabulary;
  return {
    source,
    expanded,
    ast,
    type: checked.type ?? "",
    read(context, cache = createEvaluationCache()) {
      const seen = new Context(context, cache);
      if (hoisted.size > 0) addHoisted(seen, hoisted, cache);
      const result = run(computed, seen);
      if (cache.failures.length > 0) throw cache.failures[0];
      if (result instanceof RuleFailure) throw result;
      return result;
    },
  };
}

function parse(vocabulary: Vocabulary, source: string): ParseResult | MistakeAtOffset {
  const { checking, aliases } = vocabulary;
  const parsed = checking.parse(source);
  const lookups = findLookups(parsed.ast, vocabulary);
  if ("message" in lookups) return lookups;
  if (aliases.size === 0 && lookups.size === 0) return parsed;
  return checking.parse(applyAliases(parsed.ast, aliases, lookups));
}

/** What was checked name by name can only be too long. */
function parseExpanded(vocabulary: Vocabulary, expanded: string): ASTNode {
  const parsed = parse(vocabulary, expanded);
  if ("message" in parsed) throw new RangeError(parsed.message);
  const checked = parsed.check();
  if (!checked.valid) throw checked.error;
  return parsed.ast;
}

type Compute = (context: object) => unknown;

/** What computes an expression, and what computes those parts of it that are computed once. */
interface Prepared {
  readonly computed: Compute;
  readonly hoisted: ReadonlyMap<string, Compute>;
}

function prepare({ definition, aliases, computing }: Vocabulary, node: ASTNode): Prepared {
  const { changing = [] } = definition;
  const parts = changing.length === 0
    ? []
    : hoistableParts(node, new Set(changing.map((name) => aliases.get(name) ?? name)));
  const prefix = unusedPrefix(node.input);
  const names = new Map(parts.map((part, index) => [part, `${prefix}${index}`]));
  const environment = parts.length === 0 ? computing : computing.clone();
  const hoisted = new Map<string, Compute>();
  for (const [part, name] of names) {
    hoisted.set(name, parseAgain(computing, rewrite(part)));
    environment.registerVariable(name, checkedTypeOf(part)?.name ?? "");
  }
  return { computed: parseAgain(environment, rewrite(node, names)), hoisted };
}

/** The beginning of names that the expression does not use itself. */
function unusedPrefix(source: string): string {
  let prefix = "hoisted";
  while (source.includes(prefix)) prefix += "_";
  return prefix;
}

function parseAgain(environment: Environment, source: string): ParseResult {
  const parsed = environment.parse(source);
  const checked = parsed.check();
  if (!checked.valid) throw checked.error;
  return parsed;
}

/** Runs a compiled expression; a failure is returned, for a getter's error goes before it. */
function run(computed: Compute, context: object): unknown {
  try {
    return computed(context);
  } catch (error) {
    return failureOf(error);
  }
}

function failureOf(error: unknown): RuleFailure {
  if (error instanceof EvaluationError) {
    return new RuleFailure(reasonInWords(error.code, error.summary));
  }
  return new RuleFailure(messageOf(error));
}

const TOO_DEEP: MistakeAtOffset = {
  message: "The expression is too long or nests too deeply",
  offset: 0,
  hint: "Split it into several rules",
};

/** What would be in an empty list nobody can tell, so that there are two ways to look for a number. */
const AMONG_NOTHING = /^Operator overload '\S+ in /;

const NUMBER_AMONG_NOTHING: MistakeAtOffset = {
  message: "Cannot look for a number in an empty list",
  offset: 0,
  hint: "Nothing is in it: name what is meant, or write false",
};

function explain(error: unknown, source: string, vocabulary: Vocabulary): MistakeAtOffset {
  const { message, hint, offset } = explainAny(error, source, vocabulary);
  return { offset, message: lookupInWords(message), hint: hint && lookupInWords(hint) };
}

function explainAny(error: unknown, source: string, vocabulary: Vocabulary): MistakeAtOffset {
  if (error instanceof ParseError) return explainSyntax(error, source);
  if (error instanceof CheckError) return explainType(error, vocabulary);
  if (error instanceof RangeError) return TOO_DEEP;
  const message = messageOf(error);
  return AMONG_NOTHING.test(message) ? NUMBER_AMONG_NOTHING : { message, offset: 0 };
}
