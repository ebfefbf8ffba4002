/**
 * The limit of the platform, a process of its own: as many POSTs by `fetch`, of the same bodies with
 * the same headers, with nothing before or after them. Takes a URL, how many, and how many at a
 * time; prints a line when it is done.
 */
import { bodyOf } from "./events.ts";

const [url = "", count = "", concurrency = ""] = Deno.args;
let next = 0;

async function post(): Promise<void> {
  while (next < Number(count)) {
    const index = next++;
    const response = await fetch(url, {
      method: "POST",
      body: bodyOf(index),
      headers: {
        "content-type": "application/json",
        "user-agent": "bench",
        "webhook-id": String(index),
        "webhook-timestamp": "1700000000",
        "storehook-source": "bench",
        "storehook-event-type": "order_create",
      },
    });
    await response.body?.cancel();
  }
}

await Promise.all(Array.from({ length: Number(concurrency) }, post));
console.log("done");
// Whoever asked reads what it cost, and ends it.
await Deno.stdin.read(new Uint8Array(1));
