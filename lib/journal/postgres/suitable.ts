import { JournalNotOpened } from "../errors.ts";
import type { Query } from "./connection.ts";
import { integerColumn, nullableColumn } from "../columns.ts";
import { textOf } from "./rows.ts";

const OLDEST_VERSION = 130_000;
/** SQL_ASCII takes bytes as they come, and gives them back so. */
const ENCODINGS = ["UTF8", "SQL_ASCII"];

/**
 * Looks whether a database can hold a journal, before anything is made there.
 *
 * @param query Runs a statement.
 * @throws {JournalNotOpened} When it can't: what it has, and what is wanted.
 */
export async function refuseUnsuitable(query: Query): Promise<void> {
  const [row] = await query(
    `SELECT current_setting('server_version_num')::int AS number,
       current_setting('server_version') AS version,
       current_setting('server_encoding') AS encoding, current_schema()::text AS schema`,
  );
  if (row === undefined) return;
  const encoding = textOf(row, "encoding");
  if (integerColumn(row, "number") < OLDEST_VERSION) {
    throw unsuitable(`PostgreSQL 13 or newer is wanted, it is ${textOf(row, "version")}`);
  }
  if (!ENCODINGS.includes(encoding)) {
    throw unsuitable(
      `the encoding of the database is ${encoding}, which has no place for some letters: make one ` +
        "with ENCODING 'UTF8' TEMPLATE template0",
    );
  }
  if (nullableColumn(row, "schema", textOf) === null) {
    throw unsuitable(
      "there is none of the schemas that search_path names: make one, or have ALTER ROLE … SET " +
        "search_path name another",
    );
  }
}

function unsuitable(reason: string): JournalNotOpened {
  return new JournalNotOpened(`Cannot open journal.url: ${reason}`);
}
