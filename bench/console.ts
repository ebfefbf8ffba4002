/**
 * What open consoles cost the shopper: order approvals with ten of them open against the same server
 * with none, in turn, so that the ratio holds on a noisy machine. Needs `wrk`.
 */
import { join } from "@std/path";
import * as z from "zod";
import { digestOfSecret, newSecret } from "../lib/console/session/credentials.ts";
import { type Measured, measureLoad } from "./load/measure.ts";
import { writeDifferentOrders } from "./load/different_orders.ts";
import { median } from "./process.ts";
import { journalIn, type Server, startStorehook } from "./storehook.ts";

const CONSOLES = 10;
/** Even: with consoles comes as often first as last. */
const ROUNDS = 6;
const SECONDS = 3;
const CONNECTIONS = 8;

const facts = z.object({ adminUrl: z.string() });

/** Opens consoles that watch, as a browser does with the list of deliveries. */
async function openConsoles(adminUrl: string, token: string): Promise<() => void> {
  const ending = new AbortController();
  const headers = { Authorization: `Bearer ${token}` };
  for (let opened = 0; opened < CONSOLES; opened++) {
    const response = await fetch(`${adminUrl}/api/v1/live`, { headers, signal: ending.signal });
    // What is told is read to its end, which is when this is over.
    response.body?.pipeTo(new WritableStream()).catch(() => undefined);
  }
  return () => ending.abort();
}

async function compare(server: Server, folder: string, token: string): Promise<void> {
  const orders = (await writeDifferentOrders(folder))();
  const { adminUrl } = facts.parse(
    JSON.parse(await Deno.readTextFile(`${journalIn(folder)}-server.json`)),
  );
  const url = `${server.url}/ustore/order-approval`;
  const load = () =>
    measureLoad(server.pid, { ...orders, url, connections: CONNECTIONS, seconds: SECONDS });
  const watched = async () => {
    const close = await openConsoles(adminUrl, token);
    try {
      return await load();
    } finally {
      close();
    }
  };
  await load();
  const rounds: (readonly [none: Measured, open: Measured])[] = [];
  for (let round = 0; round < ROUNDS; round += 2) {
    rounds.push([await load(), await watched()]);
    const first = await watched();
    rounds.push([await load(), first]);
  }
  const of = (figure: (none: Measured, open: Measured) => number) =>
    median(rounds.map(([none, open]) => figure(none, open)));
  const throughput = of((none, open) => open.requestsPerSecond / none.requestsPerSecond);
  const latency = of((none, open) => open.p50Ms - none.p50Ms);
  const cost = of((none, open) => open.cpuMicros / none.cpuMicros);
  console.log(
    `${CONSOLES} consoles open: ${throughput.toFixed(2)} of the approvals with none, ` +
      `${latency.toFixed(2)} ms added to the median latency, ` +
      `${cost.toFixed(2)} of the processor for each of them`,
  );
}

const folder = await Deno.makeTempDir();
try {
  const token = newSecret();
  const tokens = [{ name: "bench", hash: `sha256$${digestOfSecret(token)}`, role: "operator" }];
  await using server = await startStorehook({
    folder: join(folder, "server"),
    config: { console: { tokens } },
  });
  await compare(server, join(folder, "server"), token);
} finally {
  await Deno.remove(folder, { recursive: true });
}
