import { assertEquals } from "@std/assert";
import type { VocabularyDefinition } from "../../../lib/rules/vocabulary.ts";
import {
  ITEM_VOCABULARY,
  LIST_VOCABULARY,
  ORDER_VOCABULARY,
} from "../../../handlers/ustore/sight.ts";
import { APPROVAL, LIST, MANUFACTURER } from "./documents.ts";
import { ask, open } from "./open.ts";

/** A condition that reads every field of a type, and is true. */
function readsAll(types: VocabularyDefinition["types"], type: string, path: string): string {
  return Object.entries(types[type] ?? {}).map(([name, fieldType]) => {
    const field = `${path}.${name}`;
    const itemType = /^list<(.+)>$/.exec(fieldType)?.[1] ?? "";
    if (Object.hasOwn(types, fieldType)) return readsAll(types, fieldType, field);
    if (fieldType === "map<string, string>") return `!('none' in ${field})`;
    if (fieldType === "number") return `${field} >= 0`;
    if (fieldType === "string") return `${field} != 'none'`;
    if (!Object.hasOwn(types, itemType)) return `!('none' in ${field})`;
    const each = `x${path.split(".").length}`;
    return `${field}.all(${each}, ${readsAll(types, itemType, each)})`;
  }).join(" && ");
}

async function ruleOf(
  kind: string,
  { definition: { types, variables } }: typeof ORDER_VOCABULARY,
  then: object,
  document: unknown,
): Promise<unknown> {
  const rules = Object.entries(variables).map(([name, type]) => ({
    name,
    when: readsAll(types, type, name),
    then,
  }));
  // Every rule must be true, so each is tried alone.
  const endpoints = await Promise.all(rules.map((rule) => open(kind, { rules: [rule] })));
  const answers = await Promise.all(endpoints.map((endpoint) => ask(endpoint, document)));
  return answers.map(({ decisions }) => [...new Set(decisions.map(({ rule }) => rule))]);
}

Deno.test("rules of an approval can read every field of an order", async () => {
  const approve = { approve: true };
  for (const document of [APPROVAL, MANUFACTURER]) {
    const rules = await ruleOf("ustore.order-approval", ORDER_VOCABULARY, approve, document);
    assertEquals(rules, [["order"]]);
  }
});

Deno.test("rules of a routing can read every field of an order and an item", async () => {
  const rules = await ruleOf("ustore.manufacturer", ITEM_VOCABULARY, { keep: true }, MANUFACTURER);
  assertEquals(rules, [["order"], ["item"]]);
});

Deno.test("rules of a cart export can read every field of a list", async () => {
  const rules = await ruleOf("ustore.cart-export", LIST_VOCABULARY, { redirectUrl: "" }, LIST);
  assertEquals(rules, [["user"], ["store"], ["list"]]);
});
