import type { ExportedList } from "../../lib/exports/exported_list.ts";
import { lenient } from "./views/lenient.ts";
import type { ExportView } from "./views/list.ts";
import type { ListItemView, ValidationView } from "./views/list_item.ts";

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
export function exportedList(exported: ExportView, externalId: string): ExportedList {
  const { list } = exported;
  return {
    store: lenient(() => exported.store.name, ""),
    listId: list.id,
    externalId,
    modified: lenient(() => list.modificationDate, ""),
    items: list.items.map(showItem),
  };
}

function showItem(item: ListItemView): ExportedList["items"][number] {
  return {
    id: lenient(() => item.id, ""),
    product: lenient(() => item.product.name, ""),
    catalogNumber: lenient(() => item.product.catalogNumber, ""),
    nickname: lenient(() => item.nickname, ""),
    quantity: lenient(() => item.exactQuantity, undefined) ?? null,
    notes: lenient(() => item.validations, []).map(showValidation),
  };
}

function showValidation(validation: ValidationView) {
  const level = lenient(() => validation.level, 0);
  return {
    level: LEVELS.get(level) ?? "note" as const,
    text: lenient(() => validation.message, ""),
  };
}

/** The published levels; an unknown number is no more than a note. */
const LEVELS: ReadonlyMap<number, "warning" | "error"> = new Map([[1, "warning"], [2, "error"]]);
