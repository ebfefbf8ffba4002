/** What the rules of each kind see, to tell afterwards what they read. */
import type { RuleSight } from "../../../lib/rules/evidence.ts";
import { needItemId } from "./item.ts";
import { viewExport } from "./list.ts";
import { viewOrder } from "./order.ts";
import { ITEM_VOCABULARY, LIST_VOCABULARY, ORDER_VOCABULARY } from "./vocabulary.ts";

/** Of an approval and of a tax: the order. */
export const ORDER_SIGHT: RuleSight = {
  vocabulary: ORDER_VOCABULARY,
  subjectsOf: (document) => [{ context: { order: viewOrder(document) } }],
};

/** Of a routing: each item with its order. */
export const ITEM_SIGHT: RuleSight = {
  vocabulary: ITEM_VOCABULARY,
  subjectsOf(document) {
    const order = viewOrder(document);
    return order.items.map((item) => ({ subject: needItemId(item), context: { order, item } }));
  },
};

/** Of a cart export: the list, who made it and where. */
export const LIST_SIGHT: RuleSight = {
  vocabulary: LIST_VOCABULARY,
  subjectsOf: (document) => [{ context: viewExport(document) }],
};
