import { join } from "@std/path";
import { startCluster } from "../../tests/postgres/cluster.ts";
import { writeDifferentOrders } from "../load/different_orders.ts";
import { runWrk } from "../load/wrk.ts";
import { type Server, startStorehook } from "../storehook.ts";

/** Of all instances together. */
const CONNECTIONS = 36;
const PATH = "/ustore/order-approval";

/**
 * Measures approvals a second by one, two and three instances, of a round each after the other.
 *
 * @param effort How much.
 * @returns Of each round, the three figures.
 */
export async function measureApprovals(
  { rounds, seconds }: { readonly rounds: number; readonly seconds: number },
): Promise<readonly (readonly number[])[]> {
  const folder = await Deno.makeTempDir();
  const cluster = await startCluster();
  await using started = new AsyncDisposableStack();
  started.defer(() => Deno.remove(folder, { recursive: true }));
  const orders = (await writeDifferentOrders(folder))();
  const servers: Server[] = [];
  for (const name of ["one", "two", "three"]) {
    const journal = { url: cluster.url(), spool: join(folder, `${name}.db`) };
    servers.push(
      started.use(await startStorehook({ name, folder: join(folder, name), config: { journal } })),
    );
  }

  async function perSecond(some: readonly Server[], lasting: number): Promise<number> {
    const connections = CONNECTIONS / some.length;
    const loads = await Promise.all(
      some.map(({ url }) =>
        runWrk({ ...orders, url: `${url}${PATH}`, connections, seconds: lasting })
      ),
    );
    return loads.reduce((sum, load) => sum + load.requests / load.seconds, 0);
  }

  // What is compiled while it runs is, after this.
  await perSecond(servers, 3);
  const figures: number[][] = [];
  for (let round = 0; round < rounds; round++) {
    const own: number[] = [];
    for (let count = 1; count <= servers.length; count++) {
      own.push(await perSecond(servers.slice(0, count), seconds));
    }
    figures.push(own);
  }
  return figures;
}
