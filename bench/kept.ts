/**
 * The program beside those that keep what they answer, as it does: a row for each delivery, synced
 * before the answer, in SQLite or on PostgreSQL. Needs Linux, Node, npm, `wrk`, and PostgreSQL for
 * the half of it.
 *
 * Usage: deno task bench:kept [--rounds N] [--seconds N]
 */
import { join } from "@std/path";
import { parseArgs } from "@std/cli/parse-args";
import * as z from "zod";
import { noCluster, startCluster } from "../tests/postgres/cluster.ts";
import { checkContender } from "./approval/check.ts";
import { type Call, compareThroughput, peakMemory, type Row } from "./approval/compare.ts";
import type { Contender } from "./approval/peers.ts";
import orderApproval from "../handlers/ustore/samples/order_approval.json" with { type: "json" };
import { installPeers, PEERS } from "./install_peers.ts";
import { writeSigned } from "./load/signed.ts";
import { startProcess } from "./process.ts";
import { figure, table } from "./report/table.ts";
import { serverOf, startStorehook } from "./storehook.ts";

const { rounds, seconds } = z.object({
  rounds: z.coerce.number().int().min(1).default(3),
  seconds: z.coerce.number().int().min(1).default(2),
}).parse(parseArgs(Deno.args, { string: ["rounds", "seconds"] }));

const SIGNED = { signatureForm: "base64", signs: true } as const;

async function startPeer(name: string, file: string, argument: string): Promise<Contender> {
  const process = startProcess("node", [join(PEERS, "approval", file), argument]);
  return { ...serverOf(name, process, `http://127.0.0.1:${await process.line()}`), ...SIGNED };
}

/** Those of which the first is the program. */
async function measure(contenders: readonly Contender[], call: Call): Promise<void> {
  await using started = new AsyncDisposableStack();
  for (const contender of contenders) {
    started.use(contender);
    await checkContender(contender, call.path, call.body);
  }
  const effort = { name: "quick", rounds, seconds, warmUpSeconds: 2, deliveries: 0 } as const;
  const rows = await compareThroughput(contenders, [call], effort, (text) => {
    console.error(`measuring ${text}`);
  });
  const memory = await peakMemory(contenders);
  console.log(table(
    [
      "",
      "connections",
      "requests a second",
      "the first one's over it",
      "p50, ms",
      "p99, ms",
      "processor µs",
      "most memory, MiB",
    ],
    rows.map((row) => cells(row, memory.get(row.name) ?? NaN)),
  ));
}

function cells(row: Row, memory: number): string[] {
  return [
    row.name,
    `${row.connections}`,
    figure(row.requestsPerSecond),
    figure(row.firstToThis),
    figure(row.p50Ms),
    figure(row.p99Ms),
    figure(row.cpuMicros),
    figure(memory),
  ];
}

const folder = await Deno.makeTempDir();
try {
  await installPeers();
  const call = {
    name: "Order approval",
    path: "/ustore/order-approval",
    body: await writeSigned(folder, "approval", orderApproval),
  };
  console.log("## In SQLite\n");
  const kept = join(folder, "kept");
  await measure([
    { ...await startStorehook({ folder: join(folder, "storehook") }), ...SIGNED },
    await startPeer("Fastify, better-sqlite3", "fastify_sqlite.js", kept),
    await startPeer("Express, better-sqlite3", "express_sqlite.js", kept),
  ], call);
  if (noCluster === undefined) {
    console.log("\n## On PostgreSQL\n");
    const cluster = await startCluster();
    const journal = { url: cluster.url(), spool: join(folder, "spool.db") };
    await measure([
      {
        ...await startStorehook({
          name: "Storehook on PostgreSQL",
          folder: join(folder, "shared"),
          config: { journal },
        }),
        ...SIGNED,
      },
      await startPeer("Fastify, pg", "fastify_pg.js", cluster.url()),
      { ...await startStorehook({ folder: join(folder, "beside") }), ...SIGNED },
    ], call);
  }
} finally {
  await Deno.remove(folder, { recursive: true });
}
