import * as z from "zod";
import { isJsonNumber, type JsonNumber } from "../exact_json.ts";

/** What the page of an exported list shows. Stored as JSON with each version of the export. */
export const exportedListSchema = z.object({
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
});

/** See {@linkcode exportedListSchema}. */
export type ExportedList = z.infer<typeof exportedListSchema>;
