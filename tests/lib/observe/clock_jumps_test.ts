import { configureSync, type LogRecord, resetSync } from "@logtape/logtape";
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { startForwarding } from "../../../lib/forward/worker.ts";
import { keepRetention } from "../../../lib/journal/retention.ts";
import { openJournal } from "../../../lib/journal/sqlite/open.ts";
import { watchClockJumps } from "../../../lib/observe/clock_jumps.ts";
import { OWNER } from "../forward/outbox_harness.ts";
import { DELIVERED, destinationOf } from "../forward/samples.ts";
import { delivery, withFolder } from "../journal/samples.ts";

const DAY_MS = 86_400_000;
const START = 1_700_000_000_000;

/** Runs with a log that is kept, and gives its warnings about the clock. */
async function warningsOf(run: () => Promise<void>): Promise<readonly string[]> {
  const records: LogRecord[] = [];
  configureSync({
    reset: true,
    sinks: { records: (record) => void records.push(record) },
    loggers: [
      { category: ["storehook"], lowestLevel: "warning", sinks: ["records"] },
      { category: ["logtape", "meta"], lowestLevel: "error", sinks: ["records"] },
    ],
  });
  try {
    await run();
  } finally {
    resetSync();
  }
  return records.map(({ rawMessage }) => String(rawMessage)).filter((text) => /clock/.test(text));
}

Deno.test("watchClockJumps() tells a jump once, to whoever looks", async () => {
  let [now, monotonic] = [START, 5];
  const warnings = await warningsOf(() => {
    const clock = watchClockJumps(() => now, () => monotonic);
    now += DAY_MS;
    monotonic += 1000;
    const jumpMs = DAY_MS - 1000;
    assertEquals([clock.offsetMs(), clock.offsetMs()], [jumpMs, jumpMs]);
    return Promise.resolve();
  });
  assertEquals(warnings.length, 1);
});

Deno.test("a jump of the clock back is told once, though forwarding and retention both look", () =>
  withFolder(async (folder) => {
    const journal = openJournal(join(folder, "journal.db"));
    await journal.record(delivery({ receivedAt: START }));
    let jumpMs = 0;
    let looksBefore = Infinity;
    const now = () => START + performance.now() + jumpMs;
    const looked = { forwarding: 0, retention: 0 };
    const clock = watchClockJumps(now, () => performance.now());
    const counted = (who: keyof typeof looked) => ({
      offsetMs() {
        looked[who]++;
        return clock.offsetMs();
      },
    });
    const pruned = Promise.withResolvers<void>();
    const watched = {
      ...journal,
      prune(options: Parameters<typeof journal.prune>[0]) {
        if (looked.retention > looksBefore) pruned.resolve();
        return journal.prune(options);
      },
    };
    const limits = { retentionDays: 90, maxBytes: 20_000_000 };
    const warnings = await warningsOf(async () => {
      const retention = keepRetention(watched, limits, { now, clock: counted("retention") });
      const forwarding = startForwarding({
        outbox: journal.outbox,
        owner: OWNER,
        destinations: new Map([["erp", destinationOf(() => Promise.resolve(DELIVERED))]]),
        now,
        clock: counted("forwarding"),
      });
      const end = performance.now() + 10_000;
      while (looked.retention === 0 || looked.forwarding === 0) {
        if (performance.now() > end) throw new Error("Nobody looked at the clock");
        await new Promise((resolve) => setTimeout(resolve, 0));
      }
      jumpMs = -10 * DAY_MS;
      looksBefore = looked.retention;
      retention.change({ ...limits, retentionDays: 91 });
      await pruned.promise;
      await Promise.all([retention.stop(), forwarding.stop()]);
    });
    await journal.close();
    assertEquals(warnings.length, 1, warnings.join("\n"));
  }));
