/** What the rules of each kind of endpoint see: the types of it, and what they read afterwards. */
import type { RuleSight } from "../../lib/rules/evidence.ts";
import { createVocabulary, type Vocabulary } from "../../lib/rules/vocabulary.ts";
import { ExportView, viewExport } from "./cart_list.ts";
import { needItemId, OrderView, viewOrder } from "./order.ts";
import { fieldTypesOf } from "./views.ts";

/** What the rules of an approval and of a tax see: the order. */
export const ORDER_VOCABULARY: Vocabulary = createVocabulary({
  types: fieldTypesOf(OrderView),
  variables: { order: "Order" },
});

/** What the rules of a routing see: the order and the item that is decided. */
export const ITEM_VOCABULARY: Vocabulary = createVocabulary({
  types: fieldTypesOf(OrderView),
  variables: { order: "Order", item: "Item" },
  changing: ["item"],
});

const { Export: exportTypes = {}, ...listTypes } = fieldTypesOf(ExportView);

/** What the rules of a cart export see: the list, who exports it and where. */
export const LIST_VOCABULARY: Vocabulary = createVocabulary({
  types: listTypes,
  variables: exportTypes,
});

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
