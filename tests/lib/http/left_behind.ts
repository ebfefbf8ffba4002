/**
 * Answers requests of several kinds, and prints as JSON how many bytes of each are left when the
 * young generation has been collected: those stay until all garbage is collected. The other half of
 * `left_behind_test.ts`. Usage: deno run --v8-flags=--expose-gc left_behind.ts FOLDER
 */
import { join } from "@std/path";
import { handlers } from "../../../handlers/mod.ts";
import type { Handler } from "../../../handlers/handler.ts";
import { loadConfig } from "../../../lib/config/load.ts";
import type { Endpoint } from "../../../lib/http/endpoint.ts";
import { type PipelineTools, runPipeline } from "../../../lib/http/pipeline.ts";
import { createCapacity } from "../../../lib/http/limits.ts";
import { readRequest } from "../../../lib/http/body.ts";
import { openJournalInThread } from "../../../lib/journal/sqlite/open_in_thread.ts";
import { configureLog } from "../../../lib/observe/log.ts";

declare const gc: (options?: { readonly type: "minor" }) => void;

const REQUESTS = 500;

/** What reads a part of every view. */
const SETTINGS: Readonly<Record<string, unknown>> = {
  "ustore.order-approval": {
    rules: [{
      name: "parts",
      when: "order.clearing.type + order.store.id + order.user.email == order.billTo.city",
      then: { group: 1 },
    }],
    otherwise: { approve: true },
  },
  "ustore.manufacturer": {
    manufacturers: { here: 1 },
    rules: [{
      name: "parts",
      when: "item.manufacturer.name + item.product.name == item.shipTo.city",
      then: { manufacturer: "here" },
    }],
    otherwise: { manufacturer: "here" },
  },
  "ustore.cart-export": {
    externalUrl: "{publicUrl}/{user.id}/{user.email}/{store.id}/{store.name}/{list.id}/{token}",
  },
  "ustore.tax": { rates: [{ taxGroup: "none", percent: 2 }, { percent: 1 }] },
};

async function bytesLeft(
  endpoint: Endpoint,
  { sample }: Handler,
  key: string,
  tools: PipelineTools,
): Promise<number> {
  const body = new TextEncoder().encode(JSON.stringify(sample.request));
  const url = `http://127.0.0.1${endpoint.path}`;
  const prepared = await sample.sender.prepare({ url, body, key, language: "en", isSample: true });
  const headers = { ...prepared.headers, "Content-Length": `${body.length}` };
  async function send(count: number): Promise<void> {
    for (let sent = 0; sent < count; sent++) {
      const request = new Request(prepared.url, { method: "POST", body, headers });
      const { status } = await runPipeline(endpoint, request, {
        address: "127.0.0.1",
        arrival: undefined,
      }, tools);
      if (status !== sample.sender.status) throw new Error(`${endpoint.kind} answers ${status}`);
      if (sent % 50 === 0) gc({ type: "minor" });
    }
    // What was young the first time is old or gone the second time.
    gc({ type: "minor" });
    gc({ type: "minor" });
  }
  await send(REQUESTS);
  gc();
  await send(10);
  const before = Deno.memoryUsage().heapUsed;
  await send(REQUESTS);
  return Math.round((Deno.memoryUsage().heapUsed - before) / REQUESTS);
}

const [folder = ""] = Deno.args;
const file = join(folder, "config.json");
const keys = new Map(handlers.map(({ kind, sample }) => [kind, sample.sender.newKey()]));
const endpoints = handlers.map(({ kind, sample }) => ({
  path: `/${kind}`,
  kind,
  ...sample.sender.settings(keys.get(kind) ?? ""),
  ...SETTINGS[kind] ?? {},
}));
await Deno.writeTextFile(file, JSON.stringify({ endpoints }));
const loaded = await loadConfig({ file, kinds: handlers, env: () => undefined });
if ("mistakes" in loaded) throw new Error(JSON.stringify(loaded.mistakes));
configureLog(loaded.config.log, loaded.secrets);
const journal = await openJournalInThread(join(folder, "journal.db"));
const tools: PipelineTools = {
  readBody: (request) => readRequest(request, { maxBodyBytes: 1_000_000, bodyTimeoutMs: 10_000 }),
  journal,
  capacity: createCapacity(1),
};
const left: Record<string, number> = {};
for (const endpoint of loaded.endpoints) {
  const handler = handlers.find(({ kind }) => kind === endpoint.kind);
  if (handler === undefined) throw new Error(`Nobody handles ${endpoint.kind}`);
  left[endpoint.kind] = await bytesLeft(endpoint, handler, keys.get(endpoint.kind) ?? "", tools);
}
await journal.close();
console.log(JSON.stringify(left));
