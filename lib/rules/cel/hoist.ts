/**
 * The parts of an expression that stay the same while its changing variables change. A rule that is
 * tried for each item of an order must not walk through all items each time.
 */
import type { ASTNode } from "@marcbachmann/cel-js";
import { checkedTypeOf, childrenOf } from "./ast.ts";
import type { CachedResult, EvaluationCache } from "./reader.ts";

/** The functions whose first argument names an element, in the others. */
const BINDERS: ReadonlySet<string> = new Set([
  "all",
  "bind",
  "exists",
  "exists_one",
  "filter",
  "map",
]);

/** A call that names an element, e.g. `exists(i, …)`. */
interface Binder {
  readonly variable: string;
  readonly receiver: ASTNode;
  readonly body: readonly ASTNode[];
}

/** Reads a call that names an element in its arguments; `undefined` for every other node. */
export function binderOf(node: ASTNode): Binder | undefined {
  if (node.op !== "rcall" || !BINDERS.has(node.args[0])) return undefined;
  const [, receiver, [first, ...body]] = node.args;
  return first?.op === "id" ? { variable: first.args, receiver, body } : undefined;
}

/** The variables that an expression names, without those that it binds itself. */
function freeNames(node: ASTNode): ReadonlySet<string> {
  if (node.op === "id") return new Set([node.args]);
  const binder = binderOf(node);
  if (binder === undefined) {
    return new Set(childrenOf(node).flatMap((part) => [...freeNames(part)]));
  }
  const inside = binder.body.flatMap((part) => [...freeNames(part)]);
  return new Set([
    ...freeNames(binder.receiver),
    ...inside.filter((name) => name !== binder.variable),
  ]);
}

/** Whether it walks through a list; all else is quicker done again than kept. */
function isLong(node: ASTNode): boolean {
  return binderOf(node) !== undefined || childrenOf(node).some(isLong);
}

/**
 * Finds the largest parts of an expression that name no changing variable and take long.
 *
 * @param node The root of an expression that passed the type check.
 * @param changing The variables that change.
 * @returns The parts, the root itself when it names none.
 */
export function hoistableParts(node: ASTNode, changing: ReadonlySet<string>): readonly ASTNode[] {
  if (!isLong(node)) return [];
  const isTyped = checkedTypeOf(node)?.dynamic === false;
  if (isTyped && freeNames(node).isDisjointFrom(changing)) return [node];
  const binder = binderOf(node);
  if (binder === undefined) {
    return childrenOf(node).flatMap((part) => hoistableParts(part, changing));
  }
  // What the expression binds changes from element to element.
  const inside = new Set([...changing, binder.variable]);
  return [
    ...hoistableParts(binder.receiver, changing),
    ...binder.body.flatMap((part) => hoistableParts(part, inside)),
  ];
}

/**
 * Lets an evaluation see values under names of their own, each computed when it is first asked for.
 *
 * @param seen What the evaluation sees.
 * @param values How each value is computed of that, by name. The functions are the keys under which
 * the cache keeps what they returned or threw.
 * @param cache What the evaluation shares with others.
 */
export function addHoisted(
  seen: object,
  values: ReadonlyMap<string, (seen: object) => unknown>,
  cache: EvaluationCache,
): void {
  for (const [name, compute] of values) {
    Object.defineProperty(seen, name, { get: () => keep(compute, seen, cache) });
  }
}

function keep(
  compute: (seen: object) => unknown,
  seen: object,
  { hoisted }: EvaluationCache,
): unknown {
  let result = hoisted.get(compute);
  if (result === undefined) hoisted.set(compute, result = attempt(compute, seen));
  if ("error" in result) throw result.error;
  return result.value;
}

function attempt(compute: (seen: object) => unknown, seen: object): CachedResult {
  try {
    return { value: compute(seen) };
  } catch (error) {
    return { error };
  }
}
