/** Two instances at once: neither waits for what the other one holds while that waits for it. */
import { assertEquals } from "@std/assert";
import pg from "pg";
import { openPostgresJournal } from "../../lib/journal/postgres/open.ts";
import { attempt, delivery, event } from "../lib/journal/samples.ts";
import { noCluster, startCluster } from "./cluster.ts";

const ROUNDS = 60;

Deno.test({
  name: "what two instances record and forward at once never deadlocks" +
    (noCluster === undefined ? "" : ` (skipped: ${noCluster})`),
  ignore: noCluster !== undefined,
  async fn() {
    const cluster = await startCluster({ settings: ["fsync = off", "deadlock_timeout = 20ms"] });
    const journals = [1, 2].map(() => openPostgresJournal({ url: cluster.url() }));
    await Promise.all(journals.map((journal) => journal.counts()));
    await Promise.all(journals.flatMap((journal, place) => [
      ...Array.from({ length: 4 }, async (_, loop) => {
        for (let round = 0; round < ROUNDS; round++) {
          // Some bring the same again, and in another order.
          const numbers = [round % 7, loop + 3, round % 5];
          const events = (place === 0 ? numbers : numbers.toReversed()).map((number) =>
            event({ subject: `s${number}`, key: `k${number + round}`, forwardTo: ["erp", "mis"] })
          );
          await journal.record(delivery(), { events });
          await journal.record(delivery());
        }
      }),
      ...["erp", "mis"].map(async (destination) => {
        for (let round = 0; round < ROUNDS; round++) {
          const leased = await journal.outbox.lease({
            owner: journal.leaseOwner,
            destination,
            limit: 8,
            leaseMs: 60_000,
            now: Date.now(),
            ordered: true,
          });
          await Promise.all(
            leased.map(({ lease }) =>
              journal.outbox.complete(lease, attempt(), { state: "delivered" })
            ),
          );
        }
      }),
    ]));
    // What a connection has counted is told when it ends.
    await Promise.all(journals.map((journal) => journal.close()));
    const client = new pg.Client(cluster.url());
    await client.connect();
    const { rows: [row] } = await client.query(
      "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()",
    );
    await client.end();
    assertEquals(Number(row.deadlocks), 0);
  },
});
