import { cpuSeconds, cpuSecondsOfTree } from "./usage.ts";
import { type Load, runWrk } from "./wrk.ts";

/** What a server did under a load. */
export interface Measured {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** What all its threads used of all processors, in microseconds for each request. */
  readonly cpuMicros: number;
  /** What the server that it keeps deliveries with used, in microseconds for each request. */
  readonly storeCpuMicros: number;
}

/**
 * Loads a server and tells what that cost.
 *
 * @param pid Its process.
 * @param load What is sent, and how.
 * @param storePid The process of the server that it keeps deliveries with, when it is another.
 */
export async function measureLoad(pid: number, load: Load, storePid?: number): Promise<Measured> {
  const ofStore = () => storePid === undefined ? 0 : cpuSecondsOfTree(storePid);
  const before = [await cpuSeconds(pid), await ofStore()] as const;
  const { requests, seconds, p50Ms, p99Ms } = await runWrk(load);
  const after = [await cpuSeconds(pid), await ofStore()] as const;
  return {
    requestsPerSecond: requests / seconds,
    p50Ms,
    p99Ms,
    cpuMicros: (after[0] - before[0]) / requests * 1_000_000,
    storeCpuMicros: (after[1] - before[1]) / requests * 1_000_000,
  };
}
