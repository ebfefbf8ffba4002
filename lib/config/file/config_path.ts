import type { ConfigPath } from "../mistake.ts";

/**
 * Writes a path the way a person would say it.
 *
 * @param path Keys and positions, from the root.
 * @returns The path as text; the root is empty text.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { formatPath } from "./config_path.ts";
 *
 * assertEquals(formatPath(["endpoints", 0, "rules", 1, "when"]), "endpoints[0].rules[1].when");
 * assertEquals(formatPath(["manufacturers", "New York"]), 'manufacturers["New York"]');
 * ```
 */
export function formatPath(path: ConfigPath): string {
  return path.map((segment, index) => {
    if (typeof segment === "number") return `[${segment}]`;
    if (!/^[A-Za-z_$][\w$-]*$/.test(segment)) return `[${JSON.stringify(segment)}]`;
    return index === 0 ? segment : `.${segment}`;
  }).join("");
}

/**
 * Tells whether a path is another one or lies below it.
 *
 * @param path The path to judge.
 * @param ancestor The other one.
 * @returns `true` when `path` starts with all of `ancestor`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { isWithin } from "./config_path.ts";
 *
 * assertEquals(isWithin(["server", "port"], ["server"]), true);
 * assertEquals(isWithin(["server"], ["server", "port"]), false);
 * ```
 */
export function isWithin(path: ConfigPath, ancestor: ConfigPath): boolean {
  return ancestor.every((segment, index) => path[index] === segment);
}

/**
 * Tells whether a value is a JSON object: neither a list nor `null`.
 *
 * @param value Any value.
 * @returns Whether it has keys.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { isObject } from "./config_path.ts";
 *
 * assertEquals([isObject({}), isObject([]), isObject(null)], [true, false, false]);
 * ```
 */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Reads what stands below a value.
 *
 * @param value The root.
 * @param path Where to look.
 * @returns What stands there, `undefined` when nothing does.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { valueAt } from "./config_path.ts";
 *
 * assertEquals(valueAt({ server: { port: 8080 } }, ["server", "port"]), 8080);
 * assertEquals(valueAt({ server: [] }, ["server", "port"]), undefined);
 * ```
 */
export function valueAt(value: unknown, path: ConfigPath): unknown {
  let here = value;
  for (const segment of path) {
    if (Array.isArray(here) && typeof segment === "number") here = here[segment];
    else if (isObject(here) && Object.hasOwn(here, segment)) here = here[segment];
    else return undefined;
  }
  return here;
}

/**
 * Copies a value with one place changed; objects that are missing on the way are made.
 *
 * @param value The root, left as it is.
 * @param path Where to set.
 * @param leaf What to set.
 * @returns The copy; the root itself when something on the way can't hold the path.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { withValueAt } from "./config_path.ts";
 *
 * assertEquals(withValueAt({}, ["server", "port"], 1), { server: { port: 1 } });
 * assertEquals(withValueAt({ server: "x" }, ["server", "port"], 1), { server: "x" });
 * ```
 */
export function withValueAt(value: unknown, path: ConfigPath, leaf: unknown): unknown {
  const [segment, ...rest] = path;
  if (segment === undefined) return leaf;
  if (Array.isArray(value) && typeof segment === "number") {
    return value.map((item, index) => index === segment ? withValueAt(item, rest, leaf) : item);
  }
  const object = value === undefined ? {} : value;
  if (!isObject(object)) return value;
  const below = Object.hasOwn(object, segment) ? object[segment] : undefined;
  return { ...object, [segment]: withValueAt(below, rest, leaf) };
}
