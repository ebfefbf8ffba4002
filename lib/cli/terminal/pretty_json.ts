import { decodeJson } from "../../http/json.ts";
import { Problem } from "../../http/problem/problem.ts";

const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/**
 * Breaks JSON into lines. Every token stays as it was written: a number keeps its digits, a key
 * that stands twice stands twice.
 *
 * @param bytes What may be JSON.
 * @returns The lines, `undefined` when it is not JSON that the server would read.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { prettyJson } from "./pretty_json.ts";
 *
 * const bytes = new TextEncoder().encode('{"a":[1.0,{}]}');
 * assertEquals(prettyJson(bytes), '{\n  "a": [\n    1.0,\n    {}\n  ]\n}');
 * ```
 */
export function prettyJson(bytes: Uint8Array): string | undefined {
  if (!isJson(bytes)) return undefined;
  const tokens = new TextDecoder().decode(bytes).match(TOKEN) ?? [];
  const parts: string[] = [];
  let depth = 0;
  const newLine = () => parts.push(`\n${"  ".repeat(depth)}`);
  for (const [index, token] of tokens.entries()) {
    const before = tokens[index - 1];
    const isFirst = before === "{" || before === "[";
    const isEnd = token === "}" || token === "]";
    if (isEnd) depth--;
    if (isFirst !== isEnd) newLine();
    parts.push(token);
    if (token === "{" || token === "[") depth++;
    else if (token === ",") newLine();
    else if (token === ":") parts.push(" ");
  }
  return parts.join("");
}

function isJson(bytes: Uint8Array): boolean {
  try {
    decodeJson(bytes);
    return true;
  } catch (error) {
    if (error instanceof Problem) return false;
    throw error;
  }
}
