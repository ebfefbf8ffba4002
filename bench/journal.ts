/**
 * What the journal costs: the server with it against the same server without, in one run, round
 * by round in turn, so that the ratios hold on a noisy machine; what of it is the store alone; and
 * what it takes to look into a large one. Needs `wrk`. Prints a line for each figure.
 */
import { join } from "@std/path";
import orderApproval from "../handlers/ustore/samples/order_approval.json" with { type: "json" };
import { fillJournal } from "./growth/fill_journal.ts";
import { measureLarge } from "./journal/large.ts";
import { compareWithout } from "./journal/with_and_without.ts";
import { cpuSeconds } from "./load/usage.ts";

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

const folder = await Deno.makeTempDir();
try {
  await compareWithout(folder);
  await storeAlone(folder);
  await measureLarge(folder, MILLION);
} finally {
  await Deno.remove(folder, { recursive: true });
}
