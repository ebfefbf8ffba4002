/** Writes what `docs/configuration.md` says of every key. */
import type { EndpointKind } from "../lib/config/endpoints/endpoint_kind.ts";
import { configSchema } from "../lib/config/schema.ts";
import { keyTable } from "./key_table.ts";

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
