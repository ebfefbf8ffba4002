import { BYTE_ORDER_MARK, csvRow } from "../csv/row.ts";
import type { ExportedList } from "./exported_list.ts";
import type { NoteLevel } from "./texts.ts";

const COLUMNS = ["product", "catalogNumber", "nickname", "quantity", "errors", "warnings", "notes"];

/**
 * Writes the items of an exported list as CSV: one line an item, below a line of names.
 *
 * @param list The list.
 * @returns The text of the file, safe against formulas.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const item = { id: "1", product: "=1+1", catalogNumber: "", nickname: "", quantity: -5, notes: [] };
 * const list = { store: "", listId: "", externalId: "", modified: "", items: [item] };
 * assertEquals(
 *   listCsv(list),
 *   "\uFEFFproduct,catalogNumber,nickname,quantity,errors,warnings,notes\r\n'=1+1,,,-5,,,\r\n",
 * );
 * ```
 */
export function listCsv(list: ExportedList): string {
  const rows = list.items.map((item) => [
    item.product,
    item.catalogNumber,
    item.nickname,
    item.quantity,
    textsOf(item.notes, "error"),
    textsOf(item.notes, "warning"),
    textsOf(item.notes, "note"),
  ]);
  return BYTE_ORDER_MARK + [COLUMNS, ...rows].map(csvRow).join("");
}

/** Several in one cell stand on a line each. */
function textsOf(notes: ExportedList["items"][number]["notes"], level: NoteLevel): string {
  return notes.filter((note) => note.level === level).map(({ text }) => text).join("\n");
}
