/** What a request costs in each thread of the program. */
import { writeDifferentOrders } from "../load/different_orders.ts";
import { threadTimes } from "../load/usage.ts";
import { runWrk } from "../load/wrk.ts";
import type { Loads } from "./compare.ts";
import { type Contender, PATH } from "./contender.ts";

/** What a request costs of all processors, in microseconds. */
export interface ThreadCosts {
  readonly connections: number;
  /** Where requests are read, decided and answered. */
  readonly program: number;
  readonly journal: number;
  /** Signatures, what the runtime compiles and cleans up. */
  readonly others: number;
}

/**
 * Measures it under some loads.
 *
 * @param contender The program, with its journal in SQLite.
 * @param loads On how many connections and for how long.
 */
export async function measureThreads(
  { pid, url }: Contender,
  { connections: counts, folder, seconds }: Omit<Loads, "rounds">,
): Promise<readonly ThreadCosts[]> {
  const measured: ThreadCosts[] = [];
  for (const connections of counts) {
    const orders = (await writeDifferentOrders(folder))();
    const before = await threadTimes(pid);
    const { requests } = await runWrk({ ...orders, url: `${url}${PATH}`, connections, seconds });
    const costs = { program: 0, journal: 0, others: 0 };
    for (const [id, { name, micros }] of await threadTimes(pid)) {
      const part = id === `${pid}` ? "program" : name.startsWith("worker") ? "journal" : "others";
      costs[part] += (micros - (before.get(id)?.micros ?? 0)) / requests;
    }
    measured.push({ connections, ...costs });
  }
  return measured;
}
