/** The rules of an endpoint as a text of its own, cut out of the config file. */
import { createScanner, findNodeAtLocation, type Node, parseTree } from "jsonc-parser";

/** Where the rules of an endpoint stand in the text of a config. */
export interface RulesText {
  /** With the comments in it, from `[` to `]`. */
  readonly text: string;
  readonly offset: number;
  /** How much of the config stands in their place; none where there are no rules yet. */
  readonly length: number;
  /** What is written before and behind them where there are none yet. */
  readonly around: readonly [before: string, behind: string];
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
 * @returns The rules, an empty list where the endpoint has none yet; `undefined` where they stand
 * elsewhere, or there is no such endpoint in this file.
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
  if (endpoint !== undefined && rules === undefined) return placeForRules(config, endpoint);
  if (rules?.type !== "array") return undefined;
  const { offset, length } = rules;
  const text = config.slice(offset, offset + length);
  return { text, offset, length, around: ["", ""], ...positionBehind(config.slice(0, offset)) };
}

/** Before the path, so that the comment behind a setting stays behind it. */
function placeForRules(config: string, endpoint: Node): RulesText | undefined {
  const offset = findNodeAtLocation(endpoint, ["path"])?.parent?.offset;
  if (offset === undefined) return undefined;
  const line = config.slice(config.lastIndexOf("\n", offset - 1) + 1, offset);
  const gap = line.trim() === "" ? `${config.includes("\r\n") ? "\r\n" : "\n"}${line}` : " ";
  const around = ['"rules": ', `,${gap}`] as const;
  const before = config.slice(0, offset) + around[0];
  return { text: "[]", offset, length: 0, around, ...positionBehind(before) };
}

function positionBehind(before: string): Pick<RulesText, "firstLine" | "firstColumn"> {
  return {
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
 * @returns The text of the config; `undefined` where they cannot stand in it.
 */
export function putRules(config: string, path: string, rules: string): string | undefined {
  const found = cutRules(config, path);
  if (found === undefined) return undefined;
  const { offset, length, around: [before, behind] } = found;
  // As the rest of the file ends its lines, whatever the browser sends.
  const lineEnd = config.includes("\r\n") ? "\r\n" : "\n";
  const written = rules.trim().replace(/\r\n?|\n/g, lineEnd);
  return config.slice(0, offset) + before + written + behind + config.slice(offset + length);
}

/** What is filled in from elsewhere when the config is loaded, and where it stands, from 1. */
interface FoundReference {
  /** As it is written, e.g. `${file:text.txt}`. */
  readonly reference: string;
  readonly line: number;
  readonly column: number;
}

/** Behind a second dollar sign it is text. */
const REFERENCE = /\$\$\{|\$\{[^}]*\}?/g;

/**
 * Finds what would be filled in from the environment or from files, however it is escaped.
 *
 * @param rules The text of rules; it need be no JSON.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const rules = '[\n  { "name": "$${a} \\u0024{file:b}" }\n] // ${c}';
 * assertEquals(findReferences(rules), [{ reference: "${file:b}", line: 2, column: 13 }]);
 * ```
 */
export function findReferences(rules: string): readonly FoundReference[] {
  const scanner = createScanner(rules, true);
  const found: FoundReference[] = [];
  while (scanner.getPosition() < rules.length) {
    scanner.scan();
    if (rules.charAt(scanner.getTokenOffset()) !== '"') continue;
    const place = {
      line: scanner.getTokenStartLine() + 1,
      column: scanner.getTokenStartCharacter() + 1,
    };
    for (const [reference] of scanner.getTokenValue().matchAll(REFERENCE)) {
      if (!reference.startsWith("$$")) found.push({ reference, ...place });
    }
  }
  return found;
}
