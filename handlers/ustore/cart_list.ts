/**
 * The list of the cart export webhook: the one table of its fields, and what its page shows.
 *
 * Source: the vendor's page on that webhook. Its casing is mixed (`ID`, `externalID`); ids are
 * expected to be GUID strings, numbers are accepted.
 */
import * as z from "zod";
import type { ExportedList } from "../../lib/exports/exported_list.ts";
import type { JsonNumber } from "../../lib/util/json_text.ts";
import { lazy } from "../../lib/util/memory.ts";
import { isEmpty, lenient, misshapen, readElement, readExactDecimal } from "./elements.ts";
import {
  decimalField,
  decimalOrZeroField,
  defineView,
  elementField,
  neededRepeatedField,
  repeatedField,
  textField,
} from "./views.ts";

const ListUserView = defineView("User", { id: textField("id"), email: textField("email") });

const ListStoreView = defineView("Store", { id: textField("id"), name: textField("name") });

const ListProductView = defineView("Product", {
  id: textField("ID"),
  name: textField("name"),
  catalogNumber: textField("catalogNumber"),
});

/** What the store says of an item. Types beyond the published ones are as good as any. */
const ValidationView = defineView("Validation", {
  type: decimalOrZeroField("type"),
  level: decimalOrZeroField("level", "1 is a warning, 2 an error."),
  message: textField("message"),
});

const ListItemView = defineView("Item", {
  id: textField("ID"),
  product: elementField("product", ListProductView),
  nickname: textField("nickname", "The shopper's own name for it."),
  quantity: decimalField("quantity"),
  validations: repeatedField("validations", "validation", ValidationView),
});

type ListItem = InstanceType<typeof ListItemView>;
type Validation = InstanceType<typeof ValidationView>;

const items = neededRepeatedField("items", "item", ListItemView);

const itemNames = lazy(() => Object.keys(ListItemView.shape()));

/** An item that says nothing of itself would be handed on as a row without a name. */
function needSaying(item: ListItem): ListItem {
  if (itemNames().every((name) => isEmpty(item.element[name]))) {
    throw misshapen(`${item.path}.ID`, undefined, "id");
  }
  return item;
}

const ListView = defineView("List", {
  id: { ...textField("id"), shape: () => ({ id: z.union([z.string().min(1), z.number()]) }) },
  externalId: textField("externalID", "The id that an earlier export gave it, `''` on the first."),
  modificationDate: textField("modificationDate"),
  lastExportDate: textField("lastExportDate"),
  items: { ...items, read: (list) => items.read(list).map(needSaying) },
});

/** What is exported, with who exports it and where. */
export const ExportView = defineView("Export", {
  user: elementField("user", ListUserView, "The shopper who exports the list."),
  store: elementField("store", ListStoreView, "The store from which it is exported."),
  list: {
    ...elementField("list", ListView, "The cart list."),
    shape: () => ({ list: ListView.document() }),
  },
});

/** A cart list that a shopper exports, see {@linkcode ExportView}. */
export type CartListExport = InstanceType<typeof ExportView>;

/** The body of that webhook, described. */
export const listDocument = lazy(() =>
  ExportView.document().meta({
    id: "UStoreList",
    description: "A cart list that is exported: what Storehook can read of it.",
  })
);

/**
 * Views a parsed body as an exported list.
 *
 * @param document The parsed JSON.
 * @throws {ShapeError} When the document has no `list`, or the list no id.
 */
export function viewExport(document: unknown): CartListExport {
  const root = isEmpty(document) ? {} : readElement(document, "the body");
  if (isEmpty(root.list)) throw misshapen("list", root.list, "present");
  const exported = new ExportView(root, "");
  const { element, id } = exported.list;
  if (id === "") throw misshapen("list.id", element.id, "id");
  return exported;
}

const ERROR_LEVEL = 2;

/**
 * Finds the items that the store itself calls faulty.
 *
 * @param list The list.
 * @returns What a shopper knows them by: the nickname, else the product's name, else the id.
 */
export function itemsWithErrors(list: CartListExport["list"]): readonly string[] {
  return list.items
    .filter(({ validations }) => validations.some(({ level }) => level === ERROR_LEVEL))
    .map((item) => nameOf(item) || `#${item.source.position}`);
}

function nameOf(item: ListItem): string {
  return lenient(() => item.nickname, "").trim() ||
    lenient(() => item.product.name, "").trim() ||
    lenient(() => item.id, "");
}

/**
 * Takes from an exported list what its page shows.
 *
 * The answer does not depend on the fields of an item, so that one of the wrong type is shown as
 * missing here and never refuses the export. A list whose items cannot be read is refused: it would
 * be handed on as an empty one.
 *
 * @param exported The list, with who exports it and where.
 * @param externalId The list's id outside the store.
 */
export function exportedList(exported: CartListExport, externalId: string): ExportedList {
  const { list } = exported;
  return {
    store: lenient(() => exported.store.name, ""),
    listId: list.id,
    externalId,
    modified: lenient(() => list.modificationDate, ""),
    items: list.items.map(showItem),
  };
}

function showItem(item: ListItem): ExportedList["items"][number] {
  return {
    id: lenient(() => item.id, ""),
    product: lenient(() => item.product.name, ""),
    catalogNumber: lenient(() => item.product.catalogNumber, ""),
    nickname: lenient(() => item.nickname, ""),
    quantity: lenient(() => exactQuantityOf(item), undefined) ?? null,
    notes: lenient(() => item.validations, []).map(showValidation),
  };
}

/** The quantity with the text that was sent, to hand it on; rules do not see it. */
function exactQuantityOf({ element, path }: ListItem): JsonNumber | undefined {
  return readExactDecimal(element.quantity, `${path}.quantity`);
}

function showValidation(validation: Validation) {
  const level = lenient(() => validation.level, 0);
  return {
    level: LEVELS.get(level) ?? "note" as const,
    text: lenient(() => validation.message, ""),
  };
}

/** The published levels; an unknown number is no more than a note. */
const LEVELS: ReadonlyMap<number, "warning" | "error"> = new Map([[1, "warning"], [2, "error"]]);

/** Reads the number of a cart's list, as `orderNumbers()` does those of an order. */
export function listNumbers(document: unknown): readonly string[] {
  return lenient(() => [viewExport(document).list.id], []);
}
