import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import fc from "fast-check";
import type { AttemptOutcome, Lease, LeasedForward } from "../../../../lib/forward/outbox.ts";
import type { Journal } from "../../../../lib/journal/journal.ts";
import { openJournal } from "../../../../lib/journal/sqlite/open.ts";
import { memoryJournal } from "../memory/memory.ts";
import { attempt, bytesOf, delivery, event, refusal, withFolder } from "../samples.ts";
import { checkOutbox } from "./check_outbox.ts";

/** One step, done to both stores. */
type Step = (journal: Journal) => Promise<unknown>;

const destination = fc.constantFrom("erp", "crm");
const owner = fc.constantFrom("worker 1", "worker 2");
const time = fc.integer({ min: 0, max: 40 });
const key = fc.integer({ min: 0, max: 12 }).map(String);
const outcome: fc.Arbitrary<AttemptOutcome> = fc.oneof(
  fc.constantFrom<AttemptOutcome>({ state: "delivered" }, { state: "failed" }),
  time.map((dueAt) => ({ state: "waiting" as const, dueAt })),
);
const state = fc.constantFrom("waiting", "delivered", "failed", "cancelled");
const filter = fc.record({ state, destination, since: time, until: time }, { requiredKeys: [] });

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      at: time,
      events: fc.array(fc.record({ key, forwardTo: fc.array(destination, { maxLength: 2 }) }), {
        maxLength: 4,
      }),
    }).map(({ at, events }): Step => (journal) =>
      journal.record(delivery({ receivedAt: at, answeredAt: at }), {
        events: events.map((parts) =>
          event({
            ...parts,
            subject: `s${Number(parts.key) % 3}`,
            payload: bytesOf(`person${parts.key}@example.com`),
            warnings: Number(parts.key) % 2 === 0 ? ["odd"] : [],
          })
        ),
      })
    ),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      owner,
      destination,
      now: time,
      limit: fc.integer({ min: 1, max: 5 }),
      leaseMs: fc.integer({ min: 1, max: 9 }),
      ordered: fc.boolean(),
    }).map((options): Step => async (journal) => {
      const leased = await journal.outbox.lease(options);
      const known = leasesOf(journal);
      for (const { lease, destination, event: { key } } of leased) {
        known.set(`${key} ${destination}`, lease);
      }
      return leased.map(viewForward);
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ key, destination, outcome }).map((
      { key, destination, outcome },
    ): Step =>
    (journal) => journal.outbox.complete(leaseOf(journal, key, destination), attempt(), outcome)),
  },
  fc.record({ key, destination }).map(({ key, destination }): Step => async (journal) =>
    (await journal.outbox.release([leaseOf(journal, key, destination)])).length
  ),
  owner.map((owner): Step => (journal) => journal.outbox.reclaim(owner)),
  fc.record({ filter, now: time }).map(({ filter, now }): Step => (journal) =>
    journal.outbox.retry(filter, now)
  ),
  fc.record({ filter, now: time }).map(({ filter, now }): Step => (journal) =>
    journal.outbox.resend(filter, now)
  ),
  fc.record({ destination, latest: time, now: time }).map((
    { destination, latest, now },
  ): Step =>
  (journal) => journal.outbox.correctDueDates(destination, latest, now)),
  filter.map((filter): Step => (journal) => journal.outbox.cancel(filter)),
  fc.constant<Step>((journal) => journal.record(refusal({ receivedAt: 1, answeredAt: 1 }))),
  key.map((key): Step => (journal) => journal.erase(`person${key}@example.com`)),
  time.map((now): Step => (journal) => journal.prune({ olderThanMs: 20, now, budgetMs: 1000 })),
);

function viewForward({ event, id: _, lease: { number }, ...forward }: LeasedForward): unknown {
  return { ...forward, key: event.key, number };
}

/** The last lease that was given of each forward, whether it is held or not. */
const given = new WeakMap<Journal, Map<string, Lease>>();

function leasesOf(journal: Journal): Map<string, Lease> {
  const known = given.get(journal) ?? new Map<string, Lease>();
  given.set(journal, known);
  return known;
}

function leaseOf(journal: Journal, key: string, destination: string): Lease {
  return leasesOf(journal).get(`${key} ${destination}`) ??
    { id: "nobody", owner: "worker 1", number: 1 };
}

/** Everything but the ids, which differ, in an order that does not depend on them. */
async function view(journal: Journal): Promise<unknown> {
  const forwards = (await journal.outbox.list({ limit: 1000 })).forwards
    .map(({ id: _, event: { id: _id, deliveryId: _deliveryId, ...event }, ...forward }) => ({
      ...forward,
      event: { ...event, erasedAt: event.erasedAt !== null },
    }));
  const destinations = ["crm", "erp"];
  const counts = await journal.outbox.counts();
  const { accepted, refused } = await journal.counts();
  return {
    forwards,
    all: [accepted, refused, await journal.events.counts()],
    byState: await journal.outbox.countsByState(),
    counts: destinations.map((name) => counts.get(name)),
    due: await Promise.all(
      destinations.flatMap((name) =>
        [true, false].map((ordered) => journal.outbox.nextDueAt(name, ordered))
      ),
    ),
    events: await Array.fromAsync(
      journal.events.each(),
      ({ key, duplicates }) => [key, duplicates],
    ),
  };
}

Deno.test("openJournal() does with events and forwards what memoryJournal() does", () =>
  fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), (steps) =>
      withFolder(async (folder) => {
        const path = join(folder, "journal.db");
        const [file, memory] = [openJournal(path), memoryJournal()];
        for (const each of steps) {
          assertEquals(await each(file), await each(memory));
          assertEquals(await view(file), await view(memory));
        }
        checkOutbox(path);
        await file.close();
      })),
    { numRuns: 80 },
  ));
