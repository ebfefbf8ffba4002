import type { ASTNode } from "@marcbachmann/cel-js";

/** What the type check found a part of an expression to be. */
export interface CheckedType {
  /** In the library's words, e.g. `list<double>`. */
  readonly name: string;
  /** Whether a part of the type is known at run time only. */
  readonly dynamic: boolean;
}

/**
 * Reads what the type check left at a node, which the library's own types don't mention.
 *
 * @param node A node of a checked expression.
 * @returns Its type, or `undefined` where the check did not pass, e.g. at the name in `all(i, …)`.
 */
export function checkedTypeOf(node: object): CheckedType | undefined {
  if (!("checkedType" in node)) return undefined;
  const type = node.checkedType;
  if (typeof type !== "object" || type === null || !("name" in type)) return undefined;
  if (typeof type.name !== "string") return undefined;
  return { name: type.name, dynamic: "hasDynType" in type && type.hasDynType === true };
}

/**
 * Lists the parts of an expression one level down.
 *
 * @param node A node.
 * @returns Its operands, arguments or elements, in the order in which they stand.
 */
export function childrenOf(node: ASTNode): readonly ASTNode[] {
  switch (node.op) {
    case "value":
    case "id":
      return [];
    case ".":
    case ".?":
      return [node.args[0]];
    case "call":
      return node.args[1];
    case "rcall":
      return [node.args[1], ...node.args[2]];
    case "map":
      return node.args.flat();
    case "!_":
    case "-_":
      return [node.args];
    default:
      return node.args;
  }
}
