/** All that requests, forwarding and pages of the console do with a shared journal. */
import type { Journal } from "../../lib/journal/journal.ts";
import { openSharedJournal, type PostgresJournal } from "../../lib/journal/postgres/open.ts";
import { eventually } from "../e2e/waits.ts";
import { attempt, delivery, event, refusal } from "../lib/journal/samples.ts";
import { DAY_MS, NOW } from "./many_rows.ts";

/** Does all that requests, forwarding and pages of the console do. */
export async function useAll(journal: PostgresJournal): Promise<void> {
  await recordAll(journal);
  await listAll(journal);
  await forwardAll(journal);
  await useConsole(journal);
  journal.describe({ host: "one", version: "1", config: "c" });
  await journal.instances();
}

/** Another instance, which keeps less of strangers and takes over from one that died. */
export async function useAnother(url: string): Promise<void> {
  const refused = { count: 1, bodyBytes: 100 };
  const { journal, database } = openSharedJournal({ url }, { refused });
  try {
    await journal.record(refusal({ receivedAt: NOW }));
    await database.query("UPDATE destination_owners SET owner = 'gone', until = 0");
    const { leaseOwner: owner } = journal;
    // One more than its share, for there are two.
    for (const destination of ["erp", "mis"]) {
      const leased = await journal.outbox.lease({
        ...{ owner, destination, limit: 1, leaseMs: 60_000, now: NOW, ordered: true },
      });
      await journal.outbox.release(leased.map(({ lease }) => lease));
    }
    journal.describe({ host: "two", version: "1", config: "c" });
    await eventually("what is let go", async () => {
      const rows = await database.query("SELECT FROM destination_owners WHERE owner = ''");
      return rows.length > 0;
    });
  } finally {
    await journal.close();
  }
}

async function recordAll(journal: Journal): Promise<void> {
  const now = { receivedAt: NOW, answeredAt: NOW };
  const first = event({ subject: "once" });
  await journal.record(delivery(now));
  await journal.record(delivery(now), { events: [first, event({ subject: "twice" })] });
  await journal.record(delivery(now), { events: [first] });
  await journal.record(delivery(now), { events: [event({ forwardTo: ["rest"] })] });
  await journal.record(refusal(now));
  const { token } = await journal.exportOf("/a", "list");
  const exported = { token, list: new Uint8Array() };
  const one = delivery(now);
  await journal.record(one, { exported });
  await journal.record(one).catch(() => "it is there");
  await journal.exportOf("/a", "list");
  await journal.findExport(token);
  await journal.findExport(token, 1);
  await journal.get(one.id);
  await journal.get("unknown");
  await journal.noteClock({ trustedAt: NOW, seenMs: 1 });
  await journal.clockRecord();
  await journal.counts();
  await journal.events.counts();
}

async function listAll({ list, each, events, outbox }: Journal): Promise<void> {
  const since = NOW - DAY_MS;
  const { next } = await list({ limit: 20 });
  await list({ limit: 20, ...(next === null ? {} : { cursor: next }) });
  await list({ verified: false });
  await list({ number: "o77" });
  await list({ since: since, until: NOW, endpoint: "/a", kind: "k", status: [200, 299] });
  await list({ since: NOW - 60_000, text: "r1", rule: "large", verifiedBy: "key" });
  await Array.fromAsync(each({ since: NOW - 60_000 }));
  // What nothing is like, where all that came is looked through.
  const lately = { since: NOW - DAY_MS / 4 };
  await list({ ...lately, endpoint: "/nowhere" });
  await Array.fromAsync(each({ ...lately, text: "nowhere" }));
  await list({ number: "nowhere", verified: true });
  await events.list({ ...lately, subject: "nothing" });
  for (const state of ["cancelled", "failed"] as const) {
    await outbox.list({ ...lately, state, destination: "nowhere" });
    await outbox.count({ ...lately, state, destination: "nowhere" });
  }
  const page = await events.list({ limit: 20 });
  await events.list({ limit: 20, ...(page.next === null ? {} : { cursor: page.next }) });
  await events.list({ withWarnings: true });
  await events.list({ since, withWarnings: false, endpoint: "/a", source: "s", type: "t" });
  await events.list({ since: NOW - 60_000, text: "s1" });
  await Array.fromAsync(events.each({ since: NOW - 60_000 }));
  await events.get("e77");
  for (const state of ["waiting", "failed"] as const) await outbox.list({ state });
  await outbox.list({ eventId: "e77" });
  await outbox.list({ since, destination: "erp" });
  await outbox.get("f77");
  await outbox.count({ since: NOW - 60_000 });
  await outbox.counts();
  await outbox.countsByState();
}

async function forwardAll({ outbox, leaseOwner: owner }: Journal): Promise<void> {
  const destination = "erp";
  const leasing = { owner, destination, limit: 5, leaseMs: 3_600_000, now: NOW + 1 };
  for (const ordered of [true, false]) {
    await outbox.nextDueAt(destination, ordered);
    const [one, two, three, four] = await outbox.lease({ ...leasing, ordered });
    if (one === undefined || two === undefined || three === undefined || four === undefined) {
      throw new Error("Nothing was leased");
    }
    await outbox.complete(one.lease, attempt(), { state: "delivered" });
    await outbox.complete(two.lease, attempt(), { state: "waiting", dueAt: NOW });
    await outbox.complete(three.lease, attempt(), { state: "failed" });
    await outbox.release([four.lease]);
    await outbox.retry([three.id]);
    await outbox.resend([one.id]);
    await outbox.cancel([two.id]);
  }
  const [, again] = await outbox.lease({ ...leasing, ordered: true });
  // More attempts than are kept.
  for (let tries = 0; again !== undefined && tries < 60; tries++) {
    const leased = await outbox.lease({ ...leasing, limit: 1, ordered: true, now: NOW + 9e9 });
    for (const { lease } of leased) {
      await outbox.complete(lease, attempt(), { state: "waiting", dueAt: 0 });
    }
  }
  const [rest] = await outbox.lease({ ...leasing, destination: "rest", ordered: true });
  if (rest === undefined) throw new Error("Nothing was leased of the rest");
  // All of it is leased: then it is asked for how long the others have theirs.
  await outbox.nextDueAt("rest", true);
  await outbox.retry({ destination, since: NOW - 1000 });
  await outbox.reclaim(owner);
  await outbox.correctDueDates(destination, NOW + 9e9, NOW);
  await outbox.disable(destination, { at: NOW, reason: "failing" });
  await outbox.disabled();
  await outbox.enable(destination);
  await outbox.pause(destination, { at: NOW, until: NOW, status: 503 });
  await outbox.paused();
  await outbox.resume(destination);
}

async function useConsole({ console }: Journal): Promise<void> {
  const session = {
    ...{ hash: "h", name: "ann", by: "password", role: "viewer", credential: "c" } as const,
    ...{ createdAt: NOW, expiresAt: NOW },
  };
  await console.change({ kind: "begin session", session });
  await console.session("h");
  await console.change({ kind: "end session", hash: "h" });
  const link = { hash: "l", role: "viewer", expiresAt: NOW + 1000 } as const;
  await console.change({ kind: "offer link", link, now: NOW });
  await console.link("l");
  await console.change({ kind: "use link", hash: "l", now: NOW });
  const entry = {
    ...{ at: NOW, who: "ann", by: "nothing", address: "", action: "a", target: "" } as const,
    result: "ok",
  };
  // More than what is looked through for what may go.
  for (let some = 0; some < 60; some++) {
    await console.change({ kind: "audit", entries: new Array(10).fill(entry) });
  }
  const { next } = await console.audit({ limit: 20 });
  await console.audit({ limit: 20, ...(next === null ? {} : { cursor: next }) });
  await console.change({
    kind: "count traffic",
    counts: [{ at: NOW - NOW % 60_000, endpoint: "/a", result: "answered", count: 1 }],
    rules: [{
      at: NOW - NOW % DAY_MS,
      endpoint: "/a",
      rule: "r",
      hits: 1,
      failures: 0,
      lastHitAt: 1,
    }],
    now: NOW,
  });
  await console.traffic("minute", NOW - DAY_MS);
  await console.traffic("hour", NOW - 30 * DAY_MS);
  await console.ruleCounts("/a", NOW - DAY_MS);
}
