import type { ASTNode } from "@marcbachmann/cel-js";
import { removeAliases } from "../cel/alias.ts";
import { checkedTypeOf } from "../cel/ast.ts";
import { suggestFieldOf } from "./explain_names.ts";
import type { MistakeAtOffset } from "./expression_mistake.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { typeInWords } from "./words.ts";

const COMPARISONS: ReadonlySet<string> = new Set(["==", "!=", "<", "<=", ">", ">="]);

function isNumber(type: string): boolean {
  return type === "double" || type === "int";
}

/** What helps when a number stands beside text. */
function hintForText(number: ASTNode, text: ASTNode): string {
  if (text.op === "value" && typeof text.args === "string" && /^-?\d+(\.\d+)?$/.test(text.args)) {
    return `Write the number without quotes: ${text.args}`;
  }
  if (number.op === "value") {
    return `Write the text in quotes: '${number.input.slice(number.start, number.end)}'`;
  }
  return "number(…) reads a number from text, string(…) writes one as text";
}

/** What helps when an object stands beside a plain value. */
function hintForObject(
  object: ASTNode,
  value: ASTNode,
  vocabulary: Vocabulary,
): string | undefined {
  const owner = removeAliases(object.input.slice(object.start, object.end), vocabulary.aliases);
  const type = checkedTypeOf(value)?.name ?? "";
  const wanted = isNumber(type) ? "number" : type;
  return suggestFieldOf(vocabulary, owner, checkedTypeOf(object)?.name ?? "", wanted) ??
    "Compare their fields";
}

function hintFor(
  operator: string,
  left: ASTNode,
  right: ASTNode,
  vocabulary: Vocabulary,
): string | undefined {
  const leftType = checkedTypeOf(left)?.name ?? "";
  const rightType = checkedTypeOf(right)?.name ?? "";
  if (leftType === "null" || rightType === "null") {
    return "Nothing is null here: compare text with '', numbers with 0";
  }
  if (operator === "in") {
    if (leftType === "string" && rightType === "string") {
      return "Write text.contains('part'), or a list in brackets: in ['x', 'y']";
    }
    return "Write a list of the same type in brackets, e.g. in [1, 2]";
  }
  if (isNumber(leftType) && rightType === "string") return hintForText(left, right);
  if (leftType === "string" && isNumber(rightType)) return hintForText(right, left);
  if (leftType.startsWith("list<") || rightType.startsWith("list<")) {
    return "Count a list with size(), or ask its elements with exists(i, …)";
  }
  const isObject = (type: string) => Object.hasOwn(vocabulary.definition.types, type);
  if (isObject(leftType) && isObject(rightType)) return "Compare their fields";
  if (isObject(leftType)) return hintForObject(left, right, vocabulary);
  if (isObject(rightType)) return hintForObject(right, left, vocabulary);
  if (leftType === "bool" || rightType === "bool") {
    return "Write true and false without quotes; put ! before what shall be false";
  }
  return undefined;
}

/**
 * Explains why an operator does not fit what stands beside it.
 *
 * @param node The operator's node.
 * @param vocabulary What the rule may speak of.
 * @returns What is wrong and how to fix it, or `undefined` when the node is no operator.
 */
export function explainOperator(
  node: ASTNode,
  vocabulary: Vocabulary,
): Omit<MistakeAtOffset, "offset"> | undefined {
  if (node.op === "!_" || node.op === "-_") {
    const type = typeInWords(checkedTypeOf(node.args)?.name ?? "");
    return {
      message: `Cannot use ${node.op.charAt(0)} before ${type}`,
      hint: node.op === "!_" ? "Put what shall be false in parentheses: !(a == b)" : undefined,
    };
  }
  if (!("args" in node) || !Array.isArray(node.args) || node.args.length !== 2) return undefined;
  const [left, right] = node.args;
  if (typeof left !== "object" || typeof right !== "object") return undefined;
  if (Array.isArray(left) || Array.isArray(right)) return undefined;
  const types = [left, right].map((side) => typeInWords(checkedTypeOf(side)?.name ?? ""));
  const verb = COMPARISONS.has(node.op) ? "compare" : "compute";
  return {
    message: node.op === "in"
      ? `Cannot look for ${types[0]} in ${types[1]}`
      : `Cannot ${verb} ${types.join(` ${node.op} `)}`,
    hint: hintFor(node.op, left, right, vocabulary),
  };
}
