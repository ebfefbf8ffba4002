import * as z from "zod";
import type { EndpointKind } from "./endpoints/endpoint_kind.ts";
import { configSchema, endpointBase } from "./schema.ts";

type JsonSchema = z.core.JSONSchema.BaseSchema;

/**
 * Makes the JSON Schema with which editors complete and check a config.
 *
 * @param kinds The kinds that endpoints may have.
 * @returns The schema, draft 2020-12. It describes the file before `${…}` is filled in.
 */
export function configJsonSchema(kinds: readonly EndpointKind[]): object {
  const [first, ...others] = kinds.map(endpointSchema);
  const endpoint = first === undefined
    ? endpointBase
    : z.discriminatedUnion("kind", [first, ...others]);
  const schema = configSchema.extend({
    endpoints: z.array(endpoint).default([]).meta({
      ...configSchema.shape.endpoints.meta(),
    }),
  });
  return {
    title: "Storehook configuration",
    ...z.toJSONSchema(schema, {
      target: "draft-2020-12",
      io: "input",
      unrepresentable: "any",
      override: ({ jsonSchema }) => allowReference(jsonSchema),
    }),
  };
}

function endpointSchema({ kind, summary, settings }: EndpointKind) {
  return z.strictObject({
    ...endpointBase.shape,
    kind: z.literal(kind).meta({ description: `What answers there: ${summary}.` }),
    ...settings.shape,
  }).meta({ title: kind, description: summary });
}

/** Text in which something is filled in. */
const REFERENCE = { type: "string", pattern: "\\$\\{[^}]*\\}" } as const;

/** Keywords that judge a value; the others describe it and stay where they are. */
const JUDGING = [
  "type",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "minLength",
  "maxLength",
  "pattern",
  "format",
  "enum",
  "const",
  "allOf",
] as const satisfies readonly (keyof JsonSchema)[];

/** What `${…}` gives is not known yet, so that it may stand wherever a single value is judged. */
function allowReference(schema: JsonSchema): void {
  const judging = JUDGING.filter((key) => schema[key] !== undefined);
  const isText = schema.type === "string";
  const isScalar = isText || schema.type === "number" || schema.type === "integer" ||
    schema.type === "boolean";
  // A constant text tells the branches of a union apart, and plain text takes everything.
  if (!isScalar || (isText && (judging.length === 1 || schema.const !== undefined))) return;
  const judged: JsonSchema = {};
  for (const key of judging) {
    Object.assign(judged, { [key]: schema[key] });
    delete schema[key];
  }
  schema.anyOf = [judged, { ...REFERENCE }];
}
