/**
 * What a checked condition becomes before it is evaluated: it computes in decimals, reads times in
 * the zone of the config and ends in time; and those of its parts that stay the same while its
 * changing variables change stand apart, to be computed once. A rule that is tried for each item of
 * an order must not walk through all items each time.
 */
import type { ASTNode, BinaryOperator } from "@marcbachmann/cel-js";
import { binderOf, checkedTypeOf, childrenOf, freeNames } from "./syntax_tree.ts";
import {
  ADD_CALLS,
  BOUNDED_METHODS,
  DECIMAL_CALLS,
  STEP_THROUGH,
  STRICT_CONVERSIONS,
} from "./functions.ts";
import {
  type CachedResult,
  type EvaluationCache,
  STEP_NAME,
  TIME_LIMIT_NAME,
  TIME_ZONE_NAME,
} from "./evaluation.ts";
import { zonedCall } from "./times.ts";

/** What stands in the place of some nodes. */
type Names = ReadonlyMap<ASTNode, string>;

/**
 * Writes a checked expression so that it computes in decimals, reads times in the zone of the
 * config, and ends in time.
 *
 * The library's own operators can't be replaced, and its `serialize()` loses digits and the
 * parentheses of `a - (b - c)`.
 *
 * @param node The root of an expression that passed the type check.
 * @param names What to write in place of some of its nodes.
 * @returns The expression, where `+ - * /` between two numbers are calls of `decimal.ts`, what may
 * take long is a call of ours, and each element of a list is a step of the `TimeLimit`.
 */
export function rewrite(node: ASTNode, names: Names = new Map()): string {
  return write(node, CONDITIONAL, names);
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
  cache: EvaluationCache,
): unknown {
  const hoisted = cache.hoisted ??= new Map();
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

const CONDITIONAL = 1;
const UNARY = 8;
const PRIMARY = 9;

const LEVELS: Readonly<Record<BinaryOperator | "||" | "&&", number>> = {
  "||": 2,
  "&&": 3,
  "==": 4,
  "!=": 4,
  "<": 5,
  "<=": 5,
  ">": 5,
  ">=": 5,
  "in": 5,
  "+": 6,
  "-": 6,
  "*": 7,
  "/": 7,
  "%": 7,
};

function typeOf(node: ASTNode): string {
  return checkedTypeOf(node)?.name ?? "";
}

/** The function that takes the place of an operator between two operands. */
function operatorCall(operator: string, left: ASTNode, right: ASTNode): string | undefined {
  const types = [typeOf(left), typeOf(right)];
  if (types.every((type) => type === "double")) return DECIMAL_CALLS.get(operator);
  const [first, second] = types.map((type) => type.startsWith("list<") ? "list" : type);
  return operator === "+" && first === second ? ADD_CALLS.get(first ?? "") : undefined;
}

function writeAll(nodes: readonly ASTNode[], names: Names): string {
  return nodes.map((node) => write(node, CONDITIONAL, names)).join(", ");
}

function writeBinary(
  operator: keyof typeof LEVELS,
  left: ASTNode,
  right: ASTNode,
  names: Names,
): readonly [string, number] {
  const name = operatorCall(operator, left, right);
  if (name !== undefined) {
    return [`${name}(${writeAll([left, right], names)})`, PRIMARY];
  }
  const level = LEVELS[operator];
  return [`${write(left, level, names)} ${operator} ${write(right, level + 1, names)}`, level];
}

function writeCall(node: ASTNode & { readonly op: "call" }, names: Names): string {
  const [name, args] = node.args;
  const types = args.map(typeOf);
  const zoned = zonedCall(name, types, false);
  if (zoned !== undefined) return `${zoned.name}(${writeAll(args, names)}, ${TIME_ZONE_NAME})`;
  const strict = types[0] === "string" ? STRICT_CONVERSIONS.get(name) : undefined;
  if (strict === undefined) return `${name}(${writeAll(args, names)})`;
  // A duration is checked and then read by the language's own function, others are read at once.
  const call = `${strict}(${writeAll(args, names)})`;
  return name === "duration" ? `${name}(${call})` : call;
}

function writeMethod(node: ASTNode & { readonly op: "rcall" }, names: Names): string {
  const [name, receiver, args] = node.args;
  if (name !== "bind" && binderOf(node) !== undefined) {
    const list = `${STEP_THROUGH}(${write(receiver, CONDITIONAL, names)}, ${STEP_NAME})`;
    return `${list}.${name}(${writeSteps(name, args, names)})`;
  }
  const all = [receiver, ...args];
  const bounded = BOUNDED_METHODS.get(`${typeOf(receiver)}.${name}`);
  if (bounded !== undefined) {
    const limit = name === "matches" ? `, ${TIME_LIMIT_NAME}` : "";
    return `${bounded}(${writeAll(all, names)}${limit})`;
  }
  const zoned = zonedCall(name, all.map(typeOf), true);
  if (zoned === undefined) {
    return `${write(receiver, PRIMARY, names)}.${name}(${writeAll(args, names)})`;
  }
  const zone = { given: "", config: `, ${TIME_ZONE_NAME}`, UTC: ", 'UTC'" }[zoned.zone];
  return `${zoned.name}(${writeAll(all, names)}${zone})`;
}

/** Each element of a list is a step; the name of it comes first, what is asked of it last. */
function writeSteps(name: string, args: readonly ASTNode[], names: Names): string {
  const [element, first, second] = args.map((arg) => write(arg, CONDITIONAL, names));
  if (name === "map" && second === undefined) return `${element}, ${STEP_NAME}, ${first}`;
  const condition = `${STEP_NAME} ? (${first}) : false`;
  return `${element}, ${condition}${second === undefined ? "" : `, ${second}`}`;
}

/** The text of a node, and how tightly its outermost operator binds. */
function writeBare(node: ASTNode, names: Names): readonly [string, number] {
  const name = names.get(node);
  if (name !== undefined) return [name, PRIMARY];
  switch (node.op) {
    case "value":
      // As it was written: nothing is lost on the way.
      return [node.input.slice(node.start, node.end), PRIMARY];
    case "id":
      return [node.args, PRIMARY];
    case ".":
    case ".?":
      return [`${write(node.args[0], PRIMARY, names)}${node.op}${node.args[1]}`, PRIMARY];
    case "[]":
      return [
        `${write(node.args[0], PRIMARY, names)}[${writeAll([node.args[1]], names)}]`,
        PRIMARY,
      ];
    case "[?]":
      return [
        `${write(node.args[0], PRIMARY, names)}[?${writeAll([node.args[1]], names)}]`,
        PRIMARY,
      ];
    case "call":
      return [writeCall(node, names), PRIMARY];
    case "rcall":
      return [writeMethod(node, names), PRIMARY];
    case "list":
      return [`[${writeAll(node.args, names)}]`, PRIMARY];
    case "map":
      return [
        `{${
          node.args.map(([key, value]) => `${writeAll([key], names)}: ${writeAll([value], names)}`)
            .join(", ")
        }}`,
        PRIMARY,
      ];
    case "!_":
    case "-_":
      return [`${node.op.charAt(0)}${write(node.args, UNARY, names)}`, UNARY];
    case "?:": {
      const [condition, yes, no] = node.args;
      return [
        `${write(condition, CONDITIONAL + 1, names)} ? ${writeAll([yes], names)} : ${
          writeAll([no], names)
        }`,
        CONDITIONAL,
      ];
    }
    default:
      return writeBinary(node.op, node.args[0], node.args[1], names);
  }
}

function write(node: ASTNode, leastLevel: number, names: Names): string {
  const [text, level] = writeBare(node, names);
  return level < leastLevel ? `(${text})` : text;
}

/** Whether it walks through a list; all else is quicker done again than kept. */
function isLong(node: ASTNode): boolean {
  return binderOf(node) !== undefined || childrenOf(node).some(isLong);
}
