/** The names of contenders that are looked for among what was measured. */

export const STOREHOOK = "Storehook";
export const FASTIFY = "Fastify";

/** The least that a server does which has a request on disk before it answers. */
export const SYNCED = "Deno.serve by hand, synced";
