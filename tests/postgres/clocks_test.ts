/** Instances whose clocks differ, as those of two machines always do. */
import { configureSync, type LogRecord, resetSync } from "@logtape/logtape";
import { assertEquals, assertMatch } from "@std/assert";
import { describeInstances } from "../../lib/cli/serve/instances.ts";
import { openPostgresJournal } from "../../lib/journal/postgres/open.ts";
import { eventually } from "../e2e/waits.ts";
import { attempt, delivery, event } from "../lib/journal/samples.ts";
import { noCluster, startCluster } from "./cluster.ts";

Deno.test({
  name: "what two instances bring of a subject goes out as it came, whatever their clocks say" +
    (noCluster === undefined ? "" : ` (skipped: ${noCluster})`),
  ignore: noCluster !== undefined,
  async fn() {
    const cluster = await startCluster({ settings: ["fsync = off"] });
    const [ahead, behind] = [1, 2].map(() => openPostgresJournal({ url: cluster.url() }));
    if (ahead === undefined || behind === undefined) return;
    async function bring(journal: typeof ahead, key: string, byMs: number): Promise<void> {
      const at = Date.now() + byMs;
      await journal?.record(delivery({ receivedAt: at, answeredAt: at }), {
        events: [event({ subject: "order/1", key, forwardTo: ["erp"] })],
      });
    }
    try {
      await bring(ahead, "first", 4000);
      await bring(behind, "second", -4000);
      await bring(ahead, "third", 4000);
      await bring(behind, "fourth", -4000);
      // What stood in a spool came before all of them.
      await bring(behind, "spooled", -60_000);
      const sent: string[] = [];
      for (let round = 0; round < 5; round++) {
        const leased = await ahead.outbox.lease({
          owner: ahead.leaseOwner,
          destination: "erp",
          limit: 9,
          leaseMs: 60_000,
          now: Date.now() + 5000,
          ordered: true,
        });
        for (const { lease, event: { key } } of leased) {
          sent.push(key);
          await ahead.outbox.complete(lease, attempt(), { state: "delivered" });
        }
      }
      assertEquals(sent, ["spooled", "first", "second", "third", "fourth"]);
    } finally {
      await ahead.close();
      await behind.close();
    }
  },
});

/** The log of a run. */
function keepLog(): { readonly messages: () => readonly string[] } & Disposable {
  const records: LogRecord[] = [];
  configureSync({
    reset: true,
    sinks: { records: (record) => void records.push(record) },
    loggers: [
      { category: ["storehook"], lowestLevel: "info", sinks: ["records"] },
      { category: ["logtape", "meta"], lowestLevel: "error", sinks: ["records"] },
    ],
  });
  return {
    messages: () =>
      records.filter(({ message }) => /clock/i.test(message.join(""))).map(({ level, message }) =>
        `${level}: ${message.join("")}`
      ),
    [Symbol.dispose]: resetSync,
  };
}

Deno.test({
  name: "an instance whose clock is apart from the database's says so once, and when it is over" +
    (noCluster === undefined ? "" : ` (skipped: ${noCluster})`),
  ignore: noCluster !== undefined,
  async fn() {
    const cluster = await startCluster({ settings: ["fsync = off"] });
    using log = keepLog();
    const realNow = Date.now;
    let offsetMs = 0;
    Date.now = () => realNow() + offsetMs;
    const journal = openPostgresJournal({ url: cluster.url() });
    const facts = { host: "ustore-1", version: "1", config: "x" };
    const warnings = async () => describeInstances(await journal.instances()).warnings ?? [];
    try {
      for (const [byMs, side] of [[10_000, "ahead of"], [-3_600_000, "behind"]] as const) {
        offsetMs = byMs;
        const earlier = log.messages().length;
        journal.describe(facts);
        await eventually("a warning", async () => {
          const [warning = "", ...more] = await warnings();
          return more.length === 0 && warning.endsWith(` s ${side} that of the database`);
        });
        // Another look at what has not changed.
        const [seen] = await journal.instances();
        offsetMs += 300;
        journal.describe({ ...facts, config: `y${byMs}` });
        await eventually("another heartbeat", async () => {
          const [one] = await journal.instances();
          return one?.config === `y${byMs}`;
        });
        assertEquals((await journal.instances())[0]?.clockAheadMs, seen?.clockAheadMs);
        const [message = "", ...others] = log.messages().slice(earlier);
        assertMatch(
          message,
          /^warning: The clock of this machine is [\d.]+ s (?:ahead of|behind) that of the database: /,
        );
        assertEquals(others, []);
      }
      offsetMs = 0;
      const before = log.messages().length;
      journal.describe(facts);
      await eventually("no warning", async () => (await warnings()).length === 0);
      assertEquals(log.messages().slice(before), [
        "info: The clock of this machine goes with that of the database again",
      ]);
    } finally {
      Date.now = realNow;
      await journal.close();
    }
  },
});
