/** The memory of the executable under the loads of those that keep what they answer. */
import { join } from "@std/path";
import { PATH } from "../approval/contender.ts";
import { type Effort, KEPT_CONNECTIONS } from "../effort.ts";
import { writeDifferentOrders } from "../load/different_orders.ts";
import { memoryOf } from "../load/usage.ts";
import { runWrk } from "../load/wrk.ts";
import { startStorehook } from "../storehook.ts";

/**
 * Puts an executable under the same loads as the program is put from its sources beside others.
 *
 * @param executable Its file.
 * @param folder Where files go.
 * @param effort How long it is warmed up and loaded.
 * @returns The most memory that it ever had, in MiB.
 */
export async function peakUnderLoad(
  executable: string,
  folder: string,
  { rounds, seconds, warmUpSeconds }: Effort,
): Promise<number> {
  await using server = await startStorehook({ folder: join(folder, "loaded"), executable });
  const url = `${server.url}${PATH}`;
  const load = async (connections: number, forSeconds: number) => {
    const orders = (await writeDifferentOrders(folder))("base64");
    await runWrk({ ...orders, url, connections, seconds: forSeconds });
  };
  await load(32, warmUpSeconds);
  for (const connections of KEPT_CONNECTIONS) {
    for (let round = 0; round < rounds; round++) await load(connections, seconds);
  }
  return (await memoryOf(server.pid)).peakMiB;
}
