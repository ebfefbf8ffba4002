/** What those keep deliveries in that keep them in PostgreSQL. */

export const POOL_SIZE = 10;

export const CREATION = `CREATE TABLE IF NOT EXISTS plain_deliveries (
  id text PRIMARY KEY, received_at bigint, status int, headers text, body bytea, answer bytea)`;

/** Prepared once a connection. */
export const INSERTION = {
  name: "keep",
  text: "INSERT INTO plain_deliveries VALUES ($1, $2, $3, $4, $5, $6)",
};
