/** The server with its journal against the same server without. */
import { join } from "@std/path";
import orderApproval from "../../handlers/ustore/samples/order_approval.json" with { type: "json" };
import { writeDifferentOrders } from "../load/different_orders.ts";
import { type Measured, measureLoad } from "../load/measure.ts";
import { headersOf, writeSigned } from "../load/signed.ts";
import { memoryOf } from "../load/usage.ts";
import type { Load } from "../load/wrk.ts";
import { median, startScript } from "../process.ts";
import { type Server, serverOf } from "../storehook.ts";

/** Even: see `costs()`. */
const ROUNDS = 10;
const SECONDS = 2;
const MUCH = 100_000;

/** What is sent. */
type Orders = Pick<Load, "headers" | "bodyFile" | "sending">;

/**
 * Measures what the journal costs, and prints a line for each figure.
 *
 * @param folder Where files go.
 */
export async function compareWithout(folder: string): Promise<void> {
  await using plain = await start("none");
  await using kept = await start(join(folder, "journal.db"));
  const { file, signature } = await writeSigned(folder, "one", orderApproval);
  const one = { headers: headersOf({ signature }), bodyFile: file };
  const several = (await writeDifferentOrders(folder))();
  for (const server of [plain, kept]) await measure(server, one, 32);
  for (const connections of [1, 32]) {
    const alike = await costs(plain, kept, one, connections);
    console.log(`${connections} connections, one order again and again: ${alike}`);
    const differing = await costs(plain, kept, several, connections);
    console.log(`${connections} connections, orders that differ: ${differing}`);
  }
  const before = await memoryOf(kept.pid);
  for (let sent = 0; sent < MUCH;) {
    sent += (await measure(kept, several, 32)).requestsPerSecond * SECONDS;
  }
  const grown = (await memoryOf(kept.pid)).residentMiB - before.residentMiB;
  console.log(`memory after ${MUCH} more deliveries: ${grown.toFixed(0)} MiB more`);
}

/** Loads both in turn, each as often right after the other as right before it. */
async function costs(
  plain: Server,
  kept: Server,
  orders: Orders,
  connections: number,
): Promise<string> {
  const load = (server: Server) => measure(server, orders, connections);
  const rounds: (readonly [plain: Measured, kept: Measured])[] = [];
  for (let round = 0; round < ROUNDS; round += 2) {
    rounds.push([await load(plain), await load(kept)]);
    const keptFirst = await load(kept);
    rounds.push([await load(plain), keptFirst]);
  }
  const of = (figure: (plain: Measured, kept: Measured) => number) =>
    median(rounds.map(([before, after]) => figure(before, after)));
  const throughput = of((before, after) => after.requestsPerSecond / before.requestsPerSecond);
  const latency = of((before, after) => after.p50Ms - before.p50Ms);
  const cost = of((before, after) => after.cpuMicros - before.cpuMicros);
  return `${throughput.toFixed(2)} of the throughput without, ` +
    `${latency.toFixed(2)} ms added to the median latency, ` +
    `${cost.toFixed(0)} µs of processor added to a request`;
}

async function measure(
  { pid, url }: Server,
  orders: Orders,
  connections: number,
): Promise<Measured> {
  const load = { ...orders, url: `${url}/ustore/order-approval`, connections, seconds: SECONDS };
  return await measureLoad(pid, load);
}

/** @param journal The file of its journal, or "none". */
async function start(journal: string): Promise<Server> {
  const process = startScript("./server.ts", [journal]);
  return serverOf(journal, process, `http://127.0.0.1:${await process.line()}`);
}
