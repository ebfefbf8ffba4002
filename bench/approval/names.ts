/** The names of contenders, by which they are looked for among what was measured. */

export const STOREHOOK = "Storehook";
export const GATED = "Storehook behind its gate";
export const FASTIFY_SQLITE = "Fastify, better-sqlite3";
export const EXPRESS_SQLITE = "Express, better-sqlite3";
export const BARE_SQLITE = "Deno.serve by hand, node:sqlite";
export const BARE_SQLITE_TOGETHER = "Deno.serve by hand, node:sqlite, together";
/** The least that a server does which has a request on disk before it answers. */
export const SYNCED = "Deno.serve by hand, synced file";
export const RESTATE = "Restate";
export const NODE_RED = "Node-RED";
export const WEBHOOK_APPENDING = "webhook, appending";

export const STOREHOOK_PG = "Storehook on PostgreSQL";
export const FASTIFY_PG = "Fastify, pg";
export const BARE_PG = "Deno.serve by hand, pg";
export const BARE_PG_TOGETHER = "Deno.serve by hand, pg, together";

export const FASTIFY = "Fastify";
export const EXPRESS = "Express";
export const HONO = "Hono on Deno";
export const BARE = "Deno.serve by hand";
export const WEBHOOK = "webhook";
