import { BYTE_ORDER_MARK, type CsvCell, csvRow } from "../csv/row.ts";
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
  return BYTE_ORDER_MARK +
    [COLUMNS, ...exportLines(list).map(Object.values<CsvCell>)].map(csvRow).join("");
}

/**
 * Gives the lines of an exported list, as its CSV has them.
 *
 * @param list The list.
 * @returns An object for each item; its members are the columns, in order.
 */
export function exportLines(list: ExportedList): readonly Readonly<Record<string, CsvCell>>[] {
  return list.items.map(({ product, catalogNumber, nickname, quantity, notes }) => ({
    product,
    catalogNumber,
    nickname,
    quantity,
    errors: textsOf(notes, "error"),
    warnings: textsOf(notes, "warning"),
    notes: textsOf(notes, "note"),
  }));
}

/** Several in one cell stand on a line each. */
function textsOf(notes: ExportedList["items"][number]["notes"], level: NoteLevel): string {
  return notes.filter((note) => note.level === level).map(({ text }) => text).join("\n");
}
