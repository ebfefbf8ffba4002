/** The rules of an endpoint as a text of its own, cut out of the config file. */
import { findNodeAtLocation, type Node, parseTree } from "jsonc-parser";

/** Where the rules of an endpoint stand in the text of a config. */
export interface RulesText {
  /** With the comments in it, from `[` to `]`. */
  readonly text: string;
  readonly offset: number;
  /** The line of the file on which it begins; 1 is the first. */
  readonly firstLine: number;
  /** The column of the file at which its first line begins; 1 is the first. */
  readonly firstColumn: number;
}

/**
 * Cuts the rules of an endpoint out of a config. What is edited is this text, so that comments and
 * the way somebody writes stay as they are.
 *
 * @param config The text of the config.
 * @param path The path of the endpoint.
 * @returns The rules; `undefined` where the endpoint has none in this file.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const config = '{ "endpoints": [{ "path": "/a", "rules": [ /* none *\/ ] }] }';
 * assertEquals(cutRules(config, "/a")?.text, "[ /* none *\/ ]");
 * assertEquals(cutRules(config, "/b"), undefined);
 * ```
 */
export function cutRules(config: string, path: string): RulesText | undefined {
  const root = parseTree(config, [], { allowTrailingComma: true });
  const endpoints = root === undefined ? undefined : findNodeAtLocation(root, ["endpoints"]);
  const endpoint = endpoints?.children?.find((one) => valueOf(one, "path") === path);
  const rules = endpoint === undefined ? undefined : findNodeAtLocation(endpoint, ["rules"]);
  if (rules === undefined || rules.type !== "array") return undefined;
  const before = config.slice(0, rules.offset);
  return {
    text: config.slice(rules.offset, rules.offset + rules.length),
    offset: rules.offset,
    firstLine: before.split("\n").length,
    firstColumn: before.length - before.lastIndexOf("\n"),
  };
}

function valueOf(node: Node, key: string): unknown {
  return findNodeAtLocation(node, [key])?.value;
}

/**
 * Puts other rules in the place of those of an endpoint.
 *
 * @param config The text of the config.
 * @param path The path of the endpoint.
 * @param rules The text of the rules, from `[` to `]`.
 * @returns The text of the config; `undefined` where the endpoint has no rules in it.
 */
export function putRules(config: string, path: string, rules: string): string | undefined {
  const found = cutRules(config, path);
  if (found === undefined) return undefined;
  const { offset, text } = found;
  // As the rest of the file ends its lines, whatever the browser sends.
  const lineEnd = config.includes("\r\n") ? "\r\n" : "\n";
  const written = rules.trim().replace(/\r\n?|\n/g, lineEnd);
  return config.slice(0, offset) + written + config.slice(offset + text.length);
}
