/** Every contender under the same loads, in turn, round by round. */
import { memoryOf } from "../load/usage.ts";
import { headersOf, type SignedBody } from "../load/signed.ts";
import { type Measured, measureLoad } from "../load/measure.ts";
import type { Effort } from "../effort.ts";
import { median } from "../process.ts";
import type { Contender } from "./peers.ts";

/** A webhook that is called. */
export interface Call {
  readonly name: string;
  readonly path: string;
  readonly body: SignedBody;
}

/** A load: which webhook is called on how many connections. */
export interface Cell {
  readonly call: Call;
  readonly connections: number;
}

/** What a contender did under a load, each figure the median of its rounds. */
export interface Row extends Measured {
  readonly name: string;
  readonly call: string;
  readonly connections: number;
  /** Its throughput in each round, in requests a second. */
  readonly rounds: readonly number[];
  /** The throughput of the first contender over this one's: see {@linkcode ratioOfRounds}. */
  readonly firstToThis: number;
}

/** The throughput of one contender over that of another: the median of the rounds' ratios. */
export function ratioOfRounds(
  one: Pick<Row, "rounds"> | undefined,
  other: Pick<Row, "rounds"> | undefined,
): number {
  const rounds = other?.rounds ?? [];
  return median(rounds.map((rate, round) => (one?.rounds[round] ?? NaN) / rate));
}

const CONNECTIONS: readonly number[] = [1, 32, 128];

/**
 * Measures the contenders.
 *
 * @param contenders Of which the first is compared with the others.
 * @param calls The webhooks that are called.
 * @param effort How much.
 * @param tell Is told what is measured next.
 */
export async function compareThroughput(
  contenders: readonly Contender[],
  calls: readonly Call[],
  effort: Effort,
  tell: (text: string) => void,
): Promise<readonly Row[]> {
  for (const contender of contenders) {
    for (const call of calls) {
      await load(contender, { call, connections: 32 }, effort.warmUpSeconds);
    }
  }
  const rows: Row[] = [];
  for (const call of calls) {
    for (const connections of CONNECTIONS) {
      tell(`${call.name}, ${connections} connections`);
      rows.push(...await compareCell(contenders, { call, connections }, effort));
    }
  }
  return rows;
}

async function compareCell(
  contenders: readonly Contender[],
  cell: Cell,
  { rounds, seconds }: Effort,
): Promise<readonly Row[]> {
  const measured = contenders.map((contender) => ({ contender, all: new Array<Measured>() }));
  for (let round = 0; round < rounds; round++) {
    for (const { contender, all } of measured) all.push(await load(contender, cell, seconds));
  }
  const rows = measured.map(({ contender, all }) => ({
    name: contender.name,
    call: cell.call.name,
    connections: cell.connections,
    ...medianOf(all),
    rounds: all.map(({ requestsPerSecond }) => requestsPerSecond),
  }));
  const [first] = rows;
  return rows.map((row) => ({ ...row, firstToThis: ratioOfRounds(first, row) }));
}

/** Loads a contender with one cell. */
export async function load(
  contender: Contender,
  { call, connections }: Cell,
  seconds: number,
  pauseMs = 0,
): Promise<Measured> {
  return await measureLoad(contender.pid, {
    url: `${contender.url}${call.path}`,
    headers: headersOf(call.body, contender.signatureForm),
    bodyFile: call.body.file,
    connections,
    seconds,
    pauseMs,
  });
}

/** The median of each figure. */
export function medianOf(all: readonly Measured[]): Measured {
  const of = (figure: keyof Measured) => median(all.map((each) => each[figure]));
  return {
    requestsPerSecond: of("requestsPerSecond"),
    p50Ms: of("p50Ms"),
    p99Ms: of("p99Ms"),
    cpuMicros: of("cpuMicros"),
  };
}

/** The most memory that each contender ever had, in MiB, by its name. */
export async function peakMemory(
  contenders: readonly Contender[],
): Promise<ReadonlyMap<string, number>> {
  return new Map(
    await Promise.all(
      contenders.map(async ({ name, pid }) => [name, (await memoryOf(pid)).peakMiB] as const),
    ),
  );
}
