/** What differs between two texts, line by line. */
import { assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { diffLines } from "../../../lib/config/line_difference.ts";

const text = fc.array(fc.constantFrom("a", "b", "{", "}", ""), { maxLength: 12 });

Deno.test("a difference holds both texts, line by line", () => {
  fc.assert(fc.property(text, text, (before, after) => {
    const lines = diffLines(before.join("\n"), after.join("\r\n"));
    const side = (without: string) =>
      lines.filter(({ kind }) => kind !== without).map(({ text }) => text);
    // A text without lines is one empty line.
    assertEquals(side("added"), before.length === 0 ? [""] : before);
    assertEquals(side("removed"), after.length === 0 ? [""] : after);
  }));
  assertEquals(diffLines("a\nb", "a\nb").every(({ kind }) => kind === "same"), true);
});

Deno.test("a difference keeps as many lines as can be kept, and what goes before what comes", () => {
  fc.assert(fc.property(text, text, (before, after) => {
    const kinds = diffLines(before.join("\n"), after.join("\n")).map(({ kind }) => kind);
    const [a, b] = [before, after].map((lines) => lines.length === 0 ? [""] : lines);
    assertEquals(kinds.filter((kind) => kind === "same").length, mostKept(a ?? [], b ?? []));
    assertEquals(/added removed/.test(kinds.join(" ")), false);
  }));
});

Deno.test("two changes far from each other are told of, and nothing between them", () => {
  const lines = Array.from({ length: 20_000 }, (_, at) => `line ${at}`);
  const changed = lines.with(3, "other").with(19_990, "another").join("\n");
  const differing = diffLines(lines.join("\n"), changed).filter(({ kind }) => kind !== "same");
  assertEquals(differing.map(({ text }) => text), ["line 3", "other", "line 19990", "another"]);
});

Deno.test("of texts with nothing in common one stands in the place of the other", () => {
  const many = (sign: string) =>
    Array.from({ length: 20_000 }, (_, at) => `${sign} ${at}`).join("\n");
  const lines = diffLines(`x\n${many("a")}\ny`, `x\n${many("b")}\ny`);
  assertEquals(lines.length, 40_002);
  assertEquals([lines[1]?.kind, lines[20_001]?.kind], ["removed", "added"]);
});

/** The length of the longest common subsequence. */
function mostKept([first, ...rest]: readonly string[], other: readonly string[]): number {
  if (first === undefined) return 0;
  const at = other.indexOf(first);
  const without = mostKept(rest, other);
  return at < 0 ? without : Math.max(without, 1 + mostKept(rest, other.slice(at + 1)));
}
