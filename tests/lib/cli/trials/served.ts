/** Deliveries that were answered as the server does, to be decided again. */
import { handlers } from "../../../../handlers/mod.ts";
import { decideBody } from "../../../../lib/trials/decide_body.ts";
import { loadConfig } from "../../../../lib/config/load.ts";
import type { Incoming } from "../../../../lib/http/endpoint.ts";
import type { Delivery } from "../../../../lib/journal/delivery.ts";
import { bytes, CONFIG, type JournalWorld } from "../journal_world.ts";

function sample(kind: string): string {
  return JSON.stringify(handlers.find((one) => one.kind === kind)?.sample.request);
}

/** The body of the kind's sample. */
export const ORDER = sample("ustore.order-approval");
/** The body of the kind's sample. */
export const ITEMS = sample("ustore.manufacturer");
/** The body of the kind's sample. */
export const CART = sample("ustore.cart-export");

/** Answers documents as the server does with a config, and records them. */
export async function serve(
  world: JournalWorld,
  bodies: readonly (readonly [path: string, body: string])[],
  config: unknown = CONFIG,
): Promise<readonly Delivery[]> {
  const file = await world.config("serving.json", config);
  const loaded = await loadConfig({ file, kinds: handlers, env: () => undefined });
  if ("mistakes" in loaded) throw new Error(JSON.stringify(loaded.mistakes));
  const deliveries = await world.write((journal) =>
    Promise.all(bodies.map(async ([path, body], index) => {
      const endpoint = loaded.endpoints.find((one) => one.path === path);
      if (endpoint === undefined) throw new Error(`There is no endpoint ${path}`);
      const requestId = `request-${index}`;
      const exportOf = (listKey: string, externalId?: string) =>
        journal.exportOf(path, listKey, externalId);
      const ask: Incoming["ask"] = (service, question) =>
        service.ask({ body: bytes(body), requestId, language: "de" }, question);
      const around = { requestId, language: "de", exportOf, ask };
      const decided = await decideBody(endpoint, bytes(body), around);
      if (decided.status === null) throw new Error(`Cannot serve ${path}: nobody was asked`);
      return {
        endpoint: path,
        kind: endpoint.kind,
        requestId,
        body: bytes(body),
        headers: [["accept-language", "de"]] as const,
        status: decided.status,
        answer: decided.body,
        decisions: decided.decisions,
        rules: endpoint.rules,
      };
    }))
  );
  return await world.record(...deliveries);
}

/** The config with other rules of the approval. */
export function withRules(...rules: readonly object[]): object {
  const [approval, ...others] = CONFIG.endpoints;
  return { ...CONFIG, endpoints: [{ ...approval, rules }, ...others] };
}

/** The config with other settings of the cart export. */
export function withCart(settings: object): object {
  const [approval, manufacturer, cart] = CONFIG.endpoints;
  return { ...CONFIG, endpoints: [approval, manufacturer, { ...cart, ...settings }] };
}
