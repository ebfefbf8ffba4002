/** A parsed condition: its parts, their types, and the names that it binds. */
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

/**
 * Names a variable that the language has taken for itself, such as `list`.
 *
 * @param name The variable's name.
 * @returns Another name of the same length, so that columns stay what they are.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(aliasOf("list"), "lis_");
 * ```
 */
export function aliasOf(name: string): string {
  return `${name.slice(0, -1)}_`;
}

/**
 * Writes aliases in place of the names that are taken.
 *
 * @param node The root of the parsed expression.
 * @param aliases The aliases by name, each as long as its name.
 * @param calls Those of single calls, likewise.
 * @returns The expression's text with aliases, every other character in its place.
 */
export function applyAliases(
  node: ASTNode,
  aliases: ReadonlyMap<string, string>,
  calls: ReadonlyMap<ASTNode, string> = new Map(),
): string {
  let text = node.input;
  function visit(part: ASTNode): void {
    const alias = part.op === "id" ? aliases.get(part.args) : calls.get(part);
    if (alias !== undefined) {
      text = text.slice(0, part.start) + alias + text.slice(part.start + alias.length);
    }
    childrenOf(part).forEach(visit);
  }
  visit(node);
  return text;
}

/**
 * Writes the names again for which there are aliases.
 *
 * @param text A part of an expression's text with aliases.
 * @param aliases The aliases by name.
 * @returns The part as it was written.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(removeAliases("lis_.items[0]", new Map([["list", "lis_"]])), "list.items[0]");
 * ```
 */
export function removeAliases(text: string, aliases: ReadonlyMap<string, string>): string {
  const names = new Map([...aliases].map(([name, alias]) => [alias, name]));
  return text.replaceAll(/\w+/g, (word) => names.get(word) ?? word);
}

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
export function freeNames(node: ASTNode): ReadonlySet<string> {
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
