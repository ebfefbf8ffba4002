/** One server under growing requests: what each further item or rule costs. */
import { headersOf, type SignedBody } from "../load/signed.ts";
import { measureLoad } from "../load/measure.ts";
import type { Effort } from "../effort.ts";
import { median } from "../process.ts";
import type { Server } from "../storehook.ts";

/** A request of some size. */
export interface Size {
  readonly count: number;
  readonly path: string;
  readonly body: SignedBody;
}

/** What a request of some size costs. */
export interface Point {
  readonly count: number;
  readonly p50Ms: number;
  readonly cpuMicros: number;
  /** What each of them costs beyond the smallest request, in microseconds of all processors. */
  readonly microsEach: number;
}

/** The last request is cut off when the time is over: what it cost must not count for much. */
const LEAST_REQUESTS = 12;

/**
 * Measures a server with each size in turn, round by round, on one connection.
 *
 * @param server The server.
 * @param sizes Growing; the first is what the others are compared with.
 * @param effort How much.
 */
export async function measureCurve(
  server: Server,
  sizes: readonly Size[],
  { rounds, warmUpSeconds }: Effort,
): Promise<readonly Point[]> {
  const load = ({ path, body }: Size, seconds: number) =>
    measureLoad(server.pid, {
      url: `${server.url}${path}`,
      headers: headersOf(body),
      bodyFile: body.file,
      connections: 1,
      seconds,
    });
  const measured = [];
  // The first round warms up, and tells how long each size takes.
  for (const size of sizes) {
    const { p50Ms } = await load(size, warmUpSeconds);
    const seconds = Math.max(1, Math.ceil(LEAST_REQUESTS * p50Ms / 1000));
    measured.push({ size, seconds, p50Ms: new Array<number>(), cpuMicros: new Array<number>() });
  }
  for (let round = 0; round < rounds; round++) {
    for (const { size, seconds, p50Ms, cpuMicros } of measured) {
      const one = await load(size, seconds);
      p50Ms.push(one.p50Ms);
      cpuMicros.push(one.cpuMicros);
    }
  }
  const points = measured.map(({ size, p50Ms, cpuMicros }) => ({
    count: size.count,
    p50Ms: median(p50Ms),
    cpuMicros: median(cpuMicros),
  }));
  const [smallest] = points;
  return points.map((point) => ({
    ...point,
    microsEach: (point.cpuMicros - (smallest?.cpuMicros ?? NaN)) /
      (point.count - (smallest?.count ?? NaN)),
  }));
}
