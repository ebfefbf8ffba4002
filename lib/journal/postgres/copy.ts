import { contentOfKey, type CopiedEvent, type CopiedForward, type CopyEnd } from "../copy.ts";
import type { StoredDelivery } from "../delivery.ts";
import { JournalNotOpened } from "../errors.ts";
import { openDatabase, type Query } from "./connection.ts";
import type { DatabasePlace } from "./hosts.ts";
import { WAITING_OVERHEAD_BYTES } from "../forwards.ts";
import { Counting } from "./counters.ts";
import { deliveryToInsert, insertDeliveries, ROW_BYTES } from "./deliveries_writer.ts";
import { exportsOf, putExport } from "./copy_exports.ts";
import { removeEvents } from "./event_removal.ts";
import { digestOf } from "./events.ts";
import { lockSubjects, markLeading } from "./forward_places.ts";
import { openSharedJournal } from "./open.ts";
import { makeWeeks, weekOf } from "./weeks.ts";
import { integerColumn, nullableColumn } from "../columns.ts";
import { insertRows, storedText, textOf } from "./rows.ts";

/** Whatever was refused or large: all that the other end has is kept. */
const NO_LIMITS = { count: Infinity, bodyBytes: Infinity };

/**
 * Opens a database that is copied, or that gets a copy, also beside servers that use it.
 *
 * @param place Where it is.
 * @returns The end of a copy.
 * @throws {JournalNotOpened} When it can't be used.
 */
export function openCopyEnd(place: DatabasePlace): CopyEnd {
  const { journal, database } = openSharedJournal(place);
  const weeks = new Set<number>();

  /** What no week was made for can't go as a whole, and each week that is made later looks through it. */
  async function makeWeeksOf(deliveries: readonly StoredDelivery[]): Promise<void> {
    for (const { receivedAt } of deliveries) {
      const week = weekOf(receivedAt);
      if (weeks.has(week)) continue;
      weeks.add(week);
      await makeWeeks(database, receivedAt);
    }
  }

  return {
    journal,
    exports: () => exportsOf(database.query),
    async put({ deliveries = [], events = [], exports = [] }) {
      await makeWeeksOf(deliveries);
      await database.transaction(async (query) => {
        const counting = new Counting();
        await putDeliveries(query, counting, deliveries);
        await putEvents(query, counting, events);
        for (const one of exports) await putExport(query, counting, one);
        await counting.write(query);
      });
    },
    close: journal.close,
  };
}

/**
 * Keeps tables from being made in a database that is copied, as where its name is not the right one.
 *
 * @param place Where it is.
 * @throws {JournalNotOpened} When it has no journal.
 */
export async function refuseWithoutJournal(place: DatabasePlace): Promise<void> {
  const database = openDatabase(place, () => Promise.resolve());
  try {
    const [row] = await database.query(
      "SELECT to_regclass('storehook_schema') IS NOT NULL AS is_there",
    );
    if (row?.["is_there"] === true) return;
  } finally {
    await database.close();
  }
  throw new JournalNotOpened("There is no journal in this database: a server makes it");
}

async function putDeliveries(
  query: Query,
  counting: Counting,
  deliveries: readonly StoredDelivery[],
): Promise<void> {
  if (deliveries.length === 0) return;
  const ids = deliveries.map(({ id }) => storedText(id));
  const times = deliveries.map(({ receivedAt }) => receivedAt);
  const gone = await query(
    `DELETE FROM deliveries WHERE (received_at, id) IN (
       SELECT * FROM unnest($1::bigint[], $2::text[]))
     RETURNING verified_by IS NULL AS refused, octet_length(body) + octet_length(answer) AS bytes`,
    [times, ids],
  );
  for (const row of gone) {
    counting.add("deliveries", row["refused"] === true ? "refused" : "accepted", -1);
    counting.add("bytes", "all", -ROW_BYTES - integerColumn(row, "bytes"));
  }
  const encoded = deliveries.map((delivery) => deliveryToInsert(delivery, NO_LIMITS));
  for (const { refused, bytes } of encoded) {
    counting.add("deliveries", refused ? "refused" : "accepted", 1);
    counting.add("bytes", "all", bytes);
  }
  await insertDeliveries(query, encoded, new Map());
  await query(
    `UPDATE deliveries AS d SET body_bytes = c.body_bytes, repeat_of = c.repeat_of,
       erased_at = c.erased_at,
       fingerprint = CASE WHEN c.erased_at IS NULL THEN d.fingerprint END,
       numbers = CASE WHEN c.erased_at IS NULL THEN d.numbers ELSE '{}' END
     FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::bigint[])
       AS c (received_at, id, body_bytes, repeat_of, erased_at)
     WHERE d.received_at = c.received_at AND d.id = c.id`,
    [
      times,
      ids,
      deliveries.map(({ bodyBytes }) => bodyBytes),
      deliveries.map(({ repeatOf }) => repeatOf ?? ""),
      deliveries.map(({ erasedAt }) => erasedAt),
    ],
  );
}

async function putEvents(
  query: Query,
  counting: Counting,
  copied: readonly CopiedEvent[],
): Promise<void> {
  if (copied.length === 0) return;
  await lockSubjects(
    query,
    copied.flatMap(({ event, forwards }) =>
      forwards.map(({ destination }) => ({ destination, subjectKey: digestOf(event.subject) }))
    ),
    () => Date.now(),
  );
  await replaceEvents(query, counting, copied.map(({ event }) => event));
  const rows = await insertRows(
    query,
    `events (id, delivery_id, endpoint, key, received_at, last_seen_at, duplicates, waiting,
      erased_at, source, type, subject, occurred_at, candidates, warnings, payload_bytes, payload)`,
    copied.map(({ event, forwards }) => [
      storedText(event.id),
      storedText(event.deliveryId),
      storedText(event.endpoint),
      event.erasedAt === null ? storedText(event.key) : null,
      event.receivedAt,
      event.lastSeenAt,
      event.duplicates,
      forwards.filter(({ state }) => state === "waiting").length,
      event.erasedAt,
      storedText(event.source),
      storedText(event.type),
      storedText(event.subject),
      event.occurredAt,
      storedText(JSON.stringify(event.candidates)),
      storedText(JSON.stringify(event.warnings)),
      event.payload.byteLength,
      event.payload,
    ]),
    "RETURNING id, seq",
  );
  const seqs = new Map(rows.map((row) => [textOf(row, "id"), integerColumn(row, "seq")]));
  for (const { event } of copied) {
    counting.add("events", "all", 1);
    if (event.warnings.length > 0) counting.add("events", "with warnings", 1);
    counting.add("bytes", "all", ROW_BYTES + event.payload.byteLength);
  }
  await rememberEvents(query, copied);
  await putForwards(query, counting, copied, seqs);
}

async function replaceEvents(
  query: Query,
  counting: Counting,
  events: readonly CopiedEvent["event"][],
): Promise<void> {
  const stored = events.map(({ id }) => storedText(id));
  const gone = await removeEvents(query, counting, { condition: "id = ANY ($1)", value: stored });
  await forgetEvents(query, stored, [
    ...events,
    ...gone.map((row) => ({
      endpoint: textOf(row, "endpoint"),
      key: nullableColumn(row, "key", textOf) ?? "",
      subject: textOf(row, "subject"),
    })),
  ]);
}

/** By the names that they may be known by, for which there is an index. */
async function forgetEvents(
  query: Query,
  ids: readonly string[],
  events: readonly Pick<CopiedEvent["event"], "endpoint" | "key" | "subject">[],
): Promise<void> {
  const names = events.flatMap(({ endpoint, key, subject }) =>
    [`s${digestOf(subject)}`, `k${digestOf(key)}`].map((name) =>
      [digestOf(endpoint), name] as const
    )
  );
  await query(
    `DELETE FROM recent_events WHERE event_id = ANY ($1) AND (endpoint_digest, name) IN (
       SELECT * FROM unnest($2::text[], $3::text[]))`,
    [ids, names.map(([endpoint]) => endpoint), names.map(([, name]) => name)],
  );
}

async function rememberEvents(query: Query, copied: readonly CopiedEvent[]): Promise<void> {
  const rows = copied.flatMap(({ event }) => {
    if (event.erasedAt !== null) return [];
    const content = contentOfKey(event.key);
    const name = content === undefined ? `s${digestOf(event.subject)}` : `k${digestOf(event.key)}`;
    return [[
      digestOf(event.endpoint),
      name,
      storedText(event.subject),
      storedText(event.key),
      content ?? null,
      event.receivedAt,
      storedText(event.deliveryId),
      storedText(event.id),
    ]];
  });
  await insertRows(
    query,
    `recent_events (endpoint_digest, name, subject, key, content, received_at, delivery_id,
      event_id)`,
    rows,
  );
}

async function putForwards(
  query: Query,
  counting: Counting,
  copied: readonly CopiedEvent[],
  seqs: ReadonlyMap<string, number>,
): Promise<void> {
  const all = copied.flatMap(({ event, forwards }) =>
    forwards.map((forward): CopiedForward & { event: CopiedEvent["event"] } => ({
      ...forward,
      event,
    }))
  );
  const rows = await insertRows(
    query,
    `forwards (id, event, destination, subject_key, bytes, state, attempts, attempts_before,
      created_at, due_at)`,
    all.map(({ event, ...forward }) => {
      const bytes = WAITING_OVERHEAD_BYTES + event.payload.byteLength;
      counting.addForward(forward.state, forward.destination, bytes, 1);
      return [
        storedText(forward.id),
        seqs.get(event.id),
        storedText(forward.destination),
        event.erasedAt === null ? digestOf(event.subject) : "",
        bytes,
        forward.state,
        forward.attempts,
        forward.attemptsBefore,
        forward.createdAt,
        forward.dueAt,
      ];
    }),
    "RETURNING id, seq",
  );
  const forwardSeqs = new Map(rows.map((row) => [textOf(row, "id"), integerColumn(row, "seq")]));
  await insertRows(
    query,
    "attempts (forward, started_at, duration_ms, status, error)",
    all.flatMap(({ id, history }) =>
      history.map(({ startedAt, durationMs, status, error }) => [
        forwardSeqs.get(id),
        Math.round(startedAt),
        Math.round(durationMs),
        status,
        error === null ? null : storedText(error),
      ])
    ),
  );
  const waiting = all.filter(({ state }) => state === "waiting");
  await markLeading(
    query,
    waiting.map(({ destination, event }) => ({
      destination,
      subjectKey: digestOf(event.subject),
    })),
  );
}
