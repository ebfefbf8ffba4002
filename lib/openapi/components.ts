import * as z from "zod";

/** A part of the document. */
export type Part = Readonly<Record<string, unknown>>;

/** The schemas that the document names, while it is put together. */
export interface Components {
  /**
   * Adds a schema, and those within it that have an id of their own.
   *
   * @param name What it is called, unless it has an id.
   * @param schema The schema.
   * @returns The reference to it.
   */
  refer(name: string, schema: z.ZodType): Part;
  /** All that were added, by name. */
  schemas(): Part;
}

/**
 * Starts a collection of schemas.
 *
 * @returns The collection, empty.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import * as z from "zod";
 *
 * const components = createComponents();
 * assertEquals(components.refer("Name", z.string()), { $ref: "#/components/schemas/Name" });
 * assertEquals(components.schemas(), { Name: { type: "string" } });
 * ```
 */
export function createComponents(): Components {
  const added = new Map<string, unknown>();
  return {
    refer(name, schema) {
      const id = schema.meta()?.id ?? name;
      const options = { target: "draft-2020-12", io: "input", unrepresentable: "any" } as const;
      const { $defs = {}, ...written } = z.toJSONSchema(schema, options);
      for (const [key, part] of Object.entries({ [id]: written, ...$defs })) {
        added.set(key, inDocument(part));
      }
      return { $ref: `#/components/schemas/${id}` };
    },
    schemas: () => Object.fromEntries([...added].toSorted(([a], [b]) => a < b ? -1 : 1)),
  };
}

/** What zod writes at the top of a schema; `id` is no keyword any more. */
const OF_A_FILE: ReadonlySet<string> = new Set(["$schema", "id"]);

/** A schema as part of a document, which has one place for schemas. */
function inDocument(schema: object): object {
  const entries = Object.entries(schema).filter(([key]) => !OF_A_FILE.has(key));
  return Object.fromEntries(entries.map(([key, value]) => [key, withReferences(value)]));
}

/** References to schemas beside it lead to the document's place for them. */
function withReferences(value: unknown): unknown {
  if (typeof value === "string") return value.replace(/^#\/\$defs\//, "#/components/schemas/");
  if (Array.isArray(value)) return value.map(withReferences);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, withReferences(part)]),
  );
}
