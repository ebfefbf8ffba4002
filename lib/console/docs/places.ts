/** Where the documentation tells of an error, a setting or a field. */

import { PROBLEM_STATUSES } from "../../http/problem/problem.ts";
import { CONSOLE_ERRORS } from "../errors.ts";

/**
 * Finds the place of an error.
 *
 * @param code Its code.
 * @returns Its place; `undefined` where the pages know no such error.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(placeOfError("not_json"), "/docs/errors#not_json");
 * assertEquals(placeOfError("role_too_low"), "/docs/console#role_too_low");
 * assertEquals(placeOfError("of_another_version"), undefined);
 * ```
 */
export function placeOfError(code: string): string | undefined {
  if (Object.hasOwn(CONSOLE_ERRORS, code)) return `/docs/console#${code}`;
  return Object.hasOwn(PROBLEM_STATUSES, code) ? `/docs/errors#${code}` : undefined;
}

/**
 * Writes the address that leads to where a setting is told of.
 *
 * @param path The setting, as messages name it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   placeOfSetting("endpoints[0].path"),
 *   "/docs/configuration?setting=endpoints%5B0%5D.path",
 * );
 * ```
 */
export function placeOfSetting(path: string): string {
  return `/docs/configuration?setting=${encodeURIComponent(path)}`;
}

/**
 * Finds the place of a setting among those of a page: its own, or that of the nearest setting around
 * it.
 *
 * @param path The setting, as messages name it.
 * @param places All places of the page. What has names of its own stands there with `NAME`.
 * @returns The place; `""` where none is near.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const places = new Set(["destinations.NAME.url", "endpoints[].keys", "define"]);
 * assertEquals(nearestSetting("destinations.erp.url", places), "destinations.NAME.url");
 * assertEquals(nearestSetting("endpoints[3].keys[0]", places), "endpoints[].keys");
 * assertEquals(nearestSetting("define.isVip", places), "define");
 * assertEquals(nearestSetting("servr.port", places), "");
 * ```
 */
export function nearestSetting(path: string, places: ReadonlySet<string>): string {
  const parts = path.replaceAll(/\[\d+\]/g, "[]").replaceAll(/\["(?:[^"\\]|\\.)*"\]/g, ".NAME")
    .split(".");
  for (let length = parts.length; length > 0; length--) {
    const [first = "", , ...rest] = parts.slice(0, length);
    const whole = parts.slice(0, length).join(".");
    const named = [first, "NAME", ...rest].join(".");
    const found = [whole, named].flatMap((one) => [one, one.replace(/(?:\[\])+$/, "")])
      .find((one) => places.has(one) && (one !== named || length > 1));
    if (found !== undefined) return found;
  }
  return "";
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
