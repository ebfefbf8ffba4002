/**
 * `Deno.serve` and `pg`: one insert a delivery, committed before it is answered.
 * Usage: serve_pg.js URL. Prints its port.
 */
import { Buffer } from "node:buffer";
import pg from "pg";
import { CREATION, INSERTION, POOL_SIZE } from "./pg_table.js";
import { serveKept } from "./serve_kept.js";

const pool = new pg.Pool({ connectionString: Deno.args[0], max: POOL_SIZE });
await pool.query(CREATION);

serveKept(async ({ id, receivedAt, status, headers, body, answer }) => {
  await pool.query({
    ...INSERTION,
    values: [id, receivedAt, status, headers, Buffer.from(body), Buffer.from(answer)],
  });
});
