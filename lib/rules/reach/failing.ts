/**
 * Which parts of a condition can fail. A field of the document never does: one that cannot be read
 * keeps every rule from deciding. What walks through a list may be out of time, a property may not
 * be there, a text no number.
 */
import type { ASTNode } from "@marcbachmann/cel-js";
import { checkedTypeOf, childrenOf } from "../cel/syntax_tree.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { isMap, literalOf, typeOfField } from "./operands.ts";

/** What gives an answer whatever the text is. */
const OF_TEXT: ReadonlySet<string> = new Set([
  "contains",
  "endsWith",
  "lower",
  "lowerAscii",
  "size",
  "startsWith",
  "trim",
  "upper",
  "upperAscii",
]);

/** Numbers of a document are smaller, and so is what any list or text has of elements. */
const MOST_READ = 1e16;

/** Far below what no double holds: what is rounded on the way changes nothing. */
const MOST_COMPUTED = 1e300;

/**
 * Tells whether a part of a condition may fail for some document.
 *
 * @param vocabulary What the condition may speak of.
 * @param node A node of a condition that passed the type check.
 */
export function canFail(vocabulary: Vocabulary, node: ASTNode): boolean {
  const fails = (one: ASTNode) => canFail(vocabulary, one);
  switch (node.op) {
    case "value":
      return false;
    case "id":
    case ".":
      return typeOfField(vocabulary, node) === undefined;
    case "+":
    case "-":
    case "*":
    case "/":
    case "-_":
      return mostOf(vocabulary, node) > MOST_COMPUTED;
    case "!_":
    case "&&":
    case "||":
    case "?:":
    case "==":
    case "!=":
    case "<":
    case "<=":
    case ">":
    case ">=":
    case "list":
      return childrenOf(node).some(fails);
    case "in":
      return fails(node.args[0]) || !(isMap(vocabulary, node.args[1]) || !fails(node.args[1]));
    case "call": {
      const [name, args] = node.args;
      const [first] = args;
      if (name === "has") return !(first?.op === "." && isMap(vocabulary, first.args[0]));
      return name !== "size" || args.some(fails);
    }
    case "rcall": {
      const [name, receiver, args] = node.args;
      const isKnown = name === "size" ||
        (OF_TEXT.has(name) && checkedTypeOf(receiver)?.name === "string");
      return !isKnown || fails(receiver) || args.some(fails);
    }
    default:
      return true;
  }
}

/** How large a number can become, whatever its sign; infinite where it may fail before. */
function mostOf(vocabulary: Vocabulary, node: ASTNode): number {
  const literal = literalOf(node);
  if (typeof literal === "number") return Math.abs(literal);
  switch (node.op) {
    case "-_":
      return mostOf(vocabulary, node.args);
    case "+":
    case "-":
    case "*": {
      // Texts, lists and times are added too; and whole numbers have an end of their own.
      if (checkedTypeOf(node)?.name !== "double") return Infinity;
      const [left, right] = node.args.map((side) => mostOf(vocabulary, side));
      const [one, other] = [left ?? Infinity, right ?? Infinity];
      return node.op === "*" ? Math.max(1, one) * Math.max(1, other) : one + other;
    }
    case "?:": {
      const [condition, yes, no] = node.args;
      if (canFail(vocabulary, condition)) return Infinity;
      return Math.max(mostOf(vocabulary, yes), mostOf(vocabulary, no));
    }
    case "value":
      return Infinity;
    case "/": {
      const [left, right] = node.args;
      const by = literalOf(right);
      const isSafe = typeof by === "number" && by !== 0 && checkedTypeOf(node)?.name === "double";
      return isSafe ? mostOf(vocabulary, left) / Math.abs(by) : Infinity;
    }
    default:
      return isNumber(node) && !canFail(vocabulary, node) ? MOST_READ : Infinity;
  }
}

function isNumber(node: ASTNode): boolean {
  const type = checkedTypeOf(node)?.name;
  return type === "double" || type === "int";
}
