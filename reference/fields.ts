/** Writes what rules see, from the tables of fields. */
import { ExportView } from "../handlers/ustore/cart_list.ts";
import { OrderView } from "../handlers/ustore/order.ts";
import type { DefinedView, ViewField } from "../handlers/ustore/views.ts";
import { markdownTable, type Row } from "./markdown.ts";

/** What a type is to people, where it is no view. */
const KINDS: ReadonlyMap<string, string> = new Map([
  ["string", "text"],
  ["number", "number"],
  ["list<string>", "list of texts"],
  ["map<string, string>", "texts by name"],
]);

/**
 * Writes the fields of an order and of all that it holds.
 *
 * @returns A table in Markdown: each field with the names that it has in the document.
 */
export function orderFields(): string {
  return tableOf([{ path: "order", view: OrderView }]);
}

/** Writes the fields of an exported cart list in the same way. */
export function cartListFields(): string {
  return tableOf([{ path: "", view: ExportView }]);
}

/** A view, and how its fields are told: from where rules start, or as what one of a list is. */
interface Shown {
  readonly path: string;
  readonly view: DefinedView;
}

function tableOf(shown: Shown[]): string {
  // What is found within a view is shown behind it.
  const rows = new Map<string, readonly Row[]>();
  for (const { path, view } of shown) rows.set(path, rowsOf(path, view, shown));
  return markdownTable(["field", "is", "in the document", "to know"], [...rows.values()].flat());
}

function rowsOf(path: string, { fields }: DefinedView, shown: Shown[]): readonly Row[] {
  return Object.entries(fields).map(([name, field]) => {
    const place = path === "" ? name : `${path}.${name}`;
    const { of: view } = field;
    if (view !== undefined) shown.push({ path: nameOf(field, view, place), view });
    const sources = field.places.map((source) => `\`${source}\``).join(", ");
    return [`\`${place}\``, kindOf(field), sources, field.about];
  });
}

/** What stands at several places is told once, by its own name. */
function nameOf({ type }: ViewField, { typeName, isShared }: DefinedView, place: string): string {
  return isShared || type.startsWith("list<") ? typeName.toLowerCase() : place;
}

function kindOf({ type, of }: ViewField): string {
  const known = KINDS.get(type);
  if (known !== undefined) return known;
  const name = of?.typeName.toLowerCase() ?? type;
  return type.startsWith("list<") ? `list, each ${name} as below` : `${name}, as below`;
}
