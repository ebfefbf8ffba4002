/** What a user would write who keeps nothing: the limit. */
import { BARE, EXPRESS, FASTIFY, HONO, WEBHOOK } from "./names.ts";
import { type Starting, startPeer } from "./contender.ts";
import { startWebhook } from "./webhook.ts";

/**
 * Tells how those are started that keep nothing.
 *
 * @param folder Where files for them go.
 */
export function barePeers(folder: string): readonly Starting[] {
  return [
    { name: FASTIFY, start: () => startPeer(FASTIFY, "node", "fastify.js") },
    { name: EXPRESS, start: () => startPeer(EXPRESS, "node", "express.js") },
    { name: HONO, start: () => startPeer(HONO, "deno", "hono.js") },
    { name: BARE, start: () => startPeer(BARE, "deno", "serve.js") },
    { name: WEBHOOK, start: () => startWebhook(WEBHOOK, folder) },
  ];
}
