import { openPostgresJournal } from "../../../../lib/journal/postgres/open.ts";
import { noCluster, startCluster } from "../../../postgres/cluster.ts";
import { testContract } from "../contract.ts";
import type { WithJournal } from "../samples.ts";

if (noCluster === undefined) await testOnCluster();
else Deno.test.ignore(`openPostgresJournal() keeps the contract: ${noCluster}`, () => {});

/** Each test has a schema of its own, in one cluster. */
async function testOnCluster(): Promise<void> {
  const cluster = await startCluster({ settings: ["fsync = off"] });
  let schemas = 0;
  const withJournal: WithJournal = async (run, refused) => {
    const place = { url: cluster.url(), schema: `test_${++schemas}` };
    const journal = openPostgresJournal(place, refused === undefined ? {} : { refused });
    try {
      await run(journal);
    } finally {
      await journal.close();
    }
  };
  testContract("openPostgresJournal()", withJournal, 8);
}
