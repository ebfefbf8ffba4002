import type { ExportIdentity, ExportVersion, StoredExport, UncountedVersion } from "../export.ts";
import type { Query } from "./connection.ts";
import type { Counting } from "./counters.ts";
import { ROW_BYTES } from "./deliveries_writer.ts";
import { digestOf } from "./events.ts";
import { bytesColumn, integerColumn } from "../columns.ts";
import { type PostgresRow, storedText, textOf } from "./rows.ts";

/** Finds the identity of a list's export. */
export async function findIdentity(
  query: Query,
  endpoint: string,
  listKey: string,
): Promise<ExportIdentity | undefined> {
  const [row] = await query(
    "SELECT external_id, token FROM exports WHERE endpoint = $1 AND list_digest = $2",
    [storedText(endpoint), digestOf(listKey)],
  );
  return row === undefined ? undefined : decodeIdentity(row);
}

/**
 * Assigns the identity of a list's export unless it has one; of several instances that do so at the
 * same time, one does.
 *
 * @returns The identity that it has now.
 */
export async function assignIdentity(
  query: Query,
  counting: Counting,
  endpoint: string,
  listKey: string,
  wanted: ExportIdentity,
): Promise<ExportIdentity> {
  const [assigned] = await query(
    `INSERT INTO exports (token, endpoint, list_key, list_digest, external_id)
     VALUES ($1, $2, $3, $4, $5) ON CONFLICT (endpoint, list_digest) DO NOTHING RETURNING token`,
    [
      wanted.token,
      storedText(endpoint),
      storedText(listKey),
      digestOf(listKey),
      storedText(wanted.externalId),
    ],
  );
  if (assigned === undefined) return await findIdentity(query, endpoint, listKey) ?? wanted;
  counting.add("exports", "all", 1);
  return wanted;
}

/**
 * Saves a list as the newest version of its export. One that is the same as the newest makes none:
 * that is then of the delivery that brought it again.
 *
 * @throws {RangeError} When the token is unknown.
 */
export async function saveVersion(
  query: Query,
  counting: Counting,
  { token, deliveryId, savedAt, list }: UncountedVersion,
): Promise<void> {
  // Who saves the same export waits here.
  const [row] = await query("SELECT versions FROM exports WHERE token = $1 FOR UPDATE", [token]);
  if (row === undefined) throw new RangeError("Cannot save an export: its token is unknown");
  const kept = await query(
    `UPDATE export_versions SET delivery_id = $2
     WHERE token = $1 AND version = $3 AND list = $4 RETURNING version`,
    [token, storedText(deliveryId), integerColumn(row, "versions"), list],
  );
  if (kept.length > 0) return;
  const version = integerColumn(row, "versions") + 1;
  await query("UPDATE exports SET versions = $2 WHERE token = $1", [token, version]);
  await query(
    `INSERT INTO export_versions (token, version, delivery_id, saved_at, list)
     VALUES ($1, $2, $3, $4, $5)`,
    [token, version, storedText(deliveryId), savedAt, list],
  );
  counting.add("bytes", "all", ROW_BYTES + list.byteLength);
}

/** Finds a version of an export by the token of its page; the newest unless one is named. */
export async function findExportOf(
  query: Query,
  token: string,
  wanted?: number,
): Promise<StoredExport | undefined> {
  const stored = storedText(token);
  const [row] = await query(
    "SELECT endpoint, list_key, external_id, token FROM exports WHERE token = $1",
    [stored],
  );
  if (row === undefined) return undefined;
  const rows = await query(
    `SELECT version, delivery_id, saved_at FROM export_versions WHERE token = $1
     ORDER BY version DESC`,
    [stored],
  );
  const versions = rows.map(decodeVersion);
  const version = versions.find((each) => wanted === undefined || each.version === wanted);
  if (version === undefined) return undefined;
  const [kept] = await query(
    "SELECT list FROM export_versions WHERE token = $1 AND version = $2",
    [stored, version.version],
  );
  if (kept === undefined) return undefined;
  return {
    ...decodeIdentity(row),
    ...version,
    endpoint: textOf(row, "endpoint"),
    listKey: textOf(row, "list_key"),
    list: bytesColumn(kept, "list"),
    versions,
  };
}

function decodeIdentity(row: PostgresRow): ExportIdentity {
  return { externalId: textOf(row, "external_id"), token: textOf(row, "token") };
}

function decodeVersion(row: PostgresRow): ExportVersion {
  return {
    version: integerColumn(row, "version"),
    deliveryId: textOf(row, "delivery_id"),
    savedAt: integerColumn(row, "saved_at"),
  };
}
