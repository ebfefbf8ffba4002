import type { CopiedExport } from "../copy.ts";
import type { Query } from "./connection.ts";
import type { Counting } from "./counters.ts";
import { ROW_BYTES } from "./deliveries_writer.ts";
import { digestOf } from "./events.ts";
import { bytesColumn, integerColumn } from "../columns.ts";
import { insertRows, type PostgresRow, storedText, textOf } from "./rows.ts";

/** Puts the export of a list with its versions, within a transaction. */
export async function putExport(
  query: Query,
  counting: Counting,
  { endpoint, listKey, externalId, token, counted, versions }: CopiedExport,
): Promise<void> {
  const assigned = await query(
    `INSERT INTO exports (token, endpoint, list_key, list_digest, external_id, versions)
     VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (endpoint, list_digest) DO UPDATE
       SET versions = greatest(exports.versions, excluded.versions)
     RETURNING token, (xmax = 0) AS is_new`,
    [
      token,
      storedText(endpoint),
      storedText(listKey),
      digestOf(listKey),
      storedText(externalId),
      counted,
    ],
  );
  const [row] = assigned;
  if (row !== undefined && textOf(row, "token") !== token) {
    throw new RangeError(
      `Cannot copy the export of a list at ${endpoint}: it has another address here already`,
    );
  }
  if (row?.["is_new"] === true) counting.add("exports", "all", 1);
  const gone = await query(
    // Those that the source has removed, as a person's, go here too.
    "DELETE FROM export_versions WHERE token = $1 AND version <= $2 RETURNING octet_length(list) AS bytes",
    [token, counted],
  );
  for (const one of gone) counting.add("bytes", "all", -ROW_BYTES - integerColumn(one, "bytes"));
  await insertRows(
    query,
    "export_versions (token, version, delivery_id, saved_at, list)",
    versions.map(({ version, deliveryId, savedAt, list }) => {
      counting.add("bytes", "all", ROW_BYTES + list.byteLength);
      return [token, version, storedText(deliveryId), savedAt, list];
    }),
  );
}

/** Reads all exports with their versions. */
export async function* exportsOf(query: Query): AsyncGenerator<CopiedExport> {
  let last = "";
  for (;;) {
    const [row]: readonly PostgresRow[] = await query(
      "SELECT * FROM exports WHERE token > $1 ORDER BY token LIMIT 1",
      [last],
    );
    if (row === undefined) return;
    last = textOf(row, "token");
    const versions = await query(
      "SELECT * FROM export_versions WHERE token = $1 ORDER BY version",
      [last],
    );
    yield {
      token: last,
      endpoint: textOf(row, "endpoint"),
      listKey: textOf(row, "list_key"),
      externalId: textOf(row, "external_id"),
      counted: integerColumn(row, "versions"),
      versions: versions.map((version) => ({
        version: integerColumn(version, "version"),
        deliveryId: textOf(version, "delivery_id"),
        savedAt: integerColumn(version, "saved_at"),
        list: bytesColumn(version, "list"),
      })),
    };
  }
}
