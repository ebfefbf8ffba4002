import {
  contentOfKey,
  type CopiedEvent,
  type CopiedExport,
  type CopiedForward,
  type CopyEnd,
} from "../copy.ts";
import type { StoredDelivery } from "../delivery.ts";
import type { DatabasePlace, Query } from "./connection.ts";
import { Counting, WAITING_OVERHEAD_BYTES } from "./counters.ts";
import { deliveryToInsert, insertDeliveries, ROW_BYTES } from "./deliveries_writer.ts";
import { digestOf } from "./events.ts";
import { lockSubjects, markLeading } from "./forward_places.ts";
import { openSharedJournal } from "./open.ts";
import { bytesColumn, integerColumn } from "../columns.ts";
import { insertRows, type PostgresRow, storedText, textOf } from "./rows.ts";

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
  return {
    journal,
    exports: () => exportsOf(database.query),
    put: ({ deliveries = [], events = [], exports = [] }) =>
      database.transaction(async (query) => {
        const counting = new Counting();
        await putDeliveries(query, counting, deliveries);
        await putEvents(query, counting, events);
        for (const one of exports) await putExport(query, counting, one);
        await counting.write(query);
      }),
    close: journal.close,
  };
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
       fingerprint = CASE WHEN c.erased_at IS NULL THEN d.fingerprint END
     FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::bigint[])
       AS c (received_at, id, body_bytes, repeat_of, erased_at)
     WHERE d.received_at = c.received_at AND d.id = c.id`,
    [
      times,
      ids,
      deliveries.map(({ bodyBytes }) => bodyBytes),
      deliveries.map(({ repeatOf }) => repeatOf),
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
    Date.now(),
  );
  await removeEvents(query, counting, copied.map(({ event }) => event.id));
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

async function removeEvents(
  query: Query,
  counting: Counting,
  ids: readonly string[],
): Promise<void> {
  const stored = ids.map(storedText);
  const forwards = await query(
    `SELECT state, destination, bytes FROM forwards
     WHERE event IN (SELECT seq FROM events WHERE id = ANY ($1))`,
    [stored],
  );
  for (const row of forwards) {
    const [state, destination] = [textOf(row, "state"), textOf(row, "destination")];
    counting.addForward(state, destination, integerColumn(row, "bytes"), -1);
  }
  const gone = await query(
    `DELETE FROM events WHERE id = ANY ($1)
     RETURNING warnings <> '[]' AS warned, octet_length(payload) AS bytes`,
    [stored],
  );
  for (const row of gone) {
    counting.add("events", "all", -1);
    if (row["warned"] === true) counting.add("events", "with warnings", -1);
    counting.add("bytes", "all", -ROW_BYTES - integerColumn(row, "bytes"));
  }
  await query("DELETE FROM recent_events WHERE event_id = ANY ($1)", [stored]);
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

async function putExport(
  query: Query,
  counting: Counting,
  { endpoint, listKey, externalId, token, counted, versions }: CopiedExport,
): Promise<void> {
  const assigned = await query(
    `INSERT INTO exports (token, endpoint, list_key, list_digest, external_id, versions)
     VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (endpoint, list_digest) DO UPDATE
       SET versions = greatest(exports.versions, excluded.versions)
     RETURNING token, (xmax = 0) AS is_new`,
    [
      token,
      storedText(endpoint),
      storedText(listKey),
      digestOf(listKey),
      storedText(externalId),
      counted,
    ],
  );
  const [row] = assigned;
  if (row !== undefined && textOf(row, "token") !== token) {
    throw new RangeError(
      `Cannot copy the export of a list at ${endpoint}: it has another address here already`,
    );
  }
  if (row?.["is_new"] === true) counting.add("exports", "all", 1);
  const gone = await query(
    "DELETE FROM export_versions WHERE token = $1 AND version = ANY ($2::int[]) RETURNING octet_length(list) AS bytes",
    [token, versions.map(({ version }) => version)],
  );
  for (const one of gone) counting.add("bytes", "all", -ROW_BYTES - integerColumn(one, "bytes"));
  await insertRows(
    query,
    "export_versions (token, version, delivery_id, saved_at, list)",
    versions.map(({ version, deliveryId, savedAt, list }) => {
      counting.add("bytes", "all", ROW_BYTES + list.byteLength);
      return [token, version, storedText(deliveryId), savedAt, list];
    }),
  );
}

async function* exportsOf(query: Query): AsyncGenerator<CopiedExport> {
  let last = "";
  for (;;) {
    const [row]: readonly PostgresRow[] = await query(
      "SELECT * FROM exports WHERE token > $1 ORDER BY token LIMIT 1",
      [last],
    );
    if (row === undefined) return;
    last = textOf(row, "token");
    const versions = await query(
      "SELECT * FROM export_versions WHERE token = $1 ORDER BY version",
      [last],
    );
    yield {
      token: last,
      endpoint: textOf(row, "endpoint"),
      listKey: textOf(row, "list_key"),
      externalId: textOf(row, "external_id"),
      counted: integerColumn(row, "versions"),
      versions: versions.map((version) => ({
        version: integerColumn(version, "version"),
        deliveryId: textOf(version, "delivery_id"),
        savedAt: integerColumn(version, "saved_at"),
        list: bytesColumn(version, "list"),
      })),
    };
  }
}
