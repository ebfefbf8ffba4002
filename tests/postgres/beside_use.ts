/** What is done with a shared journal beside requests: copying, retention, and a person's data. */
import { openCopyEnd, refuseWithoutJournal } from "../../lib/journal/postgres/copy.ts";
import type { PostgresJournal } from "../../lib/journal/postgres/open.ts";
import { attempt, bytesOf, delivery, event } from "../lib/journal/samples.ts";
import { DAY_MS, FIRST, NOW, STEP_MS } from "./many_rows.ts";

/** Copies what came last out and back, and what came lately and is not there any more. */
export async function useCopy(url: string): Promise<void> {
  await refuseWithoutJournal({ url });
  const { journal, exports, put, close } = openCopyEnd({ url });
  try {
    for await (const one of exports()) {
      await put({ exports: [one] });
      break;
    }
    const span = { since: NOW - 1000 };
    const deliveries = await Array.fromAsync(journal.each(span));
    const events = await Array.fromAsync(journal.events.each(span), async (event) => {
      const { forwards = [] } = await journal.events.get(event.id) ?? {};
      const details = await Promise.all(forwards.map(({ id }) => journal.outbox.get(id)));
      return { event, forwards: details.filter((one) => one !== undefined) };
    });
    await put({ deliveries, events });
  } finally {
    await close();
  }
}

/** Removes the oldest, by their age and for what waits. */
export async function usePrune(journal: PostgresJournal): Promise<void> {
  const options = { now: NOW, olderThanMs: NOW - FIRST - 300 * STEP_MS, budgetMs: 10_000 };
  await journal.prune({ ...options, maxWaitingBytes: 0 });
  await journal.prune({ ...options, olderThanMs: NOW - FIRST - DAY_MS / 2, dryRun: true });
}

/** Takes somebody out of everything. */
export async function useErase(journal: PostgresJournal): Promise<void> {
  const email = "ann@example.com";
  const named = bytesOf(`"${email}"`);
  const now = { receivedAt: NOW, answeredAt: NOW };
  const { token } = await journal.exportOf("/a", "of ann");
  await journal.record(delivery({ ...now, body: named }), {
    events: [
      event({ payload: named, subject: email }),
      event({ key: email, subject: "by key" }),
      event({ forwardTo: ["quoting"] }),
    ],
    exported: { token, list: named },
  });
  const { leaseOwner: owner, outbox } = journal;
  const leasing = { owner, destination: "quoting", limit: 1, leaseMs: 60_000, now: NOW + 1 };
  const [leased] = await outbox.lease({ ...leasing, ordered: true });
  if (leased === undefined) throw new Error("Nothing was leased");
  await outbox.complete(leased.lease, attempt({ error: email }), { state: "failed" });
  const entry = { who: email, by: "password", address: "", action: "a", target: "" } as const;
  await journal.console.change({ kind: "audit", entries: [{ ...entry, at: NOW, result: "ok" }] });
  await journal.erase(email, { dryRun: true });
  await journal.erase(email);
}
