/** What stands in a condition as it is: values, and fields of the document. */
import type { ASTNode } from "@marcbachmann/cel-js";
import type { Vocabulary } from "../vocabulary.ts";

/** A value that stands in a condition. */
export type Literal = string | number | boolean;

/**
 * Reads what stands in a condition as it is.
 *
 * @param node A node of it.
 * @returns The value; `undefined` where it is none, or one that a double does not hold.
 */
export function literalOf(node: ASTNode): Literal | undefined {
  if (node.op === "-_") {
    const value = literalOf(node.args);
    return typeof value === "number" ? -value : undefined;
  }
  if (node.op !== "value") return undefined;
  const value: unknown = node.args;
  if (typeof value === "bigint") {
    return Number.isSafeInteger(Number(value)) ? Number(value) : undefined;
  }
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? value
    : undefined;
}

/** Whether a node is a map of the document. */
export function isMap(vocabulary: Vocabulary, node: ASTNode): boolean {
  return typeOfField(vocabulary, node)?.startsWith("map<") ?? false;
}

/** The type of a variable or of a field of an object, in the words of the vocabulary. */
export function typeOfField(vocabulary: Vocabulary, node: ASTNode): string | undefined {
  const { types, variables } = vocabulary.definition;
  if (node.op === "id") {
    const [name] = Object.keys(variables).filter((one) =>
      (vocabulary.aliases.get(one) ?? one) === node.args
    );
    return name === undefined ? undefined : variables[name];
  }
  if (node.op !== ".") return undefined;
  const owner = typeOfField(vocabulary, node.args[0]);
  const fields = owner === undefined || !Object.hasOwn(types, owner) ? undefined : types[owner];
  return fields !== undefined && Object.hasOwn(fields, node.args[1])
    ? fields[node.args[1]]
    : undefined;
}
