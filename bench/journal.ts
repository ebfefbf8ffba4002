/**
 * What the journal costs: the server with it against the same server without, in one run, round
 * by round in turn, so that the ratios hold on a noisy machine. Prints a table.
 */
import { join } from "@std/path";
import * as z from "zod";
import { openJournalInThread } from "../lib/journal/sqlite/thread/open.ts";
import { fillJournal } from "./growth/fill_journal.ts";
import { type LineProcess, median, startScript } from "./process.ts";

const ROUNDS = 5;
const SECONDS = 3;
const MILLION = 1_000_000;

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
    for (let round = 0; round < ROUNDS; round++) {
      const plain = await load(portWithout, connections, SECONDS);
      const kept = await load(portWith, connections, SECONDS);
      rates.push(kept.requestsPerSecond / plain.requestsPerSecond);
      added.push(kept.p50Ms - plain.p50Ms);
    }
    console.log(
      `${connections} connections: ${median(rates).toFixed(2)} of the throughput without, ` +
        `${median(added).toFixed(2)} ms added to the median latency`,
    );
  }
  const before = await memoryOf(within);
  for (let sent = 0; sent < 100_000;) {
    sent += (await load(portWith, 32, SECONDS)).requestsPerSecond * SECONDS;
  }
  const grown = (await memoryOf(within) - before) / 1_048_576;
  console.log(`memory after 100,000 more deliveries: ${grown.toFixed(0)} MiB more`);
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
  await lookInto(folder);
} finally {
  await Deno.remove(folder, { recursive: true });
}
