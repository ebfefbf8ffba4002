import { assertEquals } from "@std/assert";
import { startLoad } from "../../faults/load.ts";
import { deliver, PATHS } from "../delivery.ts";
import { approving, startReloadable } from "./reloadable.ts";

const OLD = "the-old-key";
const NEW = "the-new-key";

function configOf(...signatureKeys: readonly string[]): object {
  return { endpoints: [approving({ path: PATHS.order_approval, signatureKeys })] };
}

Deno.test("a key is rotated under load, and no request is refused or lost", async () => {
  await using server = await startReloadable(configOf(OLD));
  const { url } = server.program;
  const byOld = startLoad(url, "old", OLD);
  await byOld.reached(50);

  await server.replace(configOf(NEW, OLD));
  await server.served(1);
  const byNew = startLoad(url, "new", NEW);
  await byNew.reached(50);
  await byOld.reached(byOld.acknowledged.size + 50);

  await byOld.stop();
  await server.replace(configOf(NEW));
  await server.served(2);
  await byNew.reached(byNew.acknowledged.size + 50);
  await byNew.stop();

  assertEquals([[...byOld.refused], byOld.broken()], [[], 0]);
  assertEquals([[...byNew.refused], byNew.broken()], [[], 0]);
  assertEquals((await deliver(server.program, { key: OLD })).status, 401);
  assertEquals((await deliver(server.program, { key: NEW })).status, 200);
});
