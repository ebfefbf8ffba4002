/**
 * The least server made of what Storehook is made of: the signature of an order approval is verified
 * by WebCrypto, the order is read by a schema and decided by a rule, a thread with an open database
 * stores together what waits, and the answer is signed. It knows nothing else: no limits, no log, no
 * repeats.
 *
 * Usage: parts FILE KEY, where the database goes, and the key of the signatures. What has none is
 * answered, too.
 */
import { setImmediate } from "node:timers";
import { Environment } from "@marcbachmann/cel-js";
import * as z from "zod";
import { importKey, signBytes, verifySignature } from "../../lib/auth/x_signature.ts";
import type { KeptDelivery } from "./parts_thread.ts";

interface Waiting {
  readonly delivery: KeptDelivery;
  readonly stored: PromiseWithResolvers<void>;
}

const [file = "", keyText = ""] = Deno.args;
const thread = new Worker(new URL("./parts_thread.ts", import.meta.url), { type: "module" });
const opened = Promise.withResolvers<void>();
thread.onmessage = () => opened.resolve();
thread.postMessage(file);

const settings = z.strictObject({ hostname: z.string().default("127.0.0.1") }).parse({});
const approval = z.object({
  Order: z.object({ Prices: z.object({ TotalPrice: z.coerce.number() }) }),
});
const isNeeded = new Environment({ unlistedVariablesAreDyn: false })
  .registerVariable("total", "double").parse("total > 500.0");
isNeeded.check();
const key = await importKey(keyText);
await opened.promise;

let waiting: Waiting[] = [];
let underWay: readonly Waiting[] = [];
let isPlanned = false;

thread.onmessage = () => {
  for (const { stored } of underWay) stored.resolve();
  underWay = [];
  plan();
};

function plan(): void {
  if (isPlanned || underWay.length > 0 || waiting.length === 0) return;
  isPlanned = true;
  setImmediate(() => {
    isPlanned = false;
    [underWay, waiting] = [waiting, []];
    thread.postMessage(underWay.map(({ delivery }) => delivery));
  });
}

async function approve(request: Request, signature: string): Promise<Response> {
  const body = await request.bytes();
  if (!await verifySignature(key, signature, body)) return new Response(null, { status: 401 });
  const { Order } = approval.parse(JSON.parse(new TextDecoder().decode(body)));
  const IsApprovalNeeded = isNeeded({ total: Order.Prices.TotalPrice });
  const answer = new TextEncoder().encode(JSON.stringify({ IsApprovalNeeded }));
  const headers = JSON.stringify([...request.headers]);
  const delivery = { id: crypto.randomUUID(), receivedAt: Date.now(), headers, body, answer };
  const stored = Promise.withResolvers<void>();
  waiting.push({ delivery, stored });
  plan();
  const [signed] = await Promise.all([signBytes(key, answer), stored.promise]);
  return new Response(answer, {
    headers: { "Content-Type": "application/json", "X-Signature": signed },
  });
}

Deno.serve(
  {
    hostname: settings.hostname,
    port: 0,
    onListen: ({ port }) => console.log(`http://127.0.0.1:${port}`),
  },
  (request) => {
    const signature = request.headers.get("X-Signature");
    return signature === null ? new Response("hello") : approve(request, signature);
  },
);
