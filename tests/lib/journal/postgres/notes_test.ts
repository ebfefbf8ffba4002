import { assertEquals } from "@std/assert";
// @ts-types="@types/pg"
import pg from "pg";
import { openPostgresJournal } from "../../../../lib/journal/postgres/open.ts";
import { createChanges, eventually } from "../../../e2e/waits.ts";
import { noCluster, startCluster } from "../../../postgres/cluster.ts";

Deno.test({
  name: "what a command changes is told at once to those who forward, though it listens to nobody" +
    (noCluster === undefined ? "" : ` (skipped: ${noCluster})`),
  ignore: noCluster !== undefined,
  async fn() {
    const cluster = await startCluster({ settings: ["fsync = off"] });
    const place = { url: cluster.url() };
    const forwarding = openPostgresJournal(place);
    const { happened, until } = createChanges();
    let heard = 0;
    const end = forwarding.outbox.onChange(() => {
      heard++;
      happened();
    });
    const client = new pg.Client(place.url);
    await client.connect();
    await eventually("somebody who listens", async () => {
      const found = await client.query("SELECT FROM pg_stat_activity WHERE query LIKE 'LISTEN %'");
      return found.rowCount === 1;
    });
    await client.end();
    const command = openPostgresJournal(place);
    await command.outbox.enable("erp");
    // Before its note is sent: closing sends it.
    await command.close();
    await until("a note of the command", () => heard > 0);
    assertEquals(heard, 1);
    end();
    await forwarding.close();
  },
});
