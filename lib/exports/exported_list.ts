import * as z from "zod";
import type { ExportVersion, StoredExport } from "../journal/export.ts";
import { lazy } from "../util/memory.ts";
import { isJsonNumber, type JsonNumber, parseExactJson } from "../util/json_text.ts";

/** What the page of an exported list shows. Stored as JSON with each version of the export. */
export const exportedListSchema = lazy(() =>
  z.object({
    /** The store's name. */
    store: z.string(),
    /** The id by which the store knows the list. */
    listId: z.string(),
    externalId: z.string(),
    /** When the list was changed, as the store says it; `""` when it does not. */
    modified: z.string(),
    items: z.array(z.object({
      id: z.string(),
      product: z.string(),
      catalogNumber: z.string(),
      /** The shopper's own name for it. */
      nickname: z.string(),
      /** With the text that the store sent; `null` when that is no number. */
      quantity: z.custom<JsonNumber>(isJsonNumber).meta({ type: "number" }).nullable(),
      notes: z.array(z.object({
        level: z.enum(["note", "warning", "error"]),
        text: z.string(),
      })),
    })),
  })
);

/** See {@linkcode exportedListSchema}. */
export type ExportedList = z.infer<ReturnType<typeof exportedListSchema>>;

/** One version of an exported list, ready to be shown. */
export interface ShownExport {
  readonly token: string;
  readonly version: number;
  /** In milliseconds since the epoch. */
  readonly savedAt: number;
  readonly list: ExportedList;
  /** Every version that is kept, newest first. */
  readonly versions: readonly Pick<ExportVersion, "version" | "savedAt">[];
}

/**
 * Reads an export as it was stored.
 *
 * @param stored What the journal found.
 * @returns The export with its list.
 * @throws {SyntaxError} When the stored bytes are not JSON.
 * @throws {TypeError} When they are not an exported list.
 */
export function readExport(stored: StoredExport): ShownExport {
  const { token, version, savedAt, versions } = stored;
  const parsed = exportedListSchema().safeParse(
    parseExactJson(new TextDecoder().decode(stored.list)),
  );
  // The text of the schema's error may hold what the list holds, so it stays here.
  if (!parsed.success) {
    throw new TypeError("Cannot show an export: the stored list has no such shape");
  }
  return { token, version, savedAt, list: parsed.data, versions };
}
