/** What instances remove at once, beside each other and beside who reads for long. */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import pg from "pg";
import { openPostgresJournal, openSharedJournal } from "../../lib/journal/postgres/open.ts";
import { makeWeeks } from "../../lib/journal/postgres/weeks.ts";
import { attempt, delivery, event, refusal } from "../lib/journal/samples.ts";
import { type Cluster, noCluster, startCluster } from "./cluster.ts";

const WEEK_MS = 7 * 24 * 3_600_000;

function test(name: string, run: (cluster: Cluster) => Promise<void>): void {
  Deno.test({
    name: name + (noCluster === undefined ? "" : ` (skipped: ${noCluster})`),
    ignore: noCluster !== undefined,
    fn: async () => await run(await startCluster({ settings: ["fsync = off"] })),
  });
}

test("what several instances remove at once is counted once", async (cluster) => {
  const journals = [1, 2, 3].map(() => openPostgresJournal({ url: cluster.url() }));
  const [journal] = journals;
  if (journal === undefined) throw new TypeError("There is no journal");
  await Promise.all(
    Array.from(
      { length: 600 },
      (_, index) =>
        journal.record(index % 10 === 0 ? refusal() : delivery(), {
          events: index % 10 === 0 ? [] : [
            event({
              forwardTo: index % 3 === 0 ? ["erp"] : [],
              warnings: index % 4 ? [] : ["odd"],
            }),
          ],
        }),
    ),
  );
  const leased = await journal.outbox.lease({
    owner: journal.leaseOwner,
    destination: "erp",
    limit: 1000,
    leaseMs: 60_000,
    now: Date.now(),
    ordered: true,
  });
  const outcome = { state: "delivered" } as const;
  await Promise.all(leased.map(({ lease }) => journal.outbox.complete(lease, attempt(), outcome)));
  // Some of what goes is sent again meanwhile.
  const [pruned] = await Promise.all([
    Promise.all(journals.map((each) => each.prune({ maxBytes: 200_000, budgetMs: 20_000 }))),
    journal.outbox.resend({ destination: "erp" }),
  ]);
  const { accepted, refused } = await journal.counts();
  const { events, withWarnings } = await journal.events.counts();
  const counted = [accepted, refused, events, withWarnings];
  const kept = await Array.fromAsync(journal.each(), ({ verifiedBy }) => verifiedBy === null);
  const warned = await Array.fromAsync(journal.events.each(), (each) => each.warnings.length > 0);
  assertEquals(counted, [
    kept.filter((isRefused) => !isRefused).length,
    kept.filter((isRefused) => isRefused).length,
    warned.length,
    warned.filter((isWarned) => isWarned).length,
  ]);
  assertEquals(pruned.reduce((sum, each) => sum + each.deliveries, 0), 600 - kept.length);
  assertEquals(pruned.reduce((sum, each) => sum + each.events, 0), 540 - warned.length);
  const states = await journal.outbox.countsByState();
  const forwards = { waiting: 0, delivered: 0, failed: 0, cancelled: 0 };
  for (const one of (await journal.outbox.list({ limit: 1000 })).forwards) forwards[one.state]++;
  assertEquals(states, forwards);
  // Nothing of it is taken for free that is not: what is left keeps to the limit.
  assertEquals((await journal.counts()).bytes > 0, true);
  await Promise.all(journals.map((each) => each.close()));
});

test("who reads for long keeps a past week, and is not asked over and over", async (cluster) => {
  const opened = [1, 2].map(() => openSharedJournal({ url: cluster.url() }));
  const now = Date.now();
  for (const { journal, database } of opened) {
    const receivedAt = now - 3 * WEEK_MS;
    await makeWeeks(database, receivedAt);
    await journal.record(delivery({ receivedAt }));
  }
  const reader = new pg.Client(cluster.url());
  await reader.connect();
  await reader.query("BEGIN");
  await reader.query("SELECT count(*) FROM deliveries");
  const journals = opened.map(({ journal }) => journal);
  for (let round = 0; round < 4; round++) {
    await Promise.all(
      journals.map((journal) => journal.prune({ olderThanMs: WEEK_MS, now, budgetMs: 1 })),
    );
  }
  // As everywhere, what is left of a week goes row by row.
  assertEquals((await Array.fromAsync(journals[0]?.each() ?? [])).length, 0);
  await reader.query("COMMIT");
  await reader.end();
  const log = await Deno.readTextFile(join(cluster.folder, "log"));
  assertEquals(log.split("due to lock timeout").length - 1 <= journals.length, true);
  await Promise.all(journals.map((journal) => journal.close()));
});
