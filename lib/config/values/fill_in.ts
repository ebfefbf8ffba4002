import { formatPath, isObject, withValueAt } from "../file/config_path.ts";
import type { Override } from "./environment.ts";
import { interpolate, type Lookup } from "./interpolate.ts";
import type { ConfigPath, Mistake } from "../mistake.ts";
import type { Origins } from "./secrets.ts";

/** A config with everything from outside the file in it. */
export interface FilledIn {
  readonly value: unknown;
  readonly origins: Origins;
  /** What could not be filled in. */
  readonly mistakes: readonly Mistake[];
}

/** Takes the place of what could not be filled in, so that the rest can be judged all the same. */
const STAND_IN = "1";

/**
 * Puts flags and the environment over the file's settings and fills in every `${…}`.
 *
 * @param value The config as its file says it.
 * @param overrides Flags and environment, the stronger ones last. They are taken as they are.
 * @param lookup Where the values of `${…}` come from.
 * @returns The config, and where each value from outside came from.
 */
export async function fillIn(
  value: unknown,
  overrides: readonly Override[],
  lookup: Lookup,
): Promise<FilledIn> {
  const origins = new Map(overrides.map(({ path, from }) => [formatPath(path), from]));
  const mistakes: Mistake[] = [];

  async function visit(here: unknown, path: ConfigPath): Promise<unknown> {
    if (Array.isArray(here)) {
      return await Promise.all(here.map((item, index) => visit(item, [...path, index])));
    }
    if (isObject(here)) {
      const entries = Object.entries(here).map(async ([key, item]) =>
        [key, await visit(item, [...path, key])] as const
      );
      return Object.fromEntries(await Promise.all(entries));
    }
    return typeof here === "string" ? await visitText(here, path) : here;
  }

  async function visitText(text: string, path: ConfigPath): Promise<string> {
    if (origins.has(formatPath(path))) return text;
    const filled = await interpolate(text, lookup);
    if (filled.from.length > 0) origins.set(formatPath(path), filled.from.join(" and "));
    mistakes.push(...filled.problems.map((problem) => ({ path, ...problem })));
    return filled.problems.length > 0 ? STAND_IN : filled.text;
  }

  const overridden = overrides.reduce<unknown>(
    (whole, { path, value }) => withValueAt(whole, path, value),
    value,
  );
  return { value: await visit(overridden, []), origins, mistakes };
}
