/**
 * Plays days that no test can, by a model made of what one delivery, event and forward costs, which
 * it measures small on a PostgreSQL of its own; tells what saturates first. Small days are played and
 * run, so that the model stands beside what it models.
 *
 * Usage: deno task scale [--count N]
 */
import { parseArgs } from "@std/cli/parse-args";
import * as z from "zod";
import { table } from "./report/table.ts";
import { measureCosts } from "./scale/costs.ts";
import { costOfOne, type Machines, play, SCENARIOS } from "./scale/model.ts";
import { type Ran, runSmallDay, SMALL_DAYS } from "./scale/real.ts";

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

/** What is compared, and how it is written. */
const COMPARED: readonly (readonly [name: string, of: (ran: Ran) => number, digits: number])[] = [
  ["instance, s of processor", ({ instanceMicros }) => instanceMicros / 1e6, 1],
  ["database, s of processor", ({ databaseMicros }) => databaseMicros / 1e6, 1],
  ["log, MB", ({ logBytes }) => logBytes / 1e6, 0],
  ["stored, MB", ({ storedBytes }) => storedBytes / 1e6, 0],
  ["syncs", ({ syncs }) => syncs, 0],
  ["s, with as many processors as here", ({ seconds }) => seconds, 1],
];

console.log("\n## Small days, played and run\n");
for (const day of SMALL_DAYS) {
  const one = costOfOne(day, costs);
  const times = (n: number) => n * day.deliveries;
  const instanceMicros = times(one.instanceMicros);
  const databaseMicros = times(one.databaseMicros);
  const played: Ran = {
    instanceMicros,
    databaseMicros,
    logBytes: times(one.logBytes),
    storedBytes: times(one.storedBytes),
    syncs: times(one.syncs),
    // An instance answers with one thread; nothing is faster than what both need together.
    seconds: Math.max(
      instanceMicros,
      (instanceMicros + databaseMicros) / navigator.hardwareConcurrency,
    ) / 1e6,
  };
  const ran = await runSmallDay(day);
  console.log(table(
    [day.name, "played", "run", "run over played"],
    COMPARED.map(([name, of, digits]) => [
      name,
      of(played).toFixed(digits),
      of(ran).toFixed(digits),
      (of(ran) / of(played)).toFixed(2),
    ]),
  ));
}
