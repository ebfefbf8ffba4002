/**
 * Plays days that no test can, by a model made of what one delivery, event and forward costs, which
 * it measures small on a PostgreSQL of its own; tells what saturates first.
 *
 * Usage: deno task scale [--count N]
 */
import { parseArgs } from "@std/cli/parse-args";
import * as z from "zod";
import { table } from "./report/table.ts";
import { measureCosts } from "./scale/costs.ts";
import { type Machines, play, SCENARIOS } from "./scale/model.ts";

const { count } = z.object({ count: z.coerce.number().int().min(320).default(3200) })
  .parse(parseArgs(Deno.args, { string: ["count"] }));

const costs = await measureCosts(count);
console.log("## What one costs\n");
console.log(table(
  ["", "instance, µs", "database, µs", "log, bytes", "stored, bytes", "syncs"],
  Object.entries(costs).map(([name, cost]) => [
    name,
    cost.instanceMicros.toFixed(0),
    cost.databaseMicros.toFixed(0),
    cost.logBytes.toFixed(0),
    cost.storedBytes.toFixed(0),
    cost.syncs.toFixed(3),
  ]),
));

/** A server that one can rent: 16 cores, a disk of 500 MB/s and 10,000 syncs a second. */
const MACHINES: Machines = {
  instanceCores: 1,
  databaseCores: 16,
  diskBytesPerSecond: 500e6,
  syncsPerSecond: 10_000,
};

console.log("\n## Days\n");
console.log(table(
  [
    "day",
    "at its peak, a second",
    "instances",
    "database, cores",
    "log, MB/s",
    "stored, GB",
    "first",
  ],
  SCENARIOS.map((scenario) => {
    const played = play(scenario, costs, MACHINES);
    return [
      scenario.name,
      played.peakPerSecond.toFixed(0),
      `${played.instances}`,
      `${played.databaseCores.toFixed(1)} of ${MACHINES.databaseCores}`,
      (played.logBytesPerSecond / 1e6).toFixed(0),
      (played.storedBytes / 1e9).toFixed(0),
      played.first,
    ];
  }),
));
