/** What is seen of each kind of document: by its rules, and in a list of deliveries. */
import * as z from "zod/mini";
import { roundDecimal } from "../../lib/rules/cel/decimal.ts";
import type { RuleSight } from "../../lib/rules/evidence.ts";
import { createVocabulary, type Vocabulary } from "../../lib/rules/vocabulary.ts";
import type { BriefAnswer, DeliveryBrief } from "../handler.ts";
import { stateCodeOf } from "./address.ts";
import { countryCode } from "./countries.ts";
import { ExportView, viewExport } from "./cart_list.ts";
import { needItemId, orderNumbers, OrderView, viewOrder } from "./order.ts";
import { fieldTypesOf } from "./shapes.ts";
import { lenient } from "./elements.ts";

const normalized = { "Address.country": countryCode, "Address.stateCode": stateCodeOf };

/** What the rules of an approval and of a tax see: the order. */
export const ORDER_VOCABULARY: Vocabulary = createVocabulary({
  types: fieldTypesOf(OrderView),
  variables: { order: "Order" },
  normalized,
});

/** What the rules of a routing see: the order and the item that is decided. */
export const ITEM_VOCABULARY: Vocabulary = createVocabulary({
  types: fieldTypesOf(OrderView),
  variables: { order: "Order", item: "Item" },
  changing: ["item"],
  normalized,
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

const approval = z.looseObject({ ApprovalGroupId: z.number(), IsApprovalNeeded: z.boolean() });
const routing = z.record(z.string(), z.union([z.string(), z.number()]));
const exported = z.looseObject({ externalID: z.string() });

/** What an order says for a list of deliveries; what cannot be read is left out. */
function briefOfOrder(document: unknown): DeliveryBrief {
  return lenient(() => {
    const order = viewOrder(document);
    const { user } = order;
    const amount = () => roundDecimal(order.total, 2).toFixed(2);
    const total = lenient(() => `${amount()} ${order.currency}`.trim(), "");
    const names = lenient(() => `${user.firstName} ${user.lastName}`.trim(), "");
    const shopper = lenient(() => user.email, "") || names;
    return {
      orders: orderNumbers(document),
      ...(total === "" ? {} : { total }),
      ...(shopper === "" ? {} : { shopper }),
    };
  }, {});
}

const IN_ENGLISH: Readonly<Record<BriefAnswer["what"], (about: string) => string>> = {
  groupApproves: (group) => `group ${group} must approve`,
  approved: () => "approved",
  routed: (items) => items,
  kept: () => "kept",
  taxed: (amount) => `tax ${amount}`,
  exported: (name) => `exported as ${name}`,
};

/** What was answered, in English and in no language. */
function answered(what: BriefAnswer["what"], about?: string): DeliveryBrief {
  return {
    answer: IN_ENGLISH[what](about ?? ""),
    answered: { what, ...(about === undefined ? {} : { about }) },
  };
}

/**
 * Says in short what an order approval was about.
 *
 * @param document The parsed request.
 * @param answer The parsed answer.
 */
export function approvalBrief(document: unknown, answer: unknown): DeliveryBrief {
  const { data } = approval.safeParse(answer);
  return {
    ...briefOfOrder(document),
    ...(data === undefined
      ? {}
      : data.IsApprovalNeeded
      ? answered("groupApproves", String(data.ApprovalGroupId))
      : answered("approved")),
  };
}

/** How many items are named; of more, how many they are. */
const MOST_ITEMS = 3;

/**
 * Says in short what a manufacturer webhook was about.
 *
 * @param document The parsed request.
 * @param answer The parsed answer.
 */
export function manufacturerBrief(document: unknown, answer: unknown): DeliveryBrief {
  const { data } = routing.safeParse(answer);
  const items = Object.entries(data ?? {});
  const named = items.slice(0, MOST_ITEMS).map(([item, plant]) => `${item} → ${plant}`).join(", ");
  const more = items.length > MOST_ITEMS ? `, ${items.length - MOST_ITEMS} more` : "";
  return {
    ...briefOfOrder(document),
    ...(data === undefined
      ? {}
      : items.length === 0
      ? answered("kept")
      : answered("routed", `${named}${more}`)),
  };
}

/**
 * Says in short what a tax webhook was about.
 *
 * @param document The parsed request.
 * @param answer The parsed answer; what its total is called is a setting, so its first number counts.
 */
export function taxBrief(document: unknown, answer: unknown): DeliveryBrief {
  const { data } = z.record(z.string(), z.unknown()).safeParse(answer);
  const amount = Object.values(data ?? {}).find((value) => /^-?\d+(?:\.\d+)?$/.test(String(value)));
  return {
    ...briefOfOrder(document),
    ...(amount === undefined ? {} : answered("taxed", String(amount))),
  };
}

/**
 * Says in short what a cart export was about.
 *
 * @param document The parsed request.
 * @param answer The parsed answer.
 */
export function exportBrief(document: unknown, answer: unknown): DeliveryBrief {
  const { data } = exported.safeParse(answer);
  return lenient(() => {
    const { list, user } = viewExport(document);
    const shopper = lenient(() => user.email, "");
    return {
      orders: [list.id],
      ...(shopper === "" ? {} : { shopper }),
      ...(data === undefined ? {} : answered("exported", data.externalID)),
    };
  }, {});
}
