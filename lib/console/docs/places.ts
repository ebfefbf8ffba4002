/** Where the documentation tells of an error, a setting or a field. */

/**
 * Finds the place of a setting.
 *
 * @param path The setting, as messages name it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   placeOfSetting("endpoints[0].rules[1].when"),
 *   "/docs/configuration#endpoints[].rules[].when",
 * );
 * ```
 */
export function placeOfSetting(path: string): string {
  return `/docs/configuration#${
    encodeURI(path.replaceAll(/\[\d+\]/g, "[]")).replaceAll("%5B%5D", "[]")
  }`;
}

/** Where parts of an order are told of under a name of their own. */
const ELEMENTS: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/^.*\.(?:billTo|shipTo)\./, "address."],
  [/^order\.items\[\d+\]\./, "item."],
  [/^order\.deliveries\[\d+\]\./, "delivery."],
  [/^list\.items\[\d+\]\./, "item."],
];

/**
 * Finds the place of a field that rules read.
 *
 * @param path The field, as rules name it, with the places of list elements.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(placeOfField("order.total"), "/docs/rules#order.total");
 * assertEquals(placeOfField("order.items[2].quantity"), "/docs/rules#item.quantity");
 * assertEquals(placeOfField("order.items[2].shipTo.zip"), "/docs/rules#address.zip");
 * assertEquals(placeOfField("item.properties['Size']"), "/docs/rules#item.properties");
 * ```
 */
export function placeOfField(path: string): string {
  const found = ELEMENTS.find(([pattern]) => pattern.test(path));
  const whole = found === undefined ? path : path.replace(found[0], found[1]);
  // What is within a list or under a name of the document is told of with the field that holds it.
  const [name = whole] = whole.split("[", 1);
  return `/docs/rules#${encodeURIComponent(name)}`;
}
