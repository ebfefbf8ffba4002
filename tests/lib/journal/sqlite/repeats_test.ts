/** The rule for repeats where a journal is opened again, or was written by an older program. */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import fc from "fast-check";
import { DatabaseSync } from "node:sqlite";
import { eventKey } from "../../../../lib/events/event.ts";
import type { EventToRecord } from "../../../../lib/journal/events.ts";
import { migrate } from "../../../../lib/journal/sqlite/migrations.ts";
import { MIGRATIONS } from "../../../../lib/journal/sqlite/migrations.ts";
import type { Journal } from "../../../../lib/journal/journal.ts";
import { openJournal, type OpenOptions } from "../../../../lib/journal/sqlite/open.ts";
import { checkOutbox } from "./check_outbox.ts";
import { restoreJournal } from "../old_journals.ts";
import { delivery, event, withFolder } from "../samples.ts";

const HOUR_MS = 3_600_000;
const AT = 1_700_000_000_000;
const HOLD = event({ subject: "order/1", key: eventKey(["hold"]), forwardTo: [] });
const SHIP = event({ subject: "order/1", key: eventKey(["ship"]), forwardTo: [] });
const MESSAGE = event({ subject: "", key: "msg_1", content: eventKey(["m"]), forwardTo: [] });

/** Records events one after the other, and gives the keys of those that are kept. */
async function keptOf(
  path: string,
  events: readonly EventToRecord[],
  { receivedAt = AT, ...options }: OpenOptions & { readonly receivedAt?: number } = {},
): Promise<readonly string[]> {
  const journal = openJournal(path, options);
  try {
    const before = (await journal.events.counts()).events;
    for (const each of events) {
      await journal.record(delivery({ receivedAt, endpoint: "/uc" }), { events: [each] });
    }
    return (await Array.fromAsync(journal.events.each())).sort((a, b) => a.id < b.id ? -1 : 1)
      .slice(before).map(({ key }) => key);
  } finally {
    await journal.close();
  }
}

Deno.test("openJournal() knows what came before it was opened, within the window it is given", () =>
  withFolder(async (folder) => {
    const path = join(folder, "journal.db");
    assertEquals((await keptOf(path, [HOLD, SHIP, HOLD, MESSAGE])).length, 4);
    const later = { receivedAt: AT + 48 * HOUR_MS - 1 };
    assertEquals(await keptOf(path, [HOLD, MESSAGE], later), []);
    assertEquals(await keptOf(path, [HOLD], { ...later, repeatWindowMs: HOUR_MS }), [HOLD.key]);
  }));

Deno.test("openJournal() takes what an older program saw for seen", () =>
  withFolder(async (folder) => {
    const path = join(folder, "journal.db");
    writeSchema3(path);
    const receivedAt = AT + HOUR_MS;
    const pruned = event({ subject: "order/2", key: eventKey(["pruned"]), forwardTo: [] });
    const prunedId = event({ subject: "", key: "msg_pruned", content: "any", forwardTo: [] });
    assertEquals(await keptOf(path, [SHIP, MESSAGE, pruned, prunedId], { receivedAt }), []);
    // The one before the newest is news, as is what the older program saw too long ago.
    const old = event({ subject: "order/9", key: eventKey(["old"]), forwardTo: [] });
    assertEquals(await keptOf(path, [HOLD, old], { receivedAt }), [HOLD.key, old.key]);
  }));

Deno.test("openJournal() takes the events of a journal of version 0.1.0 for seen", () =>
  withFolder(async (folder) => {
    const path = await restoreJournal(folder, "in one file");
    const journal = openJournal(path);
    try {
      const kept = (await Array.fromAsync(journal.events.each())).filter(({ erasedAt }) =>
        erasedAt === null
      );
      const newest = new Map(kept.map((each) => [`${each.endpoint} ${each.subject}`, each]));
      const count = (await journal.events.counts()).events;
      for (const { endpoint, lastSeenAt: receivedAt, subject, key } of newest.values()) {
        const again = event({ subject, key, forwardTo: [] });
        await journal.record(delivery({ endpoint, receivedAt }), { events: [again] });
      }
      assertEquals((await journal.events.counts()).events, count);
    } finally {
      await journal.close();
    }
  }));

function writeSchema3(path: string): void {
  const database = new DatabaseSync(path);
  database.exec("PRAGMA auto_vacuum = INCREMENTAL");
  database.exec("PRAGMA journal_mode = WAL");
  migrate(database, 0, MIGRATIONS.slice(0, 3));
  const insertion = database.prepare(`
    INSERT INTO events (id, delivery_id, endpoint, key, received_at, last_seen_at, waiting, source,
      type, subject, candidates, warnings, payload_bytes, payload)
    VALUES (?, 'd', '/uc', ?, ?, ?, 0, 's', 't', ?, '[]', '[]', 2, x'7b7d')`);
  const old = eventKey(["old"]);
  insertion.run("0001", old, AT - 60 * HOUR_MS, AT - 50 * HOUR_MS, "order/9");
  insertion.run("0002", HOLD.key, AT - 2, AT - 2, "order/1");
  // It came for the first time long ago, and again a moment before.
  insertion.run("0003", SHIP.key, AT - 60 * HOUR_MS, AT, "order/1");
  insertion.run("0004", MESSAGE.key, AT, AT, "");
  const past = database.prepare(
    "INSERT INTO past_keys (endpoint, key, last_seen_at) VALUES ('/uc', ?, ?)",
  );
  past.run(eventKey(["pruned"]), AT);
  past.run("msg_pruned", AT);
  database.close();
}

const coming = (hours: number) =>
  fc.record({
    receivedAt: fc.integer({ min: 0, max: hours }).map((hour) => AT + hour * HOUR_MS),
    events: fc.array(
      fc.record({
        subject: fc.constantFrom("1", "2\0", "", "ann@example.com"),
        key: fc.constantFrom("a", "b\0c", "b\0d"),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    /** Some have the sender's own ids. */
    content: fc.constantFrom({}, { content: "x" }, { content: "y" }),
    erased: fc.boolean(),
  });

/**
 * Deliveries of a clock that is set to and fro within the window, or goes on beyond it. Where it goes
 * on beyond it and comes back, what was forgotten meanwhile may be kept a second time, and when
 * something is forgotten depends on how many came since the journal was opened.
 */
const comings = fc.oneof(
  fc.array(coming(47), { minLength: 1, maxLength: 8 }),
  fc.array(coming(60), { minLength: 1, maxLength: 8 }).map((all) =>
    all.toSorted((a, b) => a.receivedAt - b.receivedAt)
  ),
);

Deno.test("openJournal() finds the same repeats whether it was opened anew or not", () =>
  fc.assert(
    fc.asyncProperty(comings, (all) =>
      withFolder(async (folder) => {
        const kept = async (journal: Journal) =>
          await Array.fromAsync(
            journal.events.each(),
            ({ key, subject, duplicates }) => [subject, key, duplicates],
          );
        const open = (name: string) => openJournal(join(folder, name));
        const left = open("left.db");
        for (const { receivedAt, events, content, erased } of all) {
          const again = open("again.db");
          for (const journal of [left, again]) {
            await journal.record(delivery({ receivedAt, endpoint: "/uc" }), {
              events: events.map((each) => event({ ...each, ...content, forwardTo: [] })),
            });
            if (erased) await journal.erase("ann@example.com");
          }
          assertEquals(await kept(again), await kept(left));
          await again.close();
        }
        await left.close();
        for (const name of ["left.db", "again.db"]) checkOutbox(join(folder, name));
      })),
    { numRuns: 12 },
  ));

Deno.test("record() removes in time what no retry can reach any more", () =>
  withFolder(async (folder) => {
    const path = join(folder, "journal.db");
    const numbered = (day: number) =>
      Array.from({ length: 200 }, (_, number) => {
        return event({ key: eventKey([`${day} ${number}`]), forwardTo: [] });
      });
    for (const day of [0, 3, 6]) {
      await keptOf(path, numbered(day), { receivedAt: AT + day * 24 * HOUR_MS });
    }
    const database = new DatabaseSync(path, { readOnly: true });
    try {
      const { n } = database.prepare("SELECT count(*) AS n FROM recent_events").get() ?? {};
      // Those of the last day, and the few that were looked at when they could still be reached.
      assertEquals(Number(n) >= 200 && Number(n) < 250, true, `${n} are known`);
    } finally {
      database.close();
    }
  }));
