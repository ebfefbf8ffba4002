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
  { rounds }: Effort,
): Promise<readonly Point[]> {
  const load = ({ path, body }: Size) =>
    measureLoad(server.pid, {
      url: `${server.url}${path}`,
      headers: headersOf(body),
      bodyFile: body.file,
      connections: 1,
      seconds: 1,
    });
  const measured = sizes.map((size) => ({
    size,
    p50Ms: new Array<number>(),
    cpuMicros: new Array<number>(),
  }));
  // The first round warms up.
  for (let round = -1; round < rounds; round++) {
    for (const { size, p50Ms, cpuMicros } of measured) {
      const one = await load(size);
      if (round < 0) continue;
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
