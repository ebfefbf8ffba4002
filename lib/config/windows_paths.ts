/** Paths of a config that Windows takes otherwise than they seem to be meant. */
import { windowsPathTrouble } from "../util/windows_names.ts";
import type { FilledIn } from "./fill_in.ts";
import { type ConfigPath, isObject, type Mistake, valueAt } from "./mistake.ts";

/**
 * Finds the paths of a config that Windows takes otherwise than they seem to be meant.
 *
 * @param filled The config, filled in.
 * @param os The system on which it is to run.
 * @returns A warning for each; none on other systems.
 */
export function findPathWarnings(
  { value }: Pick<FilledIn, "value">,
  os: typeof Deno.build.os = Deno.build.os,
): readonly Mistake[] {
  if (os !== "windows") return [];
  return pathsOf(value).flatMap((path) => {
    const found = valueAt(value, path);
    const trouble = typeof found === "string" ? windowsPathTrouble(found) : undefined;
    if (trouble === undefined) return [];
    const { message, hint } = trouble;
    return [{ path, message: `found ${JSON.stringify(found)}, ${message}`, hint }];
  });
}

/** Where a config may name a file or a folder. */
function pathsOf(value: unknown): readonly ConfigPath[] {
  const named = (section: string, setting: string) => {
    const members = valueAt(value, [section]);
    return Object.keys(isObject(members) ? members : {}).map((name) => [section, name, setting]);
  };
  return [
    ["server", "tls", "certificate"],
    ["server", "tls", "key"],
    ["journal", "path"],
    ["journal", "spool"],
    ["journal", "caFile"],
    ["log", "file"],
    ...named("tables", "file"),
    ...named("services", "caFile"),
    ...named("destinations", "caFile"),
    ...named("destinations", "path"),
  ];
}
