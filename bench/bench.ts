/**
 * The program beside what a user would pick instead, how it grows, and what its executable costs,
 * in one run. Needs Linux, Node, npm and `wrk`.
 *
 * Usage: deno task bench [--quick] [--write] [--guard] [--compiler DENO]
 */
import { join } from "@std/path";
import { parseArgs } from "@std/cli/parse-args";
import * as z from "zod";
import orderApproval from "../handlers/ustore/samples/order_approval.json" with { type: "json" };
import { noCluster, startCluster } from "../tests/postgres/cluster.ts";
import { barePeers } from "./approval/bare_peers.ts";
import { type Compared, compareThroughput, peakMemory } from "./approval/compare.ts";
import { SIGNED, startContenders, type Started, type Starting } from "./approval/contender.ts";
import { keptPeers, postgresPeers } from "./approval/kept_peers.ts";
import * as names from "./approval/names.ts";
import { comparePaced } from "./approval/paced.ts";
import { measureThreads } from "./approval/threads.ts";
import { type Effort, FULL, KEPT_CONNECTIONS, QUICK } from "./effort.ts";
import type { ExecutableComparison } from "./executable/compare.ts";
import { compareForwards } from "./forwarding/compare.ts";
import { growJournal } from "./growth/journals.ts";
import { growOrders } from "./growth/orders.ts";
import { growRules } from "./growth/rules.ts";
import { compareIngestion } from "./ingestion/compare.ts";
import { installPeers } from "./install_peers.ts";
import { measureSigning, writeSigned } from "./load/signed.ts";
import { sectionsOf } from "./report/sections.ts";
import { fallenTable, findFallen } from "./report/guard.ts";
import { PAGE, writeReport } from "./report/write.ts";
import type { Results } from "./results.ts";
import { startStorehook, type StorehookOptions } from "./storehook.ts";

const options = z.object({
  quick: z.boolean(),
  write: z.boolean(),
  /** Whether to fail when a ratio fell by more than a tenth since the page was written. */
  guard: z.boolean(),
  /** The Deno that compiles. */
  compiler: z.string().default(Deno.execPath()),
}).parse(parseArgs(Deno.args, { boolean: ["quick", "write", "guard"], string: ["compiler"] }));

/** Those whose latency at half of the top load is of interest. */
const PACED: ReadonlySet<string> = new Set([
  ...[names.STOREHOOK, names.FASTIFY_SQLITE, names.BARE_SQLITE, names.SYNCED],
]);
/** Two tell enough of those that do less. */
const BARE_CONNECTIONS: readonly number[] = [1, 32];

/** What goes on goes where it does not mix with the tables. */
function tell(text: string): void {
  console.error(`measuring ${text}`);
}

/** The program, and the process of the server that it keeps deliveries with when it is another. */
function program(options: StorehookOptions & { name: string }, storePid?: number): Starting {
  return {
    name: options.name,
    start: async () => ({
      ...await startStorehook(options),
      ...SIGNED,
      ...(storePid === undefined ? {} : { storePid }),
    }),
  };
}

async function compareGroup(
  { contenders, missing }: Started,
  folder: string,
  effort: Effort,
  connections: readonly number[],
): Promise<Compared> {
  const rows = await compareThroughput(contenders, { ...effort, folder, connections });
  return { rows, peakMiB: await peakMemory(contenders), missing };
}

async function compareKept(folder: string, effort: Effort) {
  await using started = await startContenders(
    [
      program({ name: names.STOREHOOK, folder: join(folder, "storehook") }),
      program({ name: names.GATED, folder: join(folder, "gated"), hostname: "0.0.0.0" }),
      ...keptPeers(folder),
    ],
    folder,
    effort.compileSeconds,
  );
  const kept = await compareGroup(started, folder, effort, KEPT_CONNECTIONS);
  tell("half of the top load");
  const selected = started.contenders.filter(({ name }) => PACED.has(name));
  const top = kept.rows.filter(({ name }) => name === names.STOREHOOK);
  const paced = await comparePaced(selected, top, { ...effort, folder });
  tell("threads");
  const [storehook] = started.contenders;
  const threads = storehook === undefined
    ? []
    : await measureThreads(storehook, { ...effort, folder, connections: BARE_CONNECTIONS });
  return { kept, paced, threads };
}

async function comparePostgres(folder: string, effort: Effort): Promise<Compared | undefined> {
  if (noCluster !== undefined) return undefined;
  const cluster = await startCluster();
  const pidFile = await Deno.readTextFile(join(cluster.folder, "data", "postmaster.pid"));
  const storePid = Number(pidFile.split("\n")[0]);
  const journal = { url: cluster.url(), spool: join(folder, "spool.db") };
  await using started = await startContenders(
    [
      program({
        name: names.STOREHOOK_PG,
        folder: join(folder, "shared"),
        config: { journal },
      }, storePid),
      ...postgresPeers(cluster.url(), storePid),
    ],
    folder,
    effort.compileSeconds,
  );
  return await compareGroup(started, folder, effort, KEPT_CONNECTIONS);
}

async function compareBare(folder: string, effort: Effort): Promise<Compared> {
  await using started = await startContenders(
    [
      program({ name: names.STOREHOOK, folder: join(folder, "beside-bare") }),
      ...barePeers(folder),
    ],
    folder,
    effort.compileSeconds,
  );
  return await compareGroup(started, folder, effort, BARE_CONNECTIONS);
}

const costs = z.object({ startMs: z.number(), residentMiB: z.number(), sizeMB: z.number() });
const comparison = z.object({
  ...{ storehook: costs, parts: costs, hello: costs },
  peakMiB: z.object({ storehook: z.number(), parts: z.number() }),
});

/** By a Deno of its own, for one of them may find the runtime to compile with, and another not. */
async function compareExecutables(
  deno: string,
  { name }: Effort,
): Promise<ExecutableComparison | undefined> {
  const script = new URL("./executable.ts", import.meta.url).href;
  const { success, stdout } = await new Deno.Command(deno, {
    args: [
      ...["run", "--allow-all", "--no-lock", "--quiet", script, "--json"],
      ...(name === "quick" ? ["--quick"] : []),
    ],
    stderr: "inherit",
  }).output();
  if (!success) return undefined;
  return comparison.parse(JSON.parse(new TextDecoder().decode(stdout)));
}

async function measure(folder: string, effort: Effort): Promise<Results> {
  const kept = await compareKept(folder, effort);
  const postgres = await comparePostgres(folder, effort);
  const bare = await compareBare(folder, effort);
  tell("events");
  const ingestion = await compareIngestion(folder, effort);
  tell("forwards");
  const forwarding = await compareForwards(folder, effort.rounds);
  tell("signatures");
  const signing = await measureSigning(await writeSigned(folder, "approval", orderApproval));
  tell("growing orders");
  const items = await growOrders(folder, effort);
  tell("growing lists of rules");
  const rules = await growRules(folder, effort);
  tell("a growing journal");
  const journal = await growJournal(folder, effort);
  tell("the executable");
  const executables = await compareExecutables(options.compiler, effort);
  return {
    ...{ effort, ...kept, postgres, bare, ingestion, forwarding, signing },
    ...{ items, rules, journal, executables },
  };
}

/** Before the page is written anew. */
async function guard(measured: string): Promise<void> {
  const fallen = findFallen(await Deno.readTextFile(PAGE), measured);
  console.log(fallen.length === 0 ? "No ratio fell by more than a tenth" : fallenTable(fallen));
  if (fallen.length > 0) Deno.exitCode = 1;
}

const folder = await Deno.makeTempDir();
try {
  await installPeers();
  const results = await measure(folder, options.quick ? QUICK : FULL);
  const measured = sectionsOf(results).map(({ head, text }) => `## ${head}\n\n${text}`);
  for (const section of measured) console.log(section);
  if (options.guard) await guard(measured.join("\n"));
  if (options.write) await writeReport(results);
} finally {
  await Deno.remove(folder, { recursive: true });
}
