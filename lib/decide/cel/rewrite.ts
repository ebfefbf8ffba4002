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

/** What stands in the place of some nodes. */
type Names = ReadonlyMap<ASTNode, string>;

function writeAll(nodes: readonly ASTNode[], names: Names): string {
  return nodes.map((node) => write(node, CONDITIONAL, names)).join(", ");
}

function writeBinary(
  operator: keyof typeof LEVELS,
  left: ASTNode,
  right: ASTNode,
  names: Names,
): readonly [string, number] {
  const name = DECIMAL_CALLS.get(operator);
  if (name !== undefined && isNumber(left) && isNumber(right)) {
    return [`${name}(${writeAll([left, right], names)})`, PRIMARY];
  }
  const level = LEVELS[operator];
  return [`${write(left, level, names)} ${operator} ${write(right, level + 1, names)}`, level];
}

function functionName(node: ASTNode & { readonly op: "call" }): string {
  const [name, [argument]] = node.args;
  const readsText = argument !== undefined && checkedTypeOf(argument)?.name === "string";
  return (readsText ? STRICT_CONVERSIONS.get(name) : undefined) ?? name;
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
      return [`${functionName(node)}(${writeAll(node.args[1], names)})`, PRIMARY];
    case "rcall":
      return [
        `${write(node.args[1], PRIMARY, names)}.${node.args[0]}(${writeAll(node.args[2], names)})`,
        PRIMARY,
      ];
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

/**
 * Writes a checked expression so that it computes in decimals.
 *
 * The library's own operators can't be replaced, and its `serialize()` loses digits and the
 * parentheses of `a - (b - c)`.
 *
 * @param node The root of an expression that passed the type check.
 * @param names What to write in place of some of its nodes.
 * @returns The expression, where `+ - * /` between two numbers are calls of `decimal.ts`.
 */
export function rewrite(node: ASTNode, names: Names = new Map()): string {
  return write(node, CONDITIONAL, names);
}
