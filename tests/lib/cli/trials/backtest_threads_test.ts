import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { handlers } from "../../../../handlers/mod.ts";
import { startBacktestThreads } from "../../../../lib/cli/trials/backtest_threads.ts";
import { loadConfig } from "../../../../lib/config/load.ts";
import { openJournal } from "../../../../lib/journal/sqlite/open.ts";
import type { Difference } from "../../../../lib/trials/backtest/compare.ts";
import { runBacktest } from "../../../../lib/trials/backtest/run.ts";
import type { Tally } from "../../../../lib/trials/backtest/tally.ts";
import { bytes, type JournalWorld, START, withJournal } from "../journal_world.ts";
import { ORDER, withRules } from "./served.ts";

const COUNT = 600;

/** Records so many orders of other amounts, as a server with the world's config answers them. */
async function recordMany(world: JournalWorld): Promise<void> {
  await world.record(...Array.from({ length: COUNT }, (_, index) => {
    const total = (index * 7) % 1000 + 1.5;
    const isLarge = total > 500;
    return {
      // Most of them within a second, so that the parts are of very different size.
      receivedAt: START + (index < 500 ? index % 250 : index * 60_000),
      body: bytes(ORDER.replace('"TotalPrice":"1.20000"', `"TotalPrice":"${total}"`)),
      headers: [],
      decisions: [{
        ...(isLarge
          ? { rule: "large", outcome: { group: 7 }, tried: 1 }
          : { rule: "small", outcome: { approve: true }, tried: 2 }),
        failures: [],
      }],
      answer: bytes(
        isLarge
          ? '{"ApprovalGroupId":7,"IsApprovalNeeded":true}'
          : '{"ApprovalGroupId":0,"IsApprovalNeeded":false}',
      ),
    };
  }));
}

Deno.test("runBacktest() counts in threads what it counts without them, in the same order", async () => {
  await withJournal(async (world) => {
    await recordMany(world);
    const rules = [
      { name: "large", when: "order.total > 700.0", then: { group: 7 } },
      { name: "small", when: "order.total > 1.0", then: { approve: true } },
    ];
    const file = await world.config("new.json", withRules(...rules));
    const loaded = await loadConfig({ file, kinds: handlers, env: () => undefined });
    if ("mistakes" in loaded) throw new Error(JSON.stringify(loaded.mistakes));
    const place = { path: world.journalFile };
    const journal = openJournal(world.journalFile, { readOnly: true });
    const run = async (inThreads: boolean | "broken", most = Infinity) => {
      const differences: Difference[] = [];
      let last = 0;
      const tally = await runBacktest({
        ...{ journal, endpoints: loaded.endpoints, kinds: handlers, filter: {}, most },
        onDifference: (difference) => differences.push(difference),
        onProgress: (done) => last = done,
        worthThreads: COUNT,
        ...(inThreads !== false && {
          async startThreads(count: number) {
            const [first, ...rest] = await startBacktestThreads({ file, journal: place }, count);
            if (first === undefined || inThreads === true) {
              return [first, ...rest].flatMap((one) => one ?? []);
            }
            const decide = () => Promise.reject(new Error("It has no memory left"));
            return [{ ...first, decide }, ...rest];
          },
        }),
      });
      return { differences, tally, last };
    };
    try {
      const [alone, together] = [await run(false), await run(true)];
      assertEquals(together.tally.decided, COUNT);
      assert(together.differences.length > 50);
      assertEquals(sorted(together.tally), sorted(alone.tally));
      assertEquals(
        together.differences.map(({ id }) => id),
        alone.differences.map(({ id }) => id),
      );
      assertEquals(together.differences, alone.differences);
      assertEquals(together.last, COUNT);
      const few = await run("broken", 3);
      assertEquals(sorted(few.tally), sorted(alone.tally));
      assertEquals(few.differences, alone.differences.slice(0, 3));
    } finally {
      await journal.close();
    }
  });
});

/** Which rule changed first, threads do not tell. */
function sorted({ byRule, ...tally }: Tally) {
  return { ...tally, byRule: [...byRule].toSorted() };
}

Deno.test("startBacktestThreads() says why it cannot open what it is told", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await assertRejects(
      () =>
        startBacktestThreads({
          file: join(folder, "none.json"),
          journal: { path: join(folder, "none.db") },
        }, 2),
      Error,
      "it has mistakes now",
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
