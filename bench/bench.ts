/**
 * The program beside what a user would pick instead, how it grows, and what its executable costs,
 * in one run. Needs Linux, Node, npm and `wrk`.
 *
 * Usage: deno task bench [--quick] [--write] [--guard] [--compiler DENO]
 */
import { join } from "@std/path";
import { parseArgs } from "@std/cli/parse-args";
import * as z from "zod";
import manufacturer from "../handlers/ustore/samples/manufacturer.json" with { type: "json" };
import orderApproval from "../handlers/ustore/samples/order_approval.json" with { type: "json" };
import { checkContender } from "./approval/check.ts";
import { compareThroughput, peakMemory } from "./approval/compare.ts";
import { comparePaced, type Paced } from "./approval/paced.ts";
import { FASTIFY, STOREHOOK, SYNCED } from "./approval/names.ts";
import { type Contender, startPeers } from "./approval/peers.ts";
import { type Effort, FULL, QUICK } from "./effort.ts";
import type { ExecutableComparison } from "./executable/compare.ts";
import { growJournal } from "./growth/journals.ts";
import { growOrders } from "./growth/orders.ts";
import { growRules } from "./growth/rules.ts";
import { installPeers } from "./install_peers.ts";
import { measureSigning, writeSigned } from "./load/signed.ts";
import { sectionsOf } from "./report/sections.ts";
import { fallenTable, findFallen } from "./report/guard.ts";
import { PAGE, writeReport } from "./report/write.ts";
import type { Results } from "./results.ts";
import { startStorehook } from "./storehook.ts";

const options = z.object({
  quick: z.boolean(),
  write: z.boolean(),
  /** Whether to fail when a ratio fell by more than a tenth since the page was written. */
  guard: z.boolean(),
  /** The Deno that compiles. */
  compiler: z.string().default(Deno.execPath()),
}).parse(parseArgs(Deno.args, { boolean: ["quick", "write", "guard"], string: ["compiler"] }));

/** Those whose latency at half of the top load is of interest. */
const PACED: ReadonlySet<string> = new Set([STOREHOOK, FASTIFY, "Deno.serve by hand", SYNCED]);

/** What goes on goes where it does not mix with the tables. */
function tell(text: string): void {
  console.error(`measuring ${text}`);
}

async function compare(folder: string, effort: Effort) {
  const calls = [
    {
      name: "Order approval",
      path: "/ustore/order-approval",
      body: await writeSigned(folder, "approval", orderApproval),
    },
    {
      name: "Manufacturers of the items",
      path: "/ustore/manufacturer",
      body: await writeSigned(folder, "manufacturer", manufacturer),
    },
  ] as const;
  await using started = new AsyncDisposableStack();
  const storehook = await startStorehook({ folder: join(folder, "storehook") });
  const gated = await startStorehook({
    name: "Storehook behind its gate",
    folder: join(folder, "gated"),
    hostname: "0.0.0.0",
  });
  const contenders: readonly Contender[] = [
    { ...storehook, signatureForm: "base64", signs: true },
    { ...gated, signatureForm: "base64", signs: true },
    ...await startPeers(folder),
  ];
  for (const contender of contenders) {
    started.use(contender);
    for (const { path, body } of calls) await checkContender(contender, path, body);
  }
  const throughput = await compareThroughput(contenders, calls, effort, tell);
  const peakMiB = await peakMemory(contenders);
  const selected = contenders.filter(({ name }) => PACED.has(name));
  const paced: Paced[] = [];
  for (const halfOf of [STOREHOOK, FASTIFY]) {
    tell(`half of the top load of ${halfOf}`);
    paced.push(await comparePaced(selected, calls[0], { halfOf, throughput }, effort));
  }
  tell("signatures");
  const signing = await measureSigning(calls[0].body);
  return { throughput, peakMiB, paced, signing };
}

const costs = z.object({ startMs: z.number(), residentMiB: z.number(), sizeMB: z.number() });
const comparison = z.object({ storehook: costs, parts: costs, hello: costs });

/** By a Deno of its own, for one of them may find the runtime to compile with, and another not. */
async function compareExecutables(deno: string): Promise<ExecutableComparison | undefined> {
  const script = new URL("./executable.ts", import.meta.url).href;
  const { success, stdout } = await new Deno.Command(deno, {
    args: ["run", "--allow-all", "--no-lock", "--quiet", script, "--json"],
    stderr: "inherit",
  }).output();
  if (!success) return undefined;
  return comparison.parse(JSON.parse(new TextDecoder().decode(stdout)));
}

async function measure(folder: string, effort: Effort): Promise<Results> {
  const compared = await compare(folder, effort);
  tell("growing orders");
  const items = await growOrders(folder, effort);
  tell("growing lists of rules");
  const rules = await growRules(folder, effort);
  tell("a growing journal");
  const journal = await growJournal(folder, effort);
  tell("the executable");
  const executables = await compareExecutables(options.compiler);
  return { effort, ...compared, items, rules, journal, executables };
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
