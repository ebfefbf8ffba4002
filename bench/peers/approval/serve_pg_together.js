/**
 * `Deno.serve` and `pg`, one insert for all that wait, two at a time: what this runtime can do under
 * load for requests that are in PostgreSQL before they are answered.
 * Usage: serve_pg_together.js URL. Prints its port.
 */
import { Buffer } from "node:buffer";
import pg from "pg";
import { keepTogether } from "./keep_together.js";
import { CREATION } from "./pg_table.js";
import { serveKept } from "./serve_kept.js";

const pool = new pg.Pool({ connectionString: Deno.args[0], max: 2 });
await pool.query(CREATION);

serveKept(keepTogether(async (deliveries) => {
  const values = deliveries.flatMap(({ id, receivedAt, status, headers, body, answer }) => [
    ...[id, receivedAt, status, headers],
    ...[Buffer.from(body), Buffer.from(answer)],
  ]);
  const rows = deliveries.map((_, row) =>
    `(${Array.from({ length: 6 }, (_, column) => `$${6 * row + column + 1}`).join(", ")})`
  );
  await pool.query(`INSERT INTO plain_deliveries VALUES ${rows.join(", ")}`, values);
}, 2));
