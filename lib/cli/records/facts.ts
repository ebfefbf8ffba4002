/** A name and what is said of it. */
export type Fact = readonly [name: string, value: string];

/**
 * Shows facts, one a line.
 *
 * @param facts The facts.
 * @returns Indented lines, their values aligned.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { describeFacts } from "./facts.ts";
 *
 * assertEquals(describeFacts([["id", "7"], ["status", "200"]]), ["  id      7", "  status  200"]);
 * ```
 */
export function describeFacts(facts: readonly Fact[]): string[] {
  const width = Math.max(...facts.map(([name]) => name.length));
  return facts.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`);
}
