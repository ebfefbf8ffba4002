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
