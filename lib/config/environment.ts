import { nearest } from "../util/words.ts";
import { type ConfigPath, formatPath, isObject, type Mistake, valueAt } from "./mistake.ts";
import type { EndpointKind } from "./endpoints/endpoint_kind.ts";
import { configSchema } from "./schema.ts";
import {
  alternatives,
  below,
  isContainer,
  keysOfSchemas,
  type Schema,
} from "./messages/schema_tree.ts";

/** A setting that does not come from the file. */
export interface Override {
  readonly path: ConfigPath;
  readonly value: string | number;
  /** Where it comes from, e.g. `STOREHOOK_SERVER_PORT` or `--port`. */
  readonly from: string;
}

/** What the environment says. */
export interface FromEnvironment {
  readonly overrides: readonly Override[];
  /** Names that stand for several settings. */
  readonly mistakes: readonly Mistake[];
  /** Names that stand for none. */
  readonly warnings: readonly Mistake[];
}

/** The environment of the process, as far as the config needs it. */
export interface Environment {
  /** One variable, `undefined` when unset. */
  get(name: string): string | undefined;
  /** The names of all that are set, to find misspelt ones. */
  readonly names: readonly string[];
}

/** The variable that names the config file; it is no setting of the file. */
export const CONFIG_VARIABLE = "STOREHOOK_CONFIG";

const PREFIX = "STOREHOOK_";

/**
 * Names the environment variable of a setting.
 *
 * @param path Where the setting stands.
 * @returns The name, in capitals.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(variableOf(["server", "publicUrl"]), "STOREHOOK_SERVER_PUBLIC_URL");
 * assertEquals(variableOf(["endpoints", 0, "path"]), "STOREHOOK_ENDPOINTS_0_PATH");
 * ```
 */
export function variableOf(path: ConfigPath): string {
  const words = path.map((segment) =>
    String(segment).replace(/([a-z0-9])([A-Z])/g, "$1_$2").replace(/[^A-Za-z0-9]+/g, "_")
  );
  return (PREFIX + words.join("_")).toUpperCase();
}

/**
 * Finds the settings that the environment gives. An empty variable is as one that is not set.
 *
 * @param environment The variables.
 * @param value The config as its file says it: its lists and records tell how many settings exist.
 * @param kinds The kinds of endpoints, whose settings have names too.
 * @returns The settings, and what is wrong with the names.
 */
export function readEnvironment(
  environment: Environment,
  value: unknown,
  kinds: readonly EndpointKind[],
): FromEnvironment {
  const settings = Map.groupBy(scalarPaths(value, kinds), variableOf);
  const isSet = (name: string) => (environment.get(name) ?? "") !== "";
  const given = [...settings].filter(([name]) => isSet(name));
  return {
    overrides: given.flatMap(([from, paths]) =>
      paths.slice(0, 1).map((path) => ({ path, value: environment.get(from) ?? "", from }))
    ),
    mistakes: given.flatMap(([name, [first, second]]) => {
      if (first === undefined || second === undefined) return [];
      const both = `${formatPath(first)} and ${formatPath(second)}`;
      return [{
        path: second,
        message: `found ${name} in the environment, which names both ${both}`,
      }];
    }),
    warnings: environment.names
      .filter((name) => name.startsWith(PREFIX) && name !== CONFIG_VARIABLE && !settings.has(name))
      .toSorted()
      .map((name) => unknownName(name, [...settings.keys(), CONFIG_VARIABLE])),
  };
}

function unknownName(name: string, known: readonly string[]): Mistake {
  const near = meantBy(name, known);
  return {
    path: [],
    message: `found ${name} in the environment, wanted the name of a setting`,
    ...(near.length > 0 && { hint: `Did you mean ${near.join(" or ")}?` }),
  };
}

const MOST_OFFERED = 2;

/** `STOREHOOK_PORT` leaves the section out: there are several that have such a setting. */
function meantBy(name: string, known: readonly string[]): readonly string[] {
  const rest = name.slice(PREFIX.length);
  const withEnd = known.filter((one) => one.endsWith(`_${rest}`));
  // `STOREHOOK_HOST` for the setting `hostname`.
  const withBeginning = known.filter((one) =>
    one.replace(/^STOREHOOK_[A-Z]+_/, "").startsWith(rest)
  );
  const inSection = withEnd.length > 0 ? withEnd : withBeginning;
  if (rest !== "" && inSection.length > 0) return inSection.slice(0, MOST_OFFERED);
  const near = nearest(name, known);
  return near === undefined ? [] : [near];
}

/** Every setting that is one value: those the schemas know, and those that the file holds. */
function scalarPaths(value: unknown, kinds: readonly EndpointKind[]): readonly ConfigPath[] {
  const endpoints = valueAt(value, ["endpoints"]);
  const settings = (Array.isArray(endpoints) ? endpoints : []).flatMap((endpoint, index) => {
    const kind = kinds.find((one) => one.kind === valueAt(endpoint, ["kind"]));
    return kind === undefined ? [] : known([kind.settings], endpoint, ["endpoints", index]);
  });
  const all = [...known([configSchema], value, []), ...settings, ...held(value, [])];
  const byText = new Map(all.map((path) => [formatPath(path), path]));
  byText.delete("$schema");
  return [...byText.values()];
}

/** Deep enough for every setting; a schema that holds itself would have no end. */
const DEEPEST = 8;

function known(
  schemas: readonly Schema[],
  value: unknown,
  path: ConfigPath,
): readonly ConfigPath[] {
  const plain = schemas.flatMap(alternatives);
  const isScalar = value === undefined || typeof value !== "object";
  const here = isScalar && plain.some((schema) => !isContainer(schema)) ? [path] : [];
  if (path.length > DEEPEST) return here;
  const children = Array.isArray(value)
    ? value.map((item, index): [number, unknown] => [index, item])
    : [...new Set([...keysOfSchemas(plain), ...(isObject(value) ? Object.keys(value) : [])])]
      .map((key): [string, unknown] => [key, valueAt(value, [key])]);
  return [
    ...here,
    ...children.flatMap(([segment, child]) =>
      known(below(plain, segment), child, [...path, segment])
    ),
  ];
}

function held(value: unknown, path: ConfigPath): readonly ConfigPath[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => held(item, [...path, index]));
  if (!isObject(value)) return value === undefined || path.length === 0 ? [] : [path];
  return Object.entries(value).flatMap(([key, item]) => held(item, [...path, key]));
}
