import * as z from "zod";
import { formatPath } from "../../../lib/config/file/config_path.ts";
import type { ConfigPath } from "../../../lib/config/mistake.ts";
import { configSchema } from "../../../lib/config/schema.ts";
import { describeWanted } from "../../../lib/config/messages/wanted.ts";
import { alternatives, type Schema } from "../../../lib/config/messages/zod_tree.ts";

/** The table of all keys in `docs/configuration.md`, made of the schema. */
export function referenceRows(): readonly string[] {
  return rowsBelow(configSchema, []);
}

function rowsBelow(schema: Schema, path: ConfigPath): readonly string[] {
  return [
    ...new Set(
      alternatives(schema).flatMap((plain) => {
        if (plain instanceof z.ZodArray) return rowsBelow(plain.element, [...path, "[]"]);
        if (plain instanceof z.ZodRecord) return rowsBelow(plain.valueType, [...path, "NAME"]);
        if (!(plain instanceof z.ZodObject)) return [];
        return Object.entries(plain.shape).flatMap(([key, child]) =>
          child instanceof z.ZodType
            ? [row([...path, key], child), ...rowsBelow(child, [...path, key])]
            : []
        );
      }),
    ),
  ];
}

function row(path: ConfigPath, schema: z.ZodType): string {
  const name = formatPath(path).replaceAll('["[]"]', "[]");
  const wanted = describeWanted(alternatives(schema));
  const preset = schema instanceof z.ZodDefault ? schema.parse(undefined) : undefined;
  const shown = typeof preset === "object" || preset === undefined ? "" : `\`${preset}\``;
  return `| \`${name}\` | ${wanted} | ${shown} | ${schema.meta()?.description ?? ""} |`;
}
