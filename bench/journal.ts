/**
 * What the journal costs: the server with it against the same server without, in one run, round
 * by round in turn, so that the ratios hold on a noisy machine; and what of it is the store alone.
 */
import { join } from "@std/path";
import * as z from "zod";
import orderApproval from "../handlers/ustore/samples/order_approval.json" with { type: "json" };
import { openJournalInThread } from "../lib/journal/sqlite/thread/open.ts";
import { fillJournal } from "./growth/fill_journal.ts";
import { cpuSeconds } from "./load/usage.ts";
import { type LineProcess, median, startScript } from "./process.ts";

const ROUNDS = 5;
const SECONDS = 3;
const MILLION = 1_000_000;
/** A server under load stores about a dozen deliveries at a time. */
const GROUPS: readonly number[] = [1, 12, 1000];
const STORED = 24_000;

const measured = z.object({
  requestsPerSecond: z.number(),
  p50Ms: z.number(),
  p99Ms: z.number(),
  failed: z.literal(0),
});

async function load(port: string, connections: number, seconds: number) {
  await using script = startScript("./load.ts", [port, String(connections), String(seconds)]);
  return measured.parse(JSON.parse(await script.line()));
}

/** Loads a server, and tells besides what each request cost it. */
async function loadCounting({ pid }: LineProcess, port: string, connections: number) {
  const before = await cpuSeconds(pid);
  const loaded = await load(port, connections, SECONDS);
  const used = await cpuSeconds(pid) - before;
  return { ...loaded, cpuMicros: used * 1_000_000 / (loaded.requestsPerSecond * SECONDS) };
}

async function memoryOf(server: LineProcess): Promise<number> {
  await server.ask();
  return Number(await server.line());
}

async function compare(folder: string): Promise<void> {
  await using without = startScript("./server.ts", ["none"]);
  await using within = startScript("./server.ts", [join(folder, "journal.db")]);
  const [portWithout, portWith] = [await without.line(), await within.line()];
  for (const port of [portWithout, portWith]) await load(port, 32, 2);
  for (const connections of [1, 32]) {
    const rates: number[] = [];
    const added: number[] = [];
    const costs: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const plain = await loadCounting(without, portWithout, connections);
      const kept = await loadCounting(within, portWith, connections);
      rates.push(kept.requestsPerSecond / plain.requestsPerSecond);
      added.push(kept.p50Ms - plain.p50Ms);
      costs.push(kept.cpuMicros - plain.cpuMicros);
    }
    console.log(
      `${connections} connections: ${median(rates).toFixed(2)} of the throughput without, ` +
        `${median(added).toFixed(2)} ms added to the median latency, ` +
        `${median(costs).toFixed(0)} µs of processor added to a request`,
    );
  }
  const before = await memoryOf(within);
  for (let sent = 0; sent < 100_000;) {
    sent += (await load(portWith, 32, SECONDS)).requestsPerSecond * SECONDS;
  }
  const grown = (await memoryOf(within) - before) / 1_048_576;
  console.log(`memory after 100,000 more deliveries: ${grown.toFixed(0)} MiB more`);
}

/** The store without a server, which has nothing to hand over to it and waits for nothing else. */
async function storeAlone(folder: string): Promise<void> {
  const body = new TextEncoder().encode(JSON.stringify(orderApproval));
  for (const group of GROUPS) {
    const before = await cpuSeconds(Deno.pid);
    await fillJournal(join(folder, `group-${group}.db`), STORED, { body, group });
    const used = await cpuSeconds(Deno.pid) - before;
    console.log(
      `the store alone, ${group} at a time: ${(used * 1_000_000 / STORED).toFixed(0)} µs of ` +
        "processor a delivery",
    );
  }
}

async function lookInto(folder: string): Promise<void> {
  const file = join(folder, "million.db");
  await fillJournal(file, MILLION);
  const journal = await openJournalInThread(file);
  const [newest] = journal.list({ limit: 1 }).deliveries;
  const timed = (run: () => unknown) => {
    const startedAt = performance.now();
    run();
    return performance.now() - startedAt;
  };
  const listed = Array.from({ length: 20 }, () => timed(() => journal.list()));
  const shown = Array.from({ length: 20 }, () => timed(() => journal.get(newest?.id ?? "")));
  console.log(
    `a million deliveries: list ${median(listed).toFixed(1)} ms, get ${
      median(shown).toFixed(2)
    } ms`,
  );
  await journal.close();
}

const folder = await Deno.makeTempDir();
try {
  await compare(folder);
  await storeAlone(folder);
  await lookInto(folder);
} finally {
  await Deno.remove(folder, { recursive: true });
}
