import type { ASTNode } from "@marcbachmann/cel-js";
import { childrenOf } from "./ast.ts";

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
 * @returns The expression's text with aliases, every other character in its place.
 */
export function applyAliases(node: ASTNode, aliases: ReadonlyMap<string, string>): string {
  let text = node.input;
  function visit(part: ASTNode): void {
    const alias = part.op === "id" ? aliases.get(part.args) : undefined;
    if (alias !== undefined) text = text.slice(0, part.start) + alias + text.slice(part.end);
    childrenOf(part).forEach(visit);
  }
  visit(node);
  return text;
}
