/**
 * What the journal costs: the server with it against the same server without, in one run, round
 * by round in turn, so that the ratios hold on a noisy machine; what of it is the store alone; and
 * what it takes to look into a large one. Needs `wrk`. Prints a line for each figure.
 */
import { join } from "@std/path";
import orderApproval from "../handlers/ustore/samples/order_approval.json" with { type: "json" };
import { openJournalInThread } from "../lib/journal/sqlite/open_in_thread.ts";
import { fillJournal } from "./growth/fill_journal.ts";
import { compareWithout } from "./journal/with_and_without.ts";
import { cpuSeconds } from "./load/usage.ts";
import { median } from "./process.ts";

const MILLION = 1_000_000;
/** With 32 connections a server stores 16 deliveries at a time. */
const GROUPS: readonly number[] = [1, 16, 1000];
const STORED = 32_000;

/** The store without a server, which has nothing to hand over to it and waits for nothing else. */
async function storeAlone(folder: string): Promise<void> {
  const body = new TextEncoder().encode(JSON.stringify(orderApproval));
  const bodyOf = () => body;
  for (const group of GROUPS) {
    const before = await cpuSeconds(Deno.pid);
    await fillJournal(join(folder, `group-${group}.db`), STORED, { bodyOf, group });
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
  const [newest] = (await journal.list({ limit: 1 })).deliveries;
  const timesOf = async (run: () => Promise<unknown>) => {
    const times: number[] = [];
    for (let time = 0; time < 20; time++) {
      const startedAt = performance.now();
      await run();
      times.push(performance.now() - startedAt);
    }
    return times;
  };
  const listed = await timesOf(() => journal.list());
  const shown = await timesOf(() => journal.get(newest?.id ?? ""));
  console.log(
    `a million deliveries: list ${median(listed).toFixed(1)} ms, get ${
      median(shown).toFixed(2)
    } ms`,
  );
  await journal.close();
}

const folder = await Deno.makeTempDir();
try {
  await compareWithout(folder);
  await storeAlone(folder);
  await lookInto(folder);
} finally {
  await Deno.remove(folder, { recursive: true });
}
