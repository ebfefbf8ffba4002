import type { ASTNode, BinaryOperator } from "@marcbachmann/cel-js";
import { checkedTypeOf } from "./ast.ts";
import {
  ADD_CALLS,
  BOUNDED_METHODS,
  DECIMAL_CALLS,
  STEP_THROUGH,
  STRICT_CONVERSIONS,
} from "./functions.ts";
import { binderOf } from "./hoist.ts";
import { STEP_NAME, TIME_ZONE_NAME } from "./reader.ts";
import { zonedCall } from "./times.ts";

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
  if (bounded !== undefined) return `${bounded}(${writeAll(all, names)})`;
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
 * take long is a call of ours, and each element of a list is a step of `time_limit.ts`.
 */
export function rewrite(node: ASTNode, names: Names = new Map()): string {
  return write(node, CONDITIONAL, names);
}
