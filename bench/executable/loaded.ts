/** The memory of an executable under load. */
import { PATH } from "../approval/contender.ts";
import { writeDifferentOrders } from "../load/different_orders.ts";
import { memoryOf } from "../load/usage.ts";
import { runWrk } from "../load/wrk.ts";
import type { Server } from "../storehook.ts";

/** On so many connections each, one after the other. */
const CONNECTIONS = [8, 32, 128];

/**
 * Has an executable answer order approvals that differ, as fast as it can: so many on each number of
 * connections, that whoever is quicker has no more to keep.
 *
 * @param server The executable, which listens.
 * @param folder Where files go.
 * @param requests How many on each number of connections, at least.
 * @returns The most memory that it ever had, in MiB.
 */
export async function peakUnderLoad(
  { pid, url }: Server,
  folder: string,
  requests: number,
): Promise<number> {
  for (const connections of CONNECTIONS) {
    for (let answered = 0; answered < requests;) {
      const orders = (await writeDifferentOrders(folder))();
      answered +=
        (await runWrk({ ...orders, url: `${url}${PATH}`, connections, seconds: 2 })).requests;
    }
  }
  return (await memoryOf(pid)).peakMiB;
}
