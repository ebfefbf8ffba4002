import cartExport from "../../../handlers/ustore/samples/cart_export.json" with { type: "json" };
import manufacturer from "../../../handlers/ustore/samples/manufacturer.json" with { type: "json" };
import orderApproval from "../../../handlers/ustore/samples/order_approval.json" with {
  type: "json",
};

/** The vendor's documents. */
export const APPROVAL: unknown = orderApproval;
export const MANUFACTURER: unknown = manufacturer;
export const LIST: unknown = cartExport;

/**
 * Copies a document with other values at some places.
 *
 * @param document The document.
 * @param changes Values by path, e.g. `Order/OrderProducts/OrderProduct/0/@id`; `undefined` removes
 * what stands there.
 */
export function edit(document: unknown, changes: Readonly<Record<string, unknown>>): unknown {
  let edited = document;
  for (const [path, value] of Object.entries(changes)) {
    edited = put(edited, path.split("/"), value);
  }
  return edited;
}

function put(node: unknown, [name, ...below]: readonly string[], value: unknown): unknown {
  if (name === undefined) return value;
  if (Array.isArray(node)) {
    return node.map((item, index) => String(index) === name ? put(item, below, value) : item);
  }
  const fields = typeof node === "object" && node !== null ? Object.entries(node) : [];
  const children = new Map<string, unknown>(fields);
  const child = put(children.get(name), below, value);
  if (child === undefined) children.delete(name);
  else children.set(name, child);
  return Object.fromEntries(children);
}

/** Adds fields that nobody knows to every object of a document, the next of `extras` to each. */
export function sprinkle(
  document: unknown,
  extras: readonly Readonly<Record<string, unknown>>[],
): unknown {
  let next = 0;
  function walk(node: unknown): unknown {
    if (typeof node !== "object" || node === null) return node;
    if (Array.isArray(node)) return node.map(walk);
    const fields = Object.entries(node).map(([name, child]) => [name, walk(child)]);
    const extra = Object.entries(extras[next++ % extras.length] ?? {});
    return Object.fromEntries(next % 2 === 0 ? [...extra, ...fields] : [...fields, ...extra]);
  }
  return walk(document);
}

/** A manufacturer's order of items, each with its id and what else is said of it. */
export function orderOf(
  items: readonly Readonly<Record<string, unknown>>[],
  order: Readonly<Record<string, unknown>> = {},
): unknown {
  return { Order: { OrderProducts: { OrderProduct: items }, ...order } };
}
