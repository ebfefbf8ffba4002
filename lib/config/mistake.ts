/** What is wrong in a config and where: paths of settings, places in the file, and how both are shown. */
import { bold, cyan, red, yellow } from "@std/fmt/colors";

/** Where something stands in a config: keys and positions, from the root. */
export type ConfigPath = readonly (string | number)[];

/** One thing that is wrong in a config. */
export interface Mistake {
  readonly path: ConfigPath;
  /** What was found and what is wanted, in one sentence without a final period. */
  readonly message: string;
  /** How to fix it, e.g. the nearest valid name. */
  readonly hint?: string;
}

/** A line and a column, both from 1, as an editor counts them. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/** A mistake with its place in the file; without one when the file could not be read. */
export interface LocatedMistake extends Mistake {
  readonly position?: TextPosition;
  /** The file in which it stands, as people name it; the config's own unless given. */
  readonly file?: string;
}

/**
 * Sorts mistakes in the order in which a reader of the file meets them.
 *
 * @param mistakes The mistakes, in any order.
 * @returns Those of the config before those of other files, those without a place first, then from
 * top to bottom; equal ones keep their order.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { inFileOrder } from "./mistake.ts";
 *
 * const late = { path: [], message: "late", position: { line: 9, column: 1 } };
 * const early = { path: [], message: "early", position: { line: 2, column: 5 } };
 * assertEquals(inFileOrder([late, early]), [early, late]);
 * ```
 */
export function inFileOrder(mistakes: readonly LocatedMistake[]): readonly LocatedMistake[] {
  return mistakes.toSorted((a, b) =>
    compareNames(a.file ?? "", b.file ?? "") ||
    (a.position?.line ?? 0) - (b.position?.line ?? 0) ||
    (a.position?.column ?? 0) - (b.position?.column ?? 0)
  );
}

/**
 * Gives mistakes their place in the text of the config.
 *
 * @param mistakes The mistakes.
 * @param source Finds a place.
 */
export function locateMistakes(
  mistakes: readonly Mistake[],
  source: { position(path: ConfigPath): TextPosition },
): readonly LocatedMistake[] {
  return mistakes.map((mistake) => ({ ...mistake, position: source.position(mistake.path) }));
}

/**
 * Leaves out what was said of the same place before.
 *
 * @param mistakes The mistakes.
 */
export function eachMistakeOnce(mistakes: readonly Mistake[]): readonly Mistake[] {
  const byPlace = new Map<string, Mistake>();
  for (const mistake of mistakes) {
    const place = `${formatPath(mistake.path)}\0${mistake.message}`;
    if (!byPlace.has(place)) byPlace.set(place, mistake);
  }
  return [...byPlace.values()];
}

function compareNames(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** How a list of mistakes is shown. */
export interface ReportOptions {
  /** The config file, as the reader names it. */
  readonly file: string;
  readonly colour: boolean;
  /** What they are: mistakes stop the server, warnings don't, and notes say what is meant. */
  readonly as?: "mistake" | "warning" | "note";
}

/**
 * Shows mistakes as readable blocks, with their number.
 *
 * @param mistakes What was found.
 * @param options How to show it.
 * @returns The text with a line break at its end; empty text when there are none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { reportMistakes } from "./mistake.ts";
 *
 * const position = { line: 2, column: 15 };
 * const mistake = { path: ["server", "port"], message: "found text, wanted a number", position };
 * assertEquals(
 *   reportMistakes([mistake], { file: "config.json", colour: false }),
 *   "config.json:2:15  server.port\n  found text, wanted a number\n\n1 mistake in config.json\n",
 * );
 * ```
 */
export function reportMistakes(
  mistakes: readonly LocatedMistake[],
  options: ReportOptions,
): string {
  if (mistakes.length === 0) return "";
  const { file, colour, as = "mistake" } = options;
  const tint = { mistake: red, warning: yellow, note: cyan }[as];
  const paint = (style: (text: string) => string, text: string) => colour ? style(text) : text;
  const blocks = mistakes.map(({ path, position, message, hint, file: own = file }) => {
    const place = position === undefined ? "" : `:${position.line}:${position.column}`;
    const name = path.length === 0 ? "" : `  ${paint(bold, formatPath(path))}`;
    const lines = [`${showUnseen(own)}${place}${name}`, `  ${showUnseen(message)}`];
    return [...lines, ...(hint === undefined ? [] : [`  ${showUnseen(hint)}`])].join("\n");
  });
  const files = [...new Set(mistakes.map(({ file: own = file }) => showUnseen(own)))];
  const where = files.length > 3 ? `${files.length} files` : files.join(", ");
  const count = `${mistakes.length} ${as}${mistakes.length === 1 ? "" : "s"} in ${where}`;
  return `${[...blocks, paint(tint, count)].join("\n\n")}\n`;
}

/** A name from the config may hold what turns the direction of writing or controls a terminal. */
function showUnseen(text: string): string {
  return text.replace(
    /(?!\n)[\p{Cc}\p{Bidi_Control}]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/**
 * Writes a path the way a person would say it.
 *
 * @param path Keys and positions, from the root.
 * @returns The path as text; the root is empty text.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { formatPath } from "./mistake.ts";
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
 * import { isWithin } from "./mistake.ts";
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
 * import { isObject } from "./mistake.ts";
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
 * import { valueAt } from "./mistake.ts";
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
 * Reads the number at a path of a config that may have mistakes. What comes from the environment is
 * text still.
 *
 * @param value The root.
 * @param path Where to look.
 * @param otherwise What it is where nothing stands.
 * @returns The number; `NaN` where something else stands.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const value = { server: { port: "80" }, admin: { port: {} } };
 * assertEquals(numberAt(value, ["server", "port"], 8080), 80);
 * assertEquals(numberAt(value, ["admin", "port"], 8081), NaN);
 * assertEquals(numberAt(value, ["proxy", "port"], 8082), 8082);
 * ```
 */
export function numberAt(value: unknown, path: ConfigPath, otherwise: number): number {
  const found = valueAt(value, path) ?? otherwise;
  return typeof found === "string" || typeof found === "number" ? Number(found) : NaN;
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
 * import { withValueAt } from "./mistake.ts";
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
