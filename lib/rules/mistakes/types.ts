import type { ASTNode, TypeError as CheckError } from "@marcbachmann/cel-js";
import { checkedTypeOf, childrenOf, removeAliases } from "../cel/syntax_tree.ts";
import {
  callInWords,
  suggestCall,
  suggestField,
  suggestFieldOf,
  suggestFunction,
  suggestSynonym,
  suggestVariable,
  typeInWords,
} from "./names.ts";
import type { MistakeAtOffset } from "./syntax.ts";
import type { Vocabulary } from "../vocabulary.ts";

/** Without an offset, the mistake is where the library found it. */
type Explanation = Omit<MistakeAtOffset, "offset"> & Partial<Pick<MistakeAtOffset, "offset">>;

const COMPARE = "Compare it, e.g. with == or >";

/**
 * Explains why an expression does not pass the type check.
 *
 * @param error What the type check found.
 * @param vocabulary What the rule may speak of.
 * @returns What is wrong, and what was probably meant.
 */
export function explainType(error: CheckError, vocabulary: Vocabulary): MistakeAtOffset {
  const offset = error.node?.pos ?? error.range?.start ?? 0;
  return { offset, ...(explainCode(error, vocabulary) ?? { message: error.summary }) };
}

function explainCode(error: CheckError, vocabulary: Vocabulary): Explanation | undefined {
  const { node, code, summary } = error;
  const [first = "", second = ""] = quotedTypes(summary);
  switch (code) {
    case "unknown_variable": {
      const name = node?.op === "id" ? node.args : "";
      const reason = vocabulary.named?.unusable.get(name);
      if (reason !== undefined) {
        const { message, hint } = reason;
        return {
          message: `${JSON.stringify(name)} of "define" is of no use here: ${message}`,
          hint,
        };
      }
      return {
        message: `Unknown name ${JSON.stringify(name)}`,
        hint: suggestVariable(vocabulary, name),
      };
    }
    case "no_such_key":
    case "cannot_index_type":
    case "invalid_index_type":
      return node && explainField(node, vocabulary);
    case "no_such_overload":
      return node && explainOperator(node, vocabulary);
    case "no_matching_overload":
      return node && explainCall(node, vocabulary);
    case "incompatible_ternary_branches":
      return node && explainBranches(node);
    case "invalid_logical_operand":
      return node && explainLogical(node);
    case "invalid_condition_type":
      return { message: `The condition must be true/false, found ${first}`, hint: COMPARE };
    case "invalid_comprehension_range":
      return { message: `exists, all, filter and map need a list, found ${first}` };
    case "invalid_macro_argument":
      return { message: "has() needs a field, e.g. has(item.properties.Paper)" };
    case "heterogeneous_list_element":
    case "heterogeneous_map_key":
    case "heterogeneous_map_value":
      return {
        message: `All elements must be of one type, found ${second} after ${first}`,
        hint: hintForNumbers(first, second),
      };
    default:
      return undefined;
  }
}

function explainField(node: ASTNode, vocabulary: Vocabulary): Explanation | undefined {
  if (node.op !== "." && node.op !== "[]") return undefined;
  const [owner, key] = node.args;
  const field = typeof key === "string" ? key : key.op === "value" ? key.args : undefined;
  const type = checkedTypeOf(owner)?.name ?? "";
  if (typeof field !== "string") {
    const index = typeof key === "string" ? "" : typeInWords(checkedTypeOf(key)?.name ?? "");
    return { message: `Cannot read element ${index} of ${typeInWords(type)}` };
  }
  if (Object.hasOwn(vocabulary.definition.types, type)) {
    return {
      message: `Unknown field ${JSON.stringify(field)} of ${type}`,
      hint: suggestField(vocabulary, type, field),
    };
  }
  return {
    message: `Cannot read ${JSON.stringify(field)} of ${typeInWords(type)}`,
    hint: suggestSynonym(field) ?? suggestCall(vocabulary, field) ??
      (type.startsWith("list<")
        ? `Ask its elements, e.g. exists(i, i.${field} …) or map(i, i.${field}).sum()`
        : undefined),
  };
}

function explainUnknownCall(
  name: string,
  owner: ASTNode | undefined,
  vocabulary: Vocabulary,
): Explanation {
  const type = owner === undefined ? "" : checkedTypeOf(owner)?.name ?? "";
  const isField = Object.hasOwn(vocabulary.definition.types[type] ?? {}, name);
  return {
    message: `Unknown function ${JSON.stringify(name)}`,
    hint: isField
      ? `Write the field without parentheses: ${name}`
      : suggestFunction(vocabulary, name),
  };
}

function explainCall(node: ASTNode, vocabulary: Vocabulary): Explanation | undefined {
  if (node.op !== "call" && node.op !== "rcall") return undefined;
  const name = node.args[0];
  const owner = node.op === "rcall" ? node.args[1] : undefined;
  const operands = node.op === "rcall" ? node.args[2] : node.args[1];
  const offset = owner === undefined ? node.pos : node.input.indexOf(name, owner.end);
  const known = vocabulary.checking.getDefinitions().functions
    .filter((candidate) => candidate.name === name);
  if (known.length === 0) return { ...explainUnknownCall(name, owner, vocabulary), offset };
  const types = operands.map((operand) => typeInWords(checkedTypeOf(operand)?.name ?? "…"));
  const forms = new Set(known.map(({ signature }) => callInWords(signature)));
  return {
    message: `Cannot call ${name}(${types.join(", ")})` +
      (owner === undefined ? "" : ` on ${typeInWords(checkedTypeOf(owner)?.name ?? "…")}`),
    offset,
    hint: `Write ${[...forms].slice(0, 4).join(" or ")}`,
  };
}

function explainLogical(node: ASTNode): Explanation | undefined {
  const side = childrenOf(node).find((child) => checkedTypeOf(child)?.name !== "bool");
  if (side === undefined) return undefined;
  return {
    message: "Both sides of && and || must be true/false, found " +
      typeInWords(checkedTypeOf(side)?.name ?? ""),
    offset: side.pos,
    hint: COMPARE,
  };
}

function explainBranches(node: ASTNode): Explanation | undefined {
  if (node.op !== "?:") return undefined;
  const [yes, no] = node.args.slice(1).map((arm) => typeInWords(checkedTypeOf(arm)?.name ?? ""));
  return {
    message: `Both results of ? : must be of one type, found ${yes} and ${no}`,
    hint: hintForNumbers(yes, no),
  };
}

/** Whole numbers and others are the two types that people take for one. */
function hintForNumbers(...types: readonly (string | undefined)[]): string | undefined {
  return types.every((type) => type?.endsWith("number"))
    ? "Write all numbers with a decimal point, e.g. 1.0"
    : undefined;
}

/** The types that a message of the library names in quotes. */
function quotedTypes(summary: string): readonly string[] {
  return [...summary.matchAll(/'([^']+)'/g)].map(([, name]) => typeInWords(name ?? ""));
}

/**
 * Explains why an operator does not fit what stands beside it.
 *
 * @param node The operator's node.
 * @param vocabulary What the rule may speak of.
 * @returns What is wrong and how to fix it, or `undefined` when the node is no operator.
 */
function explainOperator(
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

const COMPARISONS: ReadonlySet<string> = new Set(["==", "!=", "<", "<=", ">", ">="]);

function isNumber(type: string): boolean {
  return type === "double" || type === "int";
}

/** A field as it was written, `…` for what is more than a field. */
function nameOf(node: ASTNode, { aliases }: Vocabulary): string {
  const written = removeAliases(node.input.slice(node.start, node.end), aliases);
  return /^[\w.[\]' ]+$/.test(written) ? written : "…";
}

/** What helps when a number stands beside text. */
function hintForText(
  operator: string,
  number: ASTNode,
  text: ASTNode,
  vocabulary: Vocabulary,
): string {
  if (text.op === "value" && typeof text.args === "string" && /^-?\d+(\.\d+)?$/.test(text.args)) {
    return `Write the number without quotes: ${text.args}`;
  }
  if (/^[<>]/.test(operator) && text.op !== "value") {
    return `Write number(${nameOf(text, vocabulary)}) to read the number from it`;
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
  if (leftType === "type" || rightType === "type") {
    return suggestVariable(vocabulary, nameOf(leftType === "type" ? left : right, vocabulary));
  }
  if (operator === "in") {
    if (leftType === "string" && rightType === "string") {
      return "Write text.contains('part'), or a list in brackets: in ['x', 'y']";
    }
    return "Write a list of the same type in brackets, e.g. in [1, 2]";
  }
  if (isNumber(leftType) && rightType === "string") {
    return hintForText(operator, left, right, vocabulary);
  }
  if (leftType === "string" && isNumber(rightType)) {
    return hintForText(operator, right, left, vocabulary);
  }
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
