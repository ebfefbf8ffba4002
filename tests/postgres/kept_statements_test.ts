/** What a server reads and plans once for a connection, and where it must not be relied on. */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { openSharedJournal } from "../../lib/journal/postgres/open.ts";
import { delivery } from "../lib/journal/samples.ts";
import { type Cluster, noCluster, startCluster } from "./cluster.ts";
import { startProxy } from "./proxy.ts";

const COUNT = 5;

/** How often the server did what it logs of insertions of deliveries. */
async function logged(cluster: Cluster, what: RegExp): Promise<number> {
  const lines = (await Deno.readTextFile(join(cluster.folder, "log"))).split("\n");
  return lines.filter((line) => line.includes("INSERT INTO deliveries") && what.test(line)).length;
}

/** As pgbouncer and its like do: who asks for a connection gets a number that no server made. */
function withOtherNumber(bytes: Uint8Array): Uint8Array {
  const text = String.fromCharCode(...bytes.subarray(0, 2000));
  const at = text.indexOf("K\0\0\0\x0c");
  return at < 0 ? bytes : bytes.with(at + 5, 0x7f);
}

Deno.test({
  name: "an insertion of deliveries is planned once a connection",
  ignore: noCluster !== undefined,
}, async (t) => {
  const settings = ["fsync = off", "log_min_duration_statement = 0"];
  const cluster = await startCluster({ settings });

  await t.step("where that ends at the server", async () => {
    const { journal } = openSharedJournal({ url: cluster.url() });
    for (let count = 0; count < COUNT; count++) await journal.record(delivery());
    assertEquals((await journal.counts()).accepted, COUNT);
    await journal.close();
    assertEquals(await logged(cluster, / parse storehook_/), 1);
    assertEquals(await logged(cluster, / execute storehook_/), COUNT);
    assertEquals(await logged(cluster, / execute <unnamed>/), 0);
  });

  await t.step("and again where it has gone", async () => {
    const { journal, database } = openSharedJournal({ url: cluster.url() });
    const before = await logged(cluster, / parse storehook_/);
    for (let count = 0; count < COUNT; count++) {
      await journal.record(delivery());
      await database.query("DEALLOCATE ALL");
    }
    assertEquals((await journal.counts()).accepted, 2 * COUNT);
    assertEquals(journal.state(), { writable: true });
    await journal.close();
    assertEquals(await logged(cluster, / parse storehook_/), before + COUNT);
  });

  await t.step("but not where something between gives it to others, too", async () => {
    await using proxy = startProxy(cluster.port, withOtherNumber);
    const url = `postgres://postgres@127.0.0.1:${proxy.port}/postgres`;
    const { journal, database } = openSharedJournal({ url });
    const before = await logged(cluster, / parse storehook_/);
    for (let count = 0; count < COUNT; count++) {
      await journal.record(delivery());
      assert((await database.query("SELECT FROM pg_prepared_statements")).length === 0);
    }
    assertEquals((await journal.counts()).accepted, 3 * COUNT);
    await journal.close();
    assertEquals(await logged(cluster, / parse storehook_/), before);
    assertEquals(await logged(cluster, / execute <unnamed>/), COUNT);
  });
});
