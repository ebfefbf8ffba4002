/** A queue that fills within seconds is found by its indexes, though the database knew it empty. */
import { assertEquals } from "@std/assert";
import { openPostgresJournal } from "../../lib/journal/postgres/open.ts";
import { eventually } from "../e2e/waits.ts";
import { attempt, delivery, event } from "../lib/journal/samples.ts";
import { noCluster, startCluster } from "./cluster.ts";
import { startExplaining } from "./explained.ts";

const DELIVERIES = 100;
const EVENTS_EACH = 40;
/** Of 8 KiB, for the forwards that are leased and completed at once. */
const FEW_PAGES = 300;

Deno.test({
  name: "an instance has the database look again at what has grown" +
    (noCluster === undefined ? "" : ` (skipped: ${noCluster})`),
  ignore: noCluster !== undefined,
  async fn() {
    // What looks once a minute by itself does not in a minute that is shorter than this.
    const cluster = await startCluster({ settings: ["fsync = off", "autovacuum = off"] });
    const journal = openPostgresJournal({ url: cluster.url() });
    const { outbox, leaseOwner: owner } = journal;

    /** Sends one, and tells how much the database read for it at most. */
    async function forwardOne(): Promise<number> {
      using explaining = startExplaining();
      const leasing = { owner, destination: "erp", leaseMs: 60_000, ordered: true };
      const [leased] = await outbox.lease({ ...leasing, limit: 1, now: Date.now() });
      if (leased === undefined) throw new Error("Nothing was leased");
      assertEquals(await outbox.complete(leased.lease, attempt(), { state: "delivered" }), true);
      return Math.max(...explaining.statements.map(({ pages }) => pages));
    }

    try {
      for (let count = 0; count < DELIVERIES; count++) {
        await journal.record(delivery(), {
          events: Array.from({ length: EVENTS_EACH }, () => event()),
        });
      }
      // It serves from here on.
      journal.describe({ host: "one", version: "1", config: "c" });
      let pages = 0;
      await eventually("few pages", async () => (pages = await forwardOne()) < FEW_PAGES, {
        soFar: () => `${pages}`,
      });
    } finally {
      await journal.close();
    }
  },
});
