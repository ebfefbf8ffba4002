/**
 * Records events and forwards them under load until it is killed, and prints each delivery as it
 * is acknowledged: the other half of `kill_events_test.ts`. Usage: event_recorder.ts JOURNAL
 */
import { openJournal } from "../../../../lib/journal/sqlite/open.ts";
import { attempt, delivery, event } from "../samples.ts";

const LANES = 16;
const [path = ""] = Deno.args;
const journal = openJournal(path);
const encoder = new TextEncoder();

async function record(lane: number): Promise<never> {
  for (let count = 0;; count++) {
    const each = delivery({ body: encoder.encode(`${lane} ${count}`) });
    const keys = Array.from({ length: 1 + count % 5 }, (_, index) => `${each.id}/${index}`);
    const forwardTo = ["crm", "erp"];
    const events = [
      event({ key: "the same each time", subject: "cart/same", forwardTo }),
      ...keys.map((key) => event({ key, subject: `cart/${count % 7}`, forwardTo })),
    ];
    await journal.record(each, { events });
    Deno.stdout.writeSync(encoder.encode(`${keys.join(" ")}\n`));
    if (count % 200 === 0) void journal.prune({ maxBytes: 1e9, budgetMs: 5 });
  }
}

async function forward(destination: string, ordered: boolean): Promise<never> {
  for (;;) {
    const now = Date.now();
    const wanted = { owner: destination, destination, limit: 8, leaseMs: 50, now, ordered };
    const leased = await journal.outbox.lease(wanted);
    await Promise.all(leased.map(async ({ lease, attempts }, index) => {
      if (index === 0) return void await journal.outbox.release([lease]);
      const waits = attempts < 2;
      const outcome = waits
        ? { state: "waiting" as const, dueAt: now + 10 }
        : { state: "delivered" as const };
      await journal.outbox.complete(lease, attempt({ startedAt: now }), outcome);
    }));
    // A turn for the others, also when nothing was due.
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}

await Promise.all([
  ...Array.from({ length: LANES }, (_, lane) => record(lane)),
  forward("crm", true),
  forward("erp", false),
]);
