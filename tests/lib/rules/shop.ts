import { assert } from "@std/assert";
import { compileExpression, type Expression } from "../../../lib/rules/expression.ts";
import type { ExpressionMistake } from "../../../lib/rules/mistakes/syntax.ts";
import { createVocabulary } from "../../../lib/rules/vocabulary.ts";

/** A small vocabulary for the tests of this folder. */
export const SHOP = createVocabulary({
  types: {
    Address: { city: "string", stateCode: "string" },
    User: { email: "string", department: "string" },
    Item: {
      id: "string",
      name: "string",
      quantity: "number",
      total: "number",
      properties: "map<string, string>",
      shipTo: "Address",
    },
    Order: {
      id: "string",
      total: "number",
      shipping: "number",
      note: "string",
      created: "string",
      rush: "bool",
      user: "User",
      items: "list<Item>",
    },
  },
  variables: { order: "Order", item: "Item" },
});

const CARDS = {
  id: "1",
  name: "Cards",
  quantity: 250,
  total: 19.9,
  properties: new Map([["Paper", "Gold"], ["Spot colour", ""]]),
  shipTo: { city: "Pittsburgh", stateCode: "PA" },
};

const FLYERS = {
  id: "2",
  name: "Flyers",
  quantity: 0,
  total: 80.2,
  properties: new Map<string, string>(),
  shipTo: { city: "Dallas", stateCode: "TX" },
};

/** A context for {@linkcode SHOP}. */
export const CONTEXT = {
  order: {
    id: "4711",
    total: 100.1,
    shipping: 0.2,
    note: "",
    created: "2026-11-27T18:30:00",
    rush: false,
    user: { email: "ann@example.com", department: "Marketing" },
    items: [CARDS, FLYERS],
  },
  item: CARDS,
};

/** Compiles what has no mistake. */
export function compiled(source: string): Expression {
  const expression = compileExpression(SHOP, source);
  assert("test" in expression, `${source}: ${"message" in expression && expression.message}`);
  return expression;
}

/** Compiles what has a mistake. */
export function mistakeIn(source: string): ExpressionMistake {
  const mistake = compileExpression(SHOP, source);
  assert("message" in mistake, `${source}: no mistake`);
  return mistake;
}

/** Evaluates what has no mistake. */
export function test(source: string, context: object = CONTEXT): boolean {
  return compiled(source).test(context);
}
