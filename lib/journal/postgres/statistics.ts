import type { Database } from "./connection.ts";
import { textOf } from "./rows.ts";

/** As autovacuum judges by itself, which looks once a minute. */
const CHANGED = "n_mod_since_analyze > 500 + n_live_tup / 5";

/**
 * Has the database look again at tables that changed by much since it did. It chooses among indexes by
 * what it knows of their tables: a queue that was empty a moment ago, and a week that has just begun,
 * look small to it when thousands of rows are there, and then each statement reads all of them.
 *
 * @param database The database.
 */
export async function keepStatistics(database: Pick<Database, "query">): Promise<void> {
  const rows = await database.query(
    `SELECT quote_ident(relname) AS name FROM pg_stat_user_tables
     WHERE schemaname = current_schema() AND ${CHANGED}`,
  );
  // What another instance looks at just now is left to it.
  for (const row of rows) await database.query(`ANALYZE (SKIP_LOCKED) ${textOf(row, "name")}`);
}
