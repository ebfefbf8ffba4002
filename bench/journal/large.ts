/** What it takes to look into a large journal, to clean it up, and to write to it. */
import { join } from "@std/path";
import type { Journal } from "../../lib/journal/journal.ts";
import { openJournal } from "../../lib/journal/sqlite/open.ts";
import { fillJournal } from "../growth/fill_journal.ts";
import { median } from "../process.ts";

const TIMES = 20;
/** A page in the log has a head. */
const FRAME_BYTES = 4096 + 24;
const LONE = 100;
const BODY_BYTES = 2500;

/**
 * Measures a journal of so many deliveries and an empty one, and prints a line for each figure.
 *
 * @param folder Where files go.
 * @param count How many: a multiple of a thousand.
 */
export async function measureLarge(folder: string, count: number): Promise<void> {
  const path = join(folder, "large.db");
  await fillJournal(path, count);
  const startedAt = performance.now();
  const journal = openJournal(path);
  console.log(`${count} deliveries: start ${inMs(performance.now() - startedAt)}`);
  try {
    await look(journal, count);
    await cleanUp(journal);
  } finally {
    await journal.close();
  }
  console.log(`pages a delivery that comes alone: ${await pagesAlone(join(folder, "alone.db"))}`);
}

async function look(journal: Journal, count: number): Promise<void> {
  const [newest] = (await journal.list({ limit: 1 })).deliveries;
  const looks: Readonly<Record<string, () => Promise<unknown>>> = {
    list: () => journal.list(),
    "list of nothing, by status": () => journal.list({ status: [599, 599] }),
    get: () => journal.get(newest?.id ?? ""),
    "search by number": () => journal.list({ number: `${Math.floor(Math.random() * count)}` }),
    counts: () => journal.counts(),
  };
  for (const [name, run] of Object.entries(looks)) {
    const times: number[] = [];
    for (let time = 0; time < TIMES; time++) times.push(await timeOf(run));
    console.log(`${name}: ${inMs(median(times))}`);
  }
  let walked = 0;
  const tookMs = await timeOf(async () => {
    for await (const _ of journal.each()) walked++;
  });
  console.log(`walk through all: ${(tookMs * 1000 / walked).toFixed(1)} µs each`);
}

async function cleanUp(journal: Journal): Promise<void> {
  const { accepted } = await journal.counts();
  const erasedMs = await timeOf(() => journal.erase("nobody@example.com", { dryRun: true }));
  console.log(`look for a person: ${(erasedMs * 1000 / accepted).toFixed(1)} µs each`);
  const prunedMs = await timeOf(() => journal.prune({ olderThanMs: 0, budgetMs: Infinity }));
  console.log(`remove: ${(prunedMs * 1000 / accepted).toFixed(1)} µs each`);
}

/** By the log, which is emptied when the journal is closed. */
async function pagesAlone(path: string): Promise<string> {
  const bodyOf = (number: number) => new TextEncoder().encode(`${number}`.padEnd(BODY_BYTES));
  await fillJournal(path, LONE, { bodyOf, group: 1 });
  const sizes: number[] = [];
  const onCommit = () => sizes.push(Deno.statSync(`${path}-wal`).size);
  await fillJournal(path, LONE, { bodyOf: (number) => bodyOf(LONE + number), group: 1, onCommit });
  const [first = 0, last = 0] = [sizes[0], sizes.at(-1)];
  return ((last - first) / FRAME_BYTES / (LONE - 1)).toFixed(2);
}

async function timeOf(run: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await run();
  return performance.now() - startedAt;
}

function inMs(ms: number): string {
  return `${ms.toFixed(ms < 10 ? 2 : 0)} ms`;
}
