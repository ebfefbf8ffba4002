import type { KnownEvent, KnownEvents } from "../repeats.ts";
import type { Query } from "./connection.ts";
import { digestOf, type EventToInsert } from "./events.ts";
import { integerColumn, nullableColumn } from "../columns.ts";
import { bigints, insertLists, type ListedColumns, texts } from "./insert_lists.ts";
import { type PostgresRow, storedText, textOf } from "./rows.ts";

/**
 * A known event with its row; one that this transaction brings has none yet. Which delivery brought it
 * last changes when it comes again.
 */
interface Known extends KnownEvent {
  readonly seq: number | undefined;
  deliveryId: string;
}

/** One that is known, by what it is looked for. */
interface Noted {
  readonly endpoint: string;
  readonly event: EventToInsert;
  readonly receivedAt: number;
  readonly deliveryId: string;
}

/** What the rule for repeats knows, within one transaction that brings events. */
export interface RepeatsKnown {
  readonly at: (endpoint: string) => KnownEvents<Known>;
  /** Notes one that is kept. */
  readonly note: (noted: Noted) => void;
  /** Notes by which delivery one came again. */
  readonly seeAgain: (known: Known, deliveryId: string) => void;
  /** Writes all of it. */
  readonly write: () => Promise<void>;
}

/** A row of what is noted, whose delivery may be another one by the time it is written. */
interface NotedRow extends Omit<Known, "seq" | "deliveryId"> {
  readonly digest: string;
  readonly name: string;
  readonly subject: string;
  deliveryId: string;
}

const NOTED_COLUMNS: ListedColumns<NotedRow> = {
  endpoint_digest: texts(({ digest }) => digest),
  name: texts(({ name }) => name),
  subject: texts(({ subject }) => storedText(subject)),
  key: texts(({ key }) => key === null ? null : storedText(key)),
  content: texts(({ content }) => content === null ? null : storedText(content)),
  received_at: bigints(({ receivedAt }) => receivedAt),
  delivery_id: texts(({ deliveryId }) => storedText(deliveryId)),
  event_id: texts(({ id }) => id),
};

const NAME_COLUMNS: ListedColumns<{ readonly endpoint: string; readonly name: string }> = {
  endpoint_digest: texts(({ endpoint }) => endpoint),
  name: texts(({ name }) => name),
};

/** Some events of an endpoint. */
interface Coming {
  readonly endpoint: string;
  readonly events: readonly EventToInsert[];
}

/**
 * Waits for every other transaction that brings something of the same names, and reads what is
 * known of them. From then on nobody else changes that until this transaction ends, so that one of
 * two equal events is a repeat, whichever instance takes it in.
 *
 * @param query Runs a statement, within the transaction.
 * @param coming What comes.
 * @param now When, in milliseconds since the epoch.
 * @returns What is known.
 */
export async function readRepeatsKnown(
  query: Query,
  coming: readonly Coming[],
  now: number,
): Promise<RepeatsKnown> {
  const names = new Map<string, { endpoint: string; name: string; most: number }>();
  for (const { endpoint, events } of coming) {
    const digest = digestOf(endpoint);
    for (const { name } of events) {
      const key = placeOf(digest, name);
      const known = names.get(key) ?? { endpoint: digest, name, most: 0 };
      names.set(key, { ...known, most: known.most + 1 });
    }
  }
  // In one order: two transactions that lock the same names never wait for each other.
  const sorted = [...names].sort(([a], [b]) => a < b ? -1 : 1).map(([, value]) => value);
  await insertLists(
    query,
    "event_names AS n",
    { ...NAME_COLUMNS, seen_at: bigints(() => now) },
    sorted,
    `ON CONFLICT (endpoint_digest, name) DO UPDATE SET seen_at = greatest(n.seen_at, excluded.seen_at)`,
  );
  const rows = await query(
    `SELECT k.* FROM unnest($1::text[], $2::text[], $3::int[]) AS w (e, n, most)
     CROSS JOIN LATERAL (
       SELECT * FROM recent_events WHERE endpoint_digest = w.e AND name = w.n
       ORDER BY seq DESC LIMIT w.most + 1) AS k
     ORDER BY k.seq DESC`,
    [
      sorted.map(({ endpoint }) => endpoint),
      sorted.map(({ name }) => name),
      sorted.map(({ most }) => most),
    ],
  );
  const byName = new Map<string, Known[]>();
  for (const row of rows) {
    append(byName, placeOf(textOf(row, "endpoint_digest"), textOf(row, "name")), decode(row));
  }
  return knownOf(query, byName);
}

function knownOf(query: Query, byName: Map<string, Known[]>): RepeatsKnown {
  const noted: NotedRow[] = [];
  const seenAgain = new Map<number, string>();
  const rows = new Map<string, NotedRow>();

  return {
    at(endpoint) {
      const digest = digestOf(endpoint);
      return {
        newestOf: (subject, _key, most) =>
          (byName.get(placeOf(digest, `s${digestOf(subject)}`)) ?? []).slice(0, most),
        withKey: (key) => byName.get(placeOf(digest, `k${digestOf(key)}`)) ?? [],
      };
    },
    note({ endpoint, event, receivedAt, deliveryId }) {
      const { id, key, content = null, subject, name } = event;
      const digest = digestOf(endpoint);
      const place = placeOf(digest, name);
      const list = byName.get(place) ?? [];
      list.unshift({ seq: undefined, id, key, content, receivedAt, deliveryId });
      byName.set(place, list);
      const row = { digest, name, subject, key, content, receivedAt, deliveryId, id };
      rows.set(id, row);
      noted.push(row);
    },
    seeAgain(known, deliveryId) {
      known.deliveryId = deliveryId;
      const row = rows.get(known.id);
      if (row !== undefined) row.deliveryId = deliveryId;
      else if (known.seq !== undefined) seenAgain.set(known.seq, storedText(deliveryId));
    },
    async write() {
      await insertLists(query, "recent_events", NOTED_COLUMNS, noted);
      if (seenAgain.size === 0) return;
      await query(
        `UPDATE recent_events AS r SET delivery_id = s.delivery_id
         FROM unnest($1::bigint[], $2::text[]) AS s (seq, delivery_id) WHERE r.seq = s.seq`,
        [[...seenAgain.keys()], [...seenAgain.values()]],
      );
    },
  };
}

function placeOf(endpointDigest: string, name: string): string {
  return `${endpointDigest} ${name}`;
}

function append(lists: Map<string, Known[]>, name: string, known: Known): void {
  const list = lists.get(name);
  if (list === undefined) lists.set(name, [known]);
  else list.push(known);
}

function decode(row: PostgresRow): Known {
  return {
    seq: integerColumn(row, "seq"),
    id: textOf(row, "event_id"),
    key: nullableColumn(row, "key", textOf),
    content: nullableColumn(row, "content", textOf),
    receivedAt: integerColumn(row, "received_at"),
    deliveryId: textOf(row, "delivery_id"),
  };
}
