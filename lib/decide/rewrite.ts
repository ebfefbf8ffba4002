import type { ASTNode, BinaryOperator } from "@marcbachmann/cel-js";
import { checkedTypeOf } from "./ast.ts";
import { DECIMAL_CALLS, STRICT_CONVERSIONS } from "./functions.ts";

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

function isNumber(node: ASTNode): boolean {
  return checkedTypeOf(node)?.name === "double";
}

function writeAll(nodes: readonly ASTNode[]): string {
  return nodes.map((node) => write(node, CONDITIONAL)).join(", ");
}

function writeBinary(
  operator: keyof typeof LEVELS,
  left: ASTNode,
  right: ASTNode,
): readonly [string, number] {
  const name = DECIMAL_CALLS.get(operator);
  if (name !== undefined && isNumber(left) && isNumber(right)) {
    return [`${name}(${writeAll([left, right])})`, PRIMARY];
  }
  const level = LEVELS[operator];
  return [`${write(left, level)} ${operator} ${write(right, level + 1)}`, level];
}

function functionName(node: ASTNode & { readonly op: "call" }): string {
  const [name, [argument]] = node.args;
  const readsText = argument !== undefined && checkedTypeOf(argument)?.name === "string";
  return (readsText ? STRICT_CONVERSIONS.get(name) : undefined) ?? name;
}

/** The text of a node, and how tightly its outermost operator binds. */
function writeBare(node: ASTNode): readonly [string, number] {
  switch (node.op) {
    case "value":
      // As it was written: nothing is lost on the way.
      return [node.input.slice(node.start, node.end), PRIMARY];
    case "id":
      return [node.args, PRIMARY];
    case ".":
    case ".?":
      return [`${write(node.args[0], PRIMARY)}${node.op}${node.args[1]}`, PRIMARY];
    case "[]":
      return [`${write(node.args[0], PRIMARY)}[${writeAll([node.args[1]])}]`, PRIMARY];
    case "[?]":
      return [`${write(node.args[0], PRIMARY)}[?${writeAll([node.args[1]])}]`, PRIMARY];
    case "call":
      return [`${functionName(node)}(${writeAll(node.args[1])})`, PRIMARY];
    case "rcall":
      return [
        `${write(node.args[1], PRIMARY)}.${node.args[0]}(${writeAll(node.args[2])})`,
        PRIMARY,
      ];
    case "list":
      return [`[${writeAll(node.args)}]`, PRIMARY];
    case "map":
      return [
        `{${
          node.args.map(([key, value]) => `${writeAll([key])}: ${writeAll([value])}`).join(", ")
        }}`,
        PRIMARY,
      ];
    case "!_":
    case "-_":
      return [`${node.op.charAt(0)}${write(node.args, UNARY)}`, UNARY];
    case "?:": {
      const [condition, yes, no] = node.args;
      return [
        `${write(condition, CONDITIONAL + 1)} ? ${writeAll([yes])} : ${writeAll([no])}`,
        CONDITIONAL,
      ];
    }
    default:
      return writeBinary(node.op, node.args[0], node.args[1]);
  }
}

function write(node: ASTNode, leastLevel: number): string {
  const [text, level] = writeBare(node);
  return level < leastLevel ? `(${text})` : text;
}

/**
 * Writes a checked expression so that it computes in decimals.
 *
 * The library's own operators can't be replaced, and its `serialize()` loses digits and the
 * parentheses of `a - (b - c)`.
 *
 * @param node The root of an expression that passed the type check.
 * @returns The expression, where `+ - * /` between two numbers are calls of `decimal.ts`.
 */
export function rewrite(node: ASTNode): string {
  return write(node, CONDITIONAL);
}
