import { createVocabulary, type Vocabulary } from "../../../lib/rules/vocabulary.ts";
import { ADDRESS_FIELDS } from "./address.ts";

/** The types of the order document, field by field, as {@linkcode viewOrder} gives them. */
const ORDER_TYPES = {
  Address: ADDRESS_FIELDS,
  Clearing: { type: "string" },
  Store: { id: "string", externalId: "string" },
  User: {
    id: "string",
    externalId: "string",
    firstName: "string",
    lastName: "string",
    email: "string",
    company: "string",
    department: "string",
    jobTitle: "string",
  },
  Product: {
    id: "string",
    externalId: "string",
    name: "string",
    catalogNumber: "string",
    type: "string",
    taxCode: "string",
    taxGroup: "string",
  },
  Manufacturer: { externalId: "string", name: "string" },
  Delivery: {
    method: "string",
    provider: "string",
    service: "string",
    price: "number",
    shipTo: "Address",
    itemIds: "list<string>",
  },
  Item: {
    id: "string",
    position: "number",
    product: "Product",
    quantity: "number",
    recipients: "number",
    copies: "number",
    unit: "string",
    total: "number",
    properties: "map<string, string>",
    dials: "map<string, string>",
    manufacturer: "Manufacturer",
    shipTo: "Address",
  },
  Order: {
    id: "string",
    displayId: "string",
    created: "string",
    currency: "string",
    total: "number",
    subtotal: "number",
    shipping: "number",
    tax: "number",
    discount: "number",
    note: "string",
    customConfig: "string",
    clearing: "Clearing",
    store: "Store",
    user: "User",
    billTo: "Address",
    items: "list<Item>",
    deliveries: "list<Delivery>",
  },
} as const;

/** What the rules of an approval see: the order. */
export const ORDER_VOCABULARY: Vocabulary = createVocabulary({
  types: ORDER_TYPES,
  variables: { order: "Order" },
});

/** What the rules of a routing see: the order and the item that is decided. */
export const ITEM_VOCABULARY: Vocabulary = createVocabulary({
  types: ORDER_TYPES,
  variables: { order: "Order", item: "Item" },
  changing: ["item"],
});

/** What the rules of a cart export see. */
export const LIST_VOCABULARY: Vocabulary = createVocabulary({
  types: {
    User: { id: "string", email: "string" },
    Store: { id: "string", name: "string" },
    Product: { id: "string", name: "string", catalogNumber: "string" },
    Validation: { type: "number", level: "number", message: "string" },
    Item: {
      id: "string",
      product: "Product",
      nickname: "string",
      quantity: "number",
      validations: "list<Validation>",
    },
    List: {
      id: "string",
      externalId: "string",
      modificationDate: "string",
      lastExportDate: "string",
      items: "list<Item>",
    },
  },
  variables: { user: "User", store: "Store", list: "List" },
});
