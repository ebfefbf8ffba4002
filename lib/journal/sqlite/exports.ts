import type { DatabaseSync } from "node:sqlite";
import type { ExportIdentity, ExportVersion, StoredExport, UncountedVersion } from "../export.ts";
import type { Counts } from "./small_tables.ts";
import { bytesColumn, integerColumn } from "../columns.ts";
import { type Row, textColumn, wholeTexts } from "./rows.ts";

/** Reads and writes exports; what writes belongs inside a transaction. */
export interface ExportTable {
  readonly identity: (endpoint: string, listKey: string) => ExportIdentity | undefined;
  /** Assigns the identity unless the list has one; returns the one it has now. */
  readonly assign: (endpoint: string, listKey: string, identity: ExportIdentity) => ExportIdentity;
  /**
   * Saves a list as the newest version. One that is the same as the newest makes no version: that
   * one is then of the delivery that brought it again, and stays as long.
   *
   * @throws {RangeError} When the token is unknown.
   */
  readonly save: (version: UncountedVersion) => void;
  readonly find: (token: string, version?: number) => StoredExport | undefined;
}

/**
 * Prepares the statements for exports.
 *
 * @param database An open database.
 * @param counts Its counts.
 * @returns The table.
 */
export function createExportTable(database: DatabaseSync, counts: Counts): ExportTable {
  const byList = database.prepare(
    `SELECT ${wholeTexts("exports", ["external_id"])}, token FROM exports
    WHERE endpoint = ? AND list_key = ?`,
  );
  const insert = database.prepare(
    "INSERT INTO exports (endpoint, list_key, external_id, token) VALUES (?, ?, ?, ?)",
  );
  const nextVersion = database.prepare(
    "UPDATE exports SET versions = versions + 1 WHERE token = ? RETURNING versions",
  );
  const keepNewest = database.prepare(`
    UPDATE export_versions SET delivery_id = ?
    WHERE token = ? AND version = (SELECT versions FROM exports WHERE token = ?) AND list = ?`);
  const insertVersion = database.prepare(`
    INSERT INTO export_versions (token, version, delivery_id, saved_at, list)
    VALUES (?, ?, ?, ?, ?)`);
  const byToken = database.prepare(
    `SELECT *, ${wholeTexts("exports", ["external_id"])} FROM exports WHERE token = ?`,
  );
  const versionsOf = database.prepare(`
    SELECT version, delivery_id, saved_at FROM export_versions
    WHERE token = ? ORDER BY version DESC`);
  const listOf = database.prepare(
    "SELECT list FROM export_versions WHERE token = ? AND version = ?",
  );

  function identity(endpoint: string, listKey: string): ExportIdentity | undefined {
    const row = byList.get(endpoint, listKey);
    return row === undefined ? undefined : decodeIdentity(row);
  }

  return {
    identity,
    assign(endpoint, listKey, wanted) {
      const assigned = identity(endpoint, listKey);
      if (assigned !== undefined) return assigned;
      insert.run(endpoint, listKey, wanted.externalId, wanted.token);
      counts.add("exports", "all", 1);
      return wanted;
    },
    save({ token, deliveryId, savedAt, list }) {
      if (keepNewest.run(deliveryId, token, token, list).changes > 0) return;
      const row = nextVersion.get(token);
      if (row === undefined) throw new RangeError("Cannot save an export: its token is unknown");
      insertVersion.run(token, integerColumn(row, "versions"), deliveryId, savedAt, list);
    },
    find(token, wanted) {
      const row = byToken.get(token);
      const versions = versionsOf.all(token).map(decodeVersion);
      const version = versions.find((each) => wanted === undefined || each.version === wanted);
      if (row === undefined || version === undefined) return undefined;
      const list = listOf.get(token, version.version);
      if (list === undefined) return undefined;
      return {
        ...decodeIdentity(row),
        ...version,
        endpoint: textColumn(row, "endpoint"),
        listKey: textColumn(row, "list_key"),
        list: bytesColumn(list, "list"),
        versions,
      };
    },
  };
}

function decodeIdentity(row: Row): ExportIdentity {
  return { externalId: textColumn(row, "external_id"), token: textColumn(row, "token") };
}

function decodeVersion(row: Row): ExportVersion {
  return {
    version: integerColumn(row, "version"),
    deliveryId: textColumn(row, "delivery_id"),
    savedAt: integerColumn(row, "saved_at"),
  };
}
