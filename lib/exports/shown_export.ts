import type { ExportVersion, StoredExport } from "../journal/export.ts";
import { parseExactJson } from "../exact_json.ts";
import { type ExportedList, exportedListSchema } from "./exported_list.ts";

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
  const parsed = exportedListSchema.safeParse(
    parseExactJson(new TextDecoder().decode(stored.list)),
  );
  // The text of the schema's error may hold what the list holds, so it stays here.
  if (!parsed.success) {
    throw new TypeError("Cannot show an export: the stored list has no such shape");
  }
  return { token, version, savedAt, list: parsed.data, versions };
}
