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
import { walkLine } from "../../../lib/http/line.ts";
import { createCapacity } from "../../../lib/http/limits/capacity.ts";
import { readRequest } from "../../../lib/http/request/body.ts";
import { memoryJournal } from "../../../lib/journal/memory/memory.ts";

declare const gc: (options?: { readonly type: "minor" }) => void;

const REQUESTS = 500;

/** Rules that read a part of every view. */
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
  "emporix.events": {},
};

const done = () => Promise.resolve();
const tools = {
  readBody: (request: Request) =>
    readRequest(request, { maxBodyBytes: 1_000_000, bodyTimeoutMs: 10_000 }),
  journal: { ...memoryJournal(), record: done },
  capacity: createCapacity(1),
};

async function bytesLeft(endpoint: Endpoint, { sample }: Handler, key: string): Promise<number> {
  const body = new TextEncoder().encode(JSON.stringify(sample.request));
  const url = `http://127.0.0.1${endpoint.path}`;
  const prepared = await sample.sender.prepare({ url, body, key, language: "en", isSample: true });
  const headers = { ...prepared.headers, "Content-Length": `${body.length}` };
  async function send(count: number): Promise<void> {
    for (let sent = 0; sent < count; sent++) {
      const request = new Request(prepared.url, { method: "POST", body, headers });
      const { status } = await walkLine(endpoint, request, "127.0.0.1", tools);
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
const known = handlers.filter(({ kind }) => kind in SETTINGS);
const keys = new Map(known.map(({ kind, sample }) => [kind, sample.sender.newKey()]));
const endpoints = known.map(({ kind, sample }) => ({
  path: `/${kind}`,
  kind,
  ...sample.sender.settings(keys.get(kind) ?? ""),
  ...SETTINGS[kind] ?? {},
}));
await Deno.writeTextFile(file, JSON.stringify({ endpoints }));
const loaded = await loadConfig({ file, kinds: handlers, env: () => undefined });
if ("mistakes" in loaded) throw new Error(JSON.stringify(loaded.mistakes));
const left: Record<string, number> = {};
for (const [index, endpoint] of loaded.endpoints.entries()) {
  const handler = known[index];
  if (handler === undefined) continue;
  left[endpoint.kind] = await bytesLeft(endpoint, handler, keys.get(endpoint.kind) ?? "");
}
console.log(JSON.stringify(left));
