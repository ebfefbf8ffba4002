import { assertEquals, assertGreater } from "@std/assert";
import { compileExpression } from "../../lib/rules/expression.ts";
import { ITEM_VOCABULARY, LIST_VOCABULARY, ORDER_VOCABULARY } from "../../handlers/ustore/sight.ts";

const page = await Deno.readTextFile(new URL("../../docs/rules.md", import.meta.url));

function withoutMistake(source: string, vocabulary = ITEM_VOCABULARY): void {
  const expression = compileExpression(vocabulary, source);
  assertEquals("message" in expression ? expression : undefined, undefined, source);
}

Deno.test("docs/rules.md shows only conditions without mistakes", () => {
  const blocks = [...page.matchAll(/```cel\n([\s\S]*?)```/g)].map(([, source = ""]) => source);
  assertGreater(blocks.length, 15);
  for (const source of blocks) withoutMistake(source);
  const inTables = [...page.matchAll(/^\|.*$/gm)]
    .flatMap(([row]) => [...row.matchAll(/`([^`]*)`/g)])
    .map(([, source = ""]) => source)
    .filter((source) => /^(?:order|item|number).*(?:[=<>]|\)$| in )/.test(source));
  assertGreater(inTables.length, 12);
  for (const source of inTables) withoutMistake(source);
});

Deno.test("docs/rules.md names every field that rules see", () => {
  const { 1: section = "" } = page.split("## What rules see");
  const [fields = ""] = section.split("## Examples");
  for (const { definition } of [ORDER_VOCABULARY, ITEM_VOCABULARY, LIST_VOCABULARY]) {
    const names = Object.values(definition.types).flatMap((type) => Object.keys(type));
    const missing = names.filter((name) => !new RegExp(`[\`.]${name}\``).test(fields));
    assertEquals(missing, []);
  }
});
