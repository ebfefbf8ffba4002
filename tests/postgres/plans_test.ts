/** What runs on the way of a request finds what it needs by indexes, however much there is. */
import { assertEquals } from "@std/assert";
import type { Query } from "../../lib/journal/postgres/connection.ts";
import { Counting, readOutboxCounts } from "../../lib/journal/postgres/counters.ts";
import { deliveryById, listDeliveries } from "../../lib/journal/postgres/deliveries.ts";
import {
  deliveryToInsert,
  insertDeliveries,
} from "../../lib/journal/postgres/deliveries_writer.ts";
import { eventsToInsert } from "../../lib/journal/postgres/events.ts";
import { findExportOf, findIdentity } from "../../lib/journal/postgres/exports.ts";
import { nextDueAt } from "../../lib/journal/postgres/forwards.ts";
import { openSharedJournal } from "../../lib/journal/postgres/open.ts";
import { completeAttempts, leaseForwards } from "../../lib/journal/postgres/outbox.ts";
import { readRepeatsKnown } from "../../lib/journal/postgres/repeats_known.ts";
import { REFUSED_LIMITS } from "../../lib/journal/journal.ts";
import { attempt, delivery, event } from "../lib/journal/samples.ts";
import { noCluster, startCluster } from "./cluster.ts";

const ROWS = 30_000;

/** Many rows, made by the database itself: what they say does not matter. */
const FILL = `
  INSERT INTO rule_sets (digest, names) VALUES ('none', '[]');
  INSERT INTO deliveries (id, received_at, answered_at, endpoint, kind, status, verified_by,
      request_id, remote_address, fingerprint, body_bytes, rule_set, rules, decisions, headers,
      answer, body)
    SELECT 'd' || n, 1700000000000 + n * 1000, 1700000000000 + n * 1000, '/a', 'k', 200, 'key',
      'r' || n, '', sha256(n::text::bytea), 1, 1, '{}', '[]', '[]', '', ''
    FROM generate_series(1, ${ROWS}) AS n;
  INSERT INTO events (id, delivery_id, endpoint, key, received_at, last_seen_at, waiting, source,
      type, subject, candidates, warnings, payload_bytes, payload)
    SELECT 'e' || n, 'd' || n, '/a', 'k' || n, 1700000000000 + n, 0, 1, 's', 't', 's' || n, '[]',
      '[]', 0, '' FROM generate_series(1, ${ROWS}) AS n;
  INSERT INTO recent_events (endpoint_digest, name, subject, key, received_at, delivery_id, event_id)
    SELECT 'a', 's' || n, 's' || n, 'k' || n, 1700000000000 + n, 'd' || n, 'e' || n
    FROM generate_series(1, ${ROWS}) AS n;
  INSERT INTO event_names (endpoint_digest, name, seen_at)
    SELECT 'a', 's' || n, n FROM generate_series(1, ${ROWS}) AS n;
  INSERT INTO forwards (id, event, destination, subject_key, bytes, created_at, due_at, leads)
    SELECT 'f' || seq, seq, 'erp', 's' || seq, 1, received_at, received_at, true FROM events;
  INSERT INTO forward_subjects (destination, subject_key, used_at)
    SELECT 'erp', 's' || n, n FROM generate_series(1, ${ROWS}) AS n;
  INSERT INTO attempts (forward, started_at, duration_ms) SELECT seq, 0, 0 FROM forwards;
  INSERT INTO exports (token, endpoint, list_key, list_digest, external_id)
    SELECT 't' || n, '/a', 'l' || n, 'l' || n, '' FROM generate_series(1, ${ROWS}) AS n;
  INSERT INTO export_versions (token, version, delivery_id, saved_at, list)
    SELECT token, 1, '', 0, '' FROM exports;
  ANALYZE;
`;

/** Small however much there is. */
const SMALL = new Set(["rule_sets", "counters", "storehook_schema", "destination_owners"]);

interface Plan {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Plans"?: readonly Plan[];
}

function scansOf(plan: Plan): readonly string[] {
  const table = plan["Relation Name"] ?? "";
  // The weeks of now are empty here: what was made stands in another table.
  const isSmall = SMALL.has(table) || /^deliveries_w\d+$/.test(table);
  const own = plan["Node Type"] === "Seq Scan" && !isSmall ? [table] : [];
  return [...own, ...(plan.Plans ?? []).flatMap(scansOf)];
}

Deno.test({
  name: "no statement on the way of a request scans a table of PostgreSQL" +
    (noCluster === undefined ? "" : ` (skipped: ${noCluster})`),
  ignore: noCluster !== undefined,
  async fn() {
    const cluster = await startCluster({ settings: ["fsync = off"] });
    const { journal, database } = openSharedJournal({ url: cluster.url() });
    const scans: string[] = [];
    let explained = 0;

    /** Asks how each statement will be run, before it is. */
    const explaining = (query: Query): Query => async (text, values) => {
      const [row] = await query(`EXPLAIN (FORMAT JSON) ${text}`, values);
      const [{ Plan: plan }] = JSON.parse(String(row?.["QUERY PLAN"]));
      scans.push(...scansOf(plan).map((table) => `${table}: ${text}`));
      explained++;
      return await query(text, values);
    };

    try {
      await journal.counts();
      await database.query(FILL);
      await database.transaction(async (raw) => {
        const query = explaining(raw);
        const counting = new Counting();
        const now = 1_700_000_000_000;
        const came = delivery();
        const events = eventsToInsert(came, [event(), event({ content: "c" })]);
        await insertDeliveries(
          query,
          [deliveryToInsert(came, REFUSED_LIMITS)],
          new Map(),
          counting,
        );
        const known = await readRepeatsKnown(query, [{ endpoint: "/a", events }], now);
        await known.write();
        await nextDueAt(query, "erp", true);
        await nextDueAt(query, "erp", false);
        for (const ordered of [true, false]) {
          const leased = await leaseForwards(query, {
            owner: "o",
            destination: "erp",
            limit: 5,
            leaseMs: 1,
            now: 2e12,
            ordered,
          });
          const change = { query, counting, now };
          const [first] = leased;
          if (first === undefined) throw new Error("Nothing was leased");
          const completed = {
            lease: first.lease,
            attempt: attempt(),
            outcome: { state: "delivered" } as const,
          };
          await completeAttempts(change, [completed]);
        }
        await readOutboxCounts(query);
        await findExportOf(query, "t77");
        await findIdentity(query, "/a", "list");
        await deliveryById(query, came.id);
        await listDeliveries(query, { limit: 50 });
        await counting.write(query);
      });
      assertEquals(scans, []);
      assertEquals(explained > 20, true);
    } finally {
      await journal.close();
    }
  },
});
