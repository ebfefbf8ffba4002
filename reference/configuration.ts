/** Writes what `docs/configuration.md` says of every key. */
import * as z from "zod";
import type { EndpointKind } from "../lib/config/endpoints/endpoint_kind.ts";
import { describeWanted } from "../lib/config/messages/phrases.ts";
import { alternatives, type Schema } from "../lib/config/messages/schema_tree.ts";
import { type ConfigPath, formatPath } from "../lib/config/mistake.ts";
import { configSchema } from "../lib/config/schema.ts";
import { markdownTable, type Row } from "./markdown.ts";

/** An outcome is described once, where a rule gives it; `otherwise` takes the same ones. */
const REPEATED = /^endpoints\[\]\.otherwise$/;

/**
 * Writes a section for each part of the config, and one for each kind of endpoint.
 *
 * @param kinds The kinds that endpoints may have.
 * @returns Markdown, as `deno fmt` leaves it.
 */
export function configurationReference(kinds: readonly EndpointKind[]): string {
  const sections = Object.entries(configSchema.shape).map(([key, schema]) =>
    [
      `### \`${key}\``,
      schema.meta()?.description ?? "",
      keyTable(schema, [key]),
      ...(key === "endpoints" ? kinds.map(kindReference) : []),
    ].filter((part) => part !== "").join("\n\n")
  );
  return sections.join("\n\n");
}

function kindReference({ kind, summary, settings }: EndpointKind): string {
  const table = keyTable(settings, ["endpoints", "[]"], (path) => REPEATED.test(path));
  return `#### \`${kind}\`: ${summary}\n\n${table}`;
}

/** In the column of defaults stands also that there is none. */
const HEAD = ["key", "wanted", "default", "what it is"];

/** What gives no table of its own, since it stands in one that the same page shows. */
export type Skip = (path: string) => boolean;

/**
 * Writes the table of all keys below a place in the config.
 *
 * @param schema What stands there.
 * @param path The place, e.g. `["server"]`.
 * @param skip Below which keys nothing is listed, by their names as the table has them.
 * @returns Markdown, as `deno fmt` leaves it; `""` when there are no keys.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import * as z from "zod";
 *
 * const schema = z.strictObject({ port: z.int().default(80).meta({ description: "The port." }) });
 * assertEquals(
 *   keyTable(schema, ["server"]).split("\n").at(-1),
 *   "| `server.port` | a whole number | `80`    | The port.  |",
 * );
 * ```
 */
export function keyTable(schema: Schema, path: ConfigPath, skip: Skip = () => false): string {
  const rows = new Map(rowsBelow(schema, path, skip).map((row) => [row.join("|"), row]));
  return rows.size === 0 ? "" : markdownTable(HEAD, [...rows.values()]);
}

function rowsBelow(schema: Schema, path: ConfigPath, skip: Skip): readonly Row[] {
  if (skip(nameOf(path))) return [];
  return alternatives(schema).flatMap((plain) => {
    if (plain instanceof z.ZodArray) return rowsBelow(plain.element, [...path, "[]"], skip);
    if (plain instanceof z.ZodRecord) return rowsBelow(plain.valueType, [...path, "NAME"], skip);
    if (!(plain instanceof z.ZodObject)) return [];
    return Object.entries(plain.shape).flatMap(([key, child]) =>
      child instanceof z.ZodType
        ? [rowOf([...path, key], child), ...rowsBelow(child, [...path, key], skip)]
        : []
    );
  });
}

function rowOf(path: ConfigPath, schema: z.ZodType): Row {
  const wanted = describeWanted(alternatives(schema));
  return [codeOf(nameOf(path)), wanted, presetOf(schema), descriptionOf(schema)];
}

function presetOf(schema: z.ZodType): string {
  const preset = schema.safeParse(undefined);
  if (!preset.success) return "_needed_";
  const { data } = preset;
  return typeof data === "object" || data === undefined ? "" : codeOf(String(data));
}

/** Its own, else that of what may be left out or is one of several. */
function descriptionOf(schema: z.ZodType): string {
  const inner = alternatives(schema).filter((plain) => plain instanceof z.ZodType);
  const said = [schema, ...inner].map((one) => one.meta()?.description);
  return said.find((description) => description !== undefined) ?? "";
}

function codeOf(text: string): string {
  return text === "" ? '`""`' : `\`${text}\``;
}

function nameOf(path: ConfigPath): string {
  return formatPath(path).replaceAll('["[]"]', "[]");
}
