import { openPostgresJournal } from "../../../../lib/journal/postgres/open.ts";
import { noCluster, startCluster } from "../../../postgres/cluster.ts";
import { testContract } from "../contract.ts";
import type { WithJournal } from "../samples.ts";

if (noCluster !== undefined) {
  Deno.test(`openPostgresJournal() keeps the contract (skipped: ${noCluster})`, {
    ignore: true,
    fn() {},
  });
} else {
  const cluster = await startCluster({ settings: ["fsync = off"] });
  let made = 0;
  const withJournal: WithJournal = async (run, refused) => {
    const schema = `test_${++made}`;
    const place = { url: cluster.url(), schema };
    const journal = await openPostgresJournal(place, refused === undefined ? {} : { refused });
    try {
      await run(journal);
    } finally {
      await journal.close();
    }
  };
  testContract("openPostgresJournal()", withJournal, 8);
  Deno.test.afterAll(async () => await cluster[Symbol.asyncDispose]());
}
