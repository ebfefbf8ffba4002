/**
 * What runs on the way of a request finds what it needs by indexes, however much there is.
 *
 * `STOREHOOK_PLAN_ROWS=10000000` asks it of ten million rows of each kind (some 20 GB).
 */
import { assertEquals } from "@std/assert";
import type { Journal } from "../../lib/journal/journal.ts";
import { openSharedJournal, type PostgresJournal } from "../../lib/journal/postgres/open.ts";
import { makeWeeks } from "../../lib/journal/postgres/weeks.ts";
import { attempt, delivery, event, refusal } from "../lib/journal/samples.ts";
import { noCluster, startCluster } from "./cluster.ts";
import { placesThatQuery, startExplaining } from "./explained.ts";

const ROWS = Number(Deno.env.get("STOREHOOK_PLAN_ROWS") ?? 30_000);
const DAY_MS = 24 * 3_600_000;
const DAYS = 20;
const NOW = Date.now();
const FIRST = NOW - DAYS * DAY_MS;

/** The time of a row among all. */
const AT = `(${FIRST}::bigint + n * ${DAYS * DAY_MS}::bigint / ${ROWS})`;

/**
 * Many rows, made by the database itself: what they say does not matter. Few deliveries are without
 * numbers, for those are looked through for a number.
 */
const FILL = [
  "INSERT INTO rule_sets (digest, names) VALUES ('none', '[]')",
  `INSERT INTO deliveries (id, received_at, answered_at, endpoint, kind, status, verified_by,
      request_id, remote_address, fingerprint, body_bytes, rule_set, rules, numbers, decisions,
      headers, answer, body)
    SELECT 'd' || n, ${AT}, ${AT}, '/a', 'k', 200, CASE WHEN n % 50 > 0 THEN 'key' END,
      'r' || n, '', sha256(n::text::bytea), 1, 1, '{}',
      CASE WHEN n % 1000 > 0 THEN ARRAY['o' || n] END, '[]', '[]', '', ''
    FROM generate_series(1, ${ROWS}) AS n`,
  `INSERT INTO events (id, delivery_id, endpoint, key, received_at, last_seen_at, waiting, source,
      type, subject, candidates, warnings, payload_bytes, payload)
    SELECT 'e' || n, 'd' || n, '/a', 'k' || n, ${AT}, 0, (n % 100 = 0)::int, 's', 't', 's' || n,
      '[]', CASE WHEN n % 100 = 1 THEN '["w"]' ELSE '[]' END, 0, ''
    FROM generate_series(1, ${ROWS}) AS n`,
  `INSERT INTO recent_events
      (endpoint_digest, name, subject, key, received_at, delivery_id, event_id)
    SELECT 'a', 's' || n, 's' || n, 'k' || n, ${AT}, 'd' || n, 'e' || n
    FROM generate_series(1, ${ROWS}) AS n`,
  `INSERT INTO event_names (endpoint_digest, name, seen_at)
    SELECT 'a', 's' || n, ${AT} FROM generate_series(1, ${ROWS}) AS n`,
  `INSERT INTO forwards
      (id, event, destination, subject_key, bytes, state, created_at, due_at, leads)
    SELECT 'f' || seq, seq, CASE WHEN seq % 7 = 0 THEN 'erp' ELSE 'mis' END, 's' || seq, 1,
      CASE seq % 100 WHEN 0 THEN 'waiting' WHEN 1 THEN 'failed' ELSE 'delivered' END,
      received_at, CASE WHEN seq % 100 = 0 THEN received_at END, seq % 100 = 0 FROM events`,
  `INSERT INTO forward_subjects (destination, subject_key, used_at)
    SELECT 'erp', 's' || n, ${AT} FROM generate_series(1, ${ROWS}) AS n`,
  "INSERT INTO attempts (forward, started_at, duration_ms) SELECT seq, 0, 0 FROM forwards",
  `INSERT INTO exports (token, endpoint, list_key, list_digest, external_id)
    SELECT 't' || n, '/a', 'l' || n, 'l' || n, '' FROM generate_series(1, ${ROWS}) AS n`,
  `INSERT INTO export_versions (token, version, delivery_id, saved_at, list)
    SELECT 't' || n, 1, '', ${AT}, '' FROM generate_series(1, ${ROWS}) AS n`,
  `INSERT INTO console_audit (at, who, signed_in_by, address, action, target, result)
    SELECT ${AT}, 'ann', CASE WHEN n % 20 = 0 THEN 'nothing' ELSE 'password' END, '', 'a', '', 'ok'
    FROM generate_series(1, ${Math.min(ROWS, 200_000)}) AS n`,
  `INSERT INTO console_traffic (span, at, endpoint, result, instance, n)
    SELECT span, n * span, '/e' || n % 10, 'answered', 'i', 1
    FROM unnest(ARRAY[60000, 3600000, 86400000]::bigint[]) AS span,
      generate_series(${NOW} / span - 1500, ${NOW} / span) AS n`,
];

/** Of 8 KiB: what a statement may look at however much there is. */
const MOST_PAGES = 3000;

/** Small however much there is. */
const SMALL = new Set([
  ...["rule_sets", "counters", "storehook_schema", "clock", "instances", "console_sessions"],
  ...["destination_owners", "disabled_destinations", "paused_destinations"],
  ...["pg_class", "pg_inherits", "pg_namespace"],
  // What a week that has not begun holds, and what no week was made for.
  ...["deliveries_other", `deliveries_w${Math.floor(NOW / 7 / DAY_MS) + 1}`],
  `deliveries_w${Math.floor(NOW / 7 / DAY_MS) + 2}`,
]);

/** Not on the way of a request: the schema, notes, and what an administrator or retention does. */
const BESIDE = new Set([
  ...["connection.ts", "migrations.ts", "weeks.ts", "notes.ts", "statistics.ts"],
  ...["copy.ts", "erase.ts", "holdForwardsOfEvents", "prune.ts", "forgetAudit"],
]);

Deno.test({
  name: "no statement on the way of a request scans a table of PostgreSQL" +
    (noCluster === undefined ? "" : ` (skipped: ${noCluster})`),
  ignore: noCluster !== undefined,
  async fn() {
    const cluster = await startCluster({ settings: ["fsync = off", "max_wal_size = 4GB"] });
    const { journal, database } = openSharedJournal({ url: cluster.url() });
    try {
      await journal.counts();
      for (let day = 0; day <= DAYS; day += 7) await makeWeeks(database, FIRST + day * DAY_MS);
      // Longer than any statement of the program may take.
      await database.transaction(async (query) => {
        await query("SET LOCAL statement_timeout = 0");
        for (const statement of FILL) await query(statement);
      });
      await database.transaction(async (query) => {
        await query("SET LOCAL statement_timeout = 0");
        await query("ANALYZE");
      });
      using explaining = startExplaining();
      await useAll(journal);
      await useAnother(cluster.url());
      const scans = explaining.statements.flatMap(({ text, scans }) =>
        scans.filter((table) => !SMALL.has(table)).map((table) => `${table}: ${text}`)
      );
      assertEquals(scans, []);
      const most = explaining.statements.toSorted((a, b) => b.pages - a.pages);
      if (ROWS > 100_000) {
        for (const { pages, text } of most.slice(0, 10)) console.log(`${pages} pages: ${text}`);
      }
      assertEquals(most.filter(({ pages }) => pages > MOST_PAGES), []);
      const unseen = placesThatQuery(BESIDE).filter((place) => !explaining.places.has(place));
      assertEquals(unseen, [], "statements that were not run here");
    } finally {
      await journal.close();
    }
  },
});

/** Does all that requests, forwarding and pages of the console do. */
async function useAll(journal: PostgresJournal): Promise<void> {
  await recordAll(journal);
  await listAll(journal);
  await forwardAll(journal);
  await useConsole(journal);
  journal.describe({ host: "one", version: "1", config: "c" });
  await journal.instances();
}

/** Another instance, which keeps less of strangers and takes over from one that died. */
async function useAnother(url: string): Promise<void> {
  const refused = { count: 1, bodyBytes: 100 };
  const { journal, database } = openSharedJournal({ url }, { refused });
  try {
    await journal.record(refusal({ receivedAt: NOW }));
    await database.query("UPDATE destination_owners SET owner = 'gone', until = 0");
    const { leaseOwner: owner } = journal;
    await journal.outbox.lease({
      ...{ owner, destination: "erp", limit: 1, leaseMs: 1, now: NOW, ordered: true },
    });
    journal.describe({ host: "two", version: "1", config: "c" });
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
  const leasing = { owner, destination, limit: 5, leaseMs: 60_000, now: NOW + 1 };
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
