/** Every contender under the same loads, in turn, round by round, with orders that differ. */
import type { Effort } from "../effort.ts";
import { writeDifferentOrders } from "../load/different_orders.ts";
import { type Measured, measureLoad } from "../load/measure.ts";
import { memoryOf } from "../load/usage.ts";
import { median } from "../process.ts";
import { type Contender, PATH } from "./contender.ts";

/** What a contender did under a load, each figure the median of its rounds. */
export interface Row extends Measured {
  readonly name: string;
  readonly connections: number;
  /** Its throughput in each round, in requests a second. */
  readonly rounds: readonly number[];
  /** The throughput of the first contender over this one's: see {@linkcode ratioOfRounds}. */
  readonly firstToThis: number;
}

/** What all contenders of a kind did. */
export interface Compared {
  readonly rows: readonly Row[];
  /** The most memory that each ever had, in MiB, by its name. */
  readonly peakMiB: ReadonlyMap<string, number>;
  /** The names of those that this machine has not. */
  readonly missing: readonly string[];
}

/** The throughput of one contender over that of another: the median of the rounds' ratios. */
export function ratioOfRounds(
  one: Pick<Row, "rounds"> | undefined,
  other: Pick<Row, "rounds"> | undefined,
): number {
  const rounds = other?.rounds ?? [];
  return median(rounds.map((rate, round) => (one?.rounds[round] ?? NaN) / rate));
}

/** How contenders are loaded. */
export interface Loads extends Pick<Effort, "rounds" | "seconds"> {
  /** On how many connections, one after the other. */
  readonly connections: readonly number[];
  /** Where files go. */
  readonly folder: string;
  /** The mean pause of a connection before each request. */
  readonly pauseMs?: number;
}

/**
 * Measures contenders.
 *
 * @param contenders Of which the first is compared with the others.
 * @param loads How they are loaded.
 * @returns A row for each under each load.
 */
export async function compareThroughput(
  contenders: readonly Contender[],
  loads: Loads,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const connections of loads.connections) {
    console.error(`measuring ${contenders.length} servers on ${connections} connections`);
    rows.push(...await compareOn(connections, contenders, loads));
  }
  return rows;
}

async function compareOn(
  connections: number,
  contenders: readonly Contender[],
  { rounds, seconds, folder, pauseMs = 0 }: Loads,
): Promise<readonly Row[]> {
  const measured = contenders.map((contender) => ({ contender, all: new Array<Measured>() }));
  for (let round = 0; round < rounds; round++) {
    const orders = await writeDifferentOrders(folder);
    // Nobody comes always after the same one.
    for (const { contender, all } of round % 2 === 0 ? measured : measured.toReversed()) {
      const { pid, storePid, url, signatureForm } = contender;
      const load = {
        ...orders(signatureForm),
        url: `${url}${PATH}`,
        connections,
        seconds,
        pauseMs,
      };
      all.push(await measureLoad(pid, load, storePid));
    }
  }
  const rows = measured.map(({ contender: { name }, all }) => ({
    ...{ name, connections, ...medianOf(all) },
    rounds: all.map(({ requestsPerSecond }) => requestsPerSecond),
  }));
  const [first] = rows;
  return rows.map((row) => ({ ...row, firstToThis: ratioOfRounds(first, row) }));
}

/** The median of each figure. */
function medianOf(all: readonly Measured[]): Measured {
  const of = (figure: keyof Measured) => median(all.map((each) => each[figure]));
  return {
    requestsPerSecond: of("requestsPerSecond"),
    p50Ms: of("p50Ms"),
    p99Ms: of("p99Ms"),
    cpuMicros: of("cpuMicros"),
    storeCpuMicros: of("storeCpuMicros"),
  };
}

/** The most memory that each contender ever had, in MiB, by its name; without what it keeps with. */
export async function peakMemory(
  contenders: readonly Contender[],
): Promise<ReadonlyMap<string, number>> {
  return new Map(
    await Promise.all(
      contenders.map(async ({ name, pid }) => [name, (await memoryOf(pid)).peakMiB] as const),
    ),
  );
}
