/**
 * Ingestion of events beside what a user would write instead: Express with `standardwebhooks` on
 * Node, with a row for each in better-sqlite3 and with nothing kept. In one run, round by round in
 * turn, so that the ratios hold on a noisy machine. Needs Node, npm and `wrk`.
 */
import { compareIngestion } from "./ingestion/compare.ts";
import { installPeers } from "./install_peers.ts";
import { ingestionTable } from "./report/events.ts";

const folder = await Deno.makeTempDir();
try {
  await installPeers();
  const effort = { rounds: 7, seconds: 4, warmUpSeconds: 2 };
  console.log(ingestionTable(await compareIngestion(folder, effort)));
} finally {
  await Deno.remove(folder, { recursive: true });
}
