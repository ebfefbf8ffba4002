/**
 * Forwards to a fast receiver in another process, beside as many POSTs by the bare `fetch` of the
 * runtime with the same concurrency, which are the limit of the platform. In one run, round by round
 * in turn, so that the ratios hold on a noisy machine. What came is judged: nothing twice, and with
 * `ordered` nothing before what precedes it.
 */
import { compareForwards } from "./forwarding/compare.ts";
import { forwardingTable } from "./report/events.ts";

const folder = await Deno.makeTempDir();
try {
  console.log(forwardingTable(await compareForwards(folder, 3)));
} finally {
  await Deno.remove(folder, { recursive: true });
}
