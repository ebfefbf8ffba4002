/**
 * One, two and three instances on one PostgreSQL, in turn, so that the ratios hold on a noisy
 * machine: order approvals and forwards a second. Then a backtest of many deliveries that stand
 * there. Needs PostgreSQL and, for approvals, `wrk`.
 *
 * Usage: deno task bench:instances [approvals|forwards|backtest] [--rounds N] [--seconds N]
 * [--forwards N] [--deliveries N]
 */
import { parseArgs } from "@std/cli/parse-args";
import * as z from "zod";
import { measureApprovals } from "./instances/approvals.ts";
import { measureBacktest } from "./instances/backtest.ts";
import { measureForwards } from "./instances/forwards.ts";
import { median } from "./process.ts";
import { figure, table } from "./report/table.ts";

const MEASURED = ["approvals", "forwards", "backtest"] as const;
const count = z.coerce.number().int().min(1);
const { _: [only], rounds, seconds, forwards, deliveries } = z.object({
  _: z.array(z.enum(MEASURED)).max(1),
  rounds: count.default(5),
  seconds: count.default(3),
  forwards: count.default(6000),
  deliveries: count.default(1_000_000),
}).parse(parseArgs(Deno.args));

/** A row for each number of instances, the first of which is what the others are compared with. */
function show(what: string, rounds: readonly (readonly number[])[]): void {
  const rows = [0, 1, 2].map((index) => [
    `${index + 1}`,
    figure(median(rounds.map((round) => round[index] ?? NaN))),
    figure(median(rounds.map((round) => (round[index] ?? NaN) / (round[0] ?? NaN)))),
  ]);
  console.log(`## ${what}\n\n${table(["instances", "a second", "over one"], rows)}`);
}

const wants = (one: typeof MEASURED[number]) => only === undefined || only === one;

if (wants("approvals")) show("Approvals", await measureApprovals({ rounds, seconds }));
if (wants("forwards")) show("Forwards", await measureForwards({ rounds, forwards }));
if (wants("backtest")) {
  const { storedBytes, seconds, perSecond } = await measureBacktest(deliveries);
  console.log(`## Backtest\n`);
  console.log(table(["deliveries", "stored, GB", "s", "a second"], [[
    `${deliveries}`,
    figure(storedBytes / 1e9),
    figure(seconds),
    figure(perSecond),
  ]]));
}
