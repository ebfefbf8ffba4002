/** Instances whose clocks differ, as those of two machines always do. */
import { assertEquals } from "@std/assert";
import { openPostgresJournal } from "../../lib/journal/postgres/open.ts";
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
