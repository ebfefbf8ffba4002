import { cpuSeconds } from "./usage.ts";
import { type Load, runWrk } from "./wrk.ts";

/** What a server did under a load. */
export interface Measured {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** What all its threads used of all processors, in microseconds for each request. */
  readonly cpuMicros: number;
}

/**
 * Loads a server and tells what that cost.
 *
 * @param pid Its process.
 * @param load What is sent, and how.
 */
export async function measureLoad(pid: number, load: Load): Promise<Measured> {
  const before = await cpuSeconds(pid);
  const { requests, seconds, p50Ms, p99Ms } = await runWrk(load);
  const used = await cpuSeconds(pid) - before;
  return {
    requestsPerSecond: requests / seconds,
    p50Ms,
    p99Ms,
    cpuMicros: used / requests * 1_000_000,
  };
}
