import type { ForwardState } from "../../forward/outbox.ts";
import { placeInOrder } from "../forwards.ts";
import type { Query } from "./connection.ts";
import type { Counting } from "./counters.ts";
import type { ForwardOfNewEvent } from "./events.ts";
import { readState } from "./forwards.ts";
import { integerColumn, nullableColumn } from "../columns.ts";
import { bigints, insertLists, type ListedColumns, texts } from "./insert_lists.ts";
import { type PostgresRow, storedText, textOf } from "./rows.ts";

/** A transaction that changes forwards. */
export interface OutboxChange {
  readonly query: Query;
  readonly counting: Counting;
  /** In milliseconds since the epoch. */
  readonly now: number;
}

/** A forward with what decides about its neighbours. */
export interface HeldForward {
  readonly seq: number;
  readonly id: string;
  readonly event: number;
  readonly destination: string;
  readonly subjectKey: string;
  readonly state: ForwardState;
  readonly dueAt: number | null;
  readonly bytes: number;
}

/** A forward that is inserted, and the row of its event. */
export interface ForwardOfEvent extends ForwardOfNewEvent {
  readonly event: number;
}

/** One with its place in the order of its subject, as a time. */
interface PlacedForward extends ForwardOfEvent {
  readonly place: number;
}

const FORWARD_COLUMNS: ListedColumns<PlacedForward> = {
  id: texts(({ id }) => id),
  event: bigints(({ event }) => event),
  destination: texts(({ destination }) => storedText(destination)),
  subject_key: texts(({ subjectKey }) => subjectKey),
  bytes: bigints(({ bytes }) => bytes),
  created_at: bigints(({ place }) => place),
  due_at: bigints(({ createdAt }) => createdAt),
};

/**
 * Inserts forwards. Those of one subject come in the order of the transactions that bring them,
 * whichever instance that is: each waits for the others by the row of the subject, and none is older
 * than what that row has seen, though the clock of its instance may be behind.
 *
 * @param change The transaction.
 * @param forwards The forwards, in their order.
 */
export async function insertForwards(
  { query, counting, now }: OutboxChange,
  forwards: readonly ForwardOfEvent[],
): Promise<void> {
  if (forwards.length === 0) return;
  const newest = new Map<string, number>();
  for (const one of forwards) {
    const key = keyOf(one);
    newest.set(key, Math.max(one.createdAt, newest.get(key) ?? -Infinity));
    counting.addForward("waiting", one.destination, one.bytes, 1);
  }
  const seen = await lockSubjects(query, forwards, (subject) => newest.get(keyOf(subject)) ?? now);
  const placed = forwards.map((one) => ({
    ...one,
    place: placeInOrder(one.createdAt, seen.get(keyOf(one)), now),
  }));
  await insertLists(query, "forwards", FORWARD_COLUMNS, placed);
  await markLeading(query, forwards);
}

type Subject = Pick<HeldForward, "destination" | "subjectKey">;

function keyOf({ destination, subjectKey }: Subject): string {
  return `${subjectKey} ${destination}`;
}

/** A subject as it is stored, and as it came. */
interface UniqueSubject extends Subject {
  readonly subject: Subject;
}

const SUBJECT_COLUMNS: ListedColumns<UniqueSubject> = {
  destination: texts(({ destination }) => destination),
  subject_key: texts(({ subjectKey }) => subjectKey),
};

function uniqueSubjects(subjects: readonly Subject[]): readonly UniqueSubject[] {
  const unique = new Map(
    subjects.map((subject) => [keyOf(subject), {
      destination: storedText(subject.destination),
      subjectKey: subject.subjectKey,
      subject,
    }]),
  );
  // In one order, so that two transactions never wait for each other.
  return [...unique].sort(([a], [b]) => a < b ? -1 : 1).map(([, subject]) => subject);
}

/**
 * From here on nobody else changes what waits of these subjects until the transaction ends.
 *
 * @param query In the transaction.
 * @param subjects The subjects.
 * @param usedAt When each of them is used, in milliseconds since the epoch.
 * @returns When each was used last, whichever instance said so, by its key.
 */
export async function lockSubjects(
  query: Query,
  subjects: readonly Subject[],
  usedAt: (subject: Subject) => number,
): Promise<ReadonlyMap<string, number>> {
  const rows = await insertLists(
    query,
    "forward_subjects AS s",
    { ...SUBJECT_COLUMNS, used_at: bigints(({ subject }) => usedAt(subject)) },
    uniqueSubjects(subjects),
    `ON CONFLICT (destination, subject_key)
     DO UPDATE SET used_at = greatest(s.used_at, excluded.used_at)
     RETURNING destination, subject_key, used_at`,
  );
  return new Map(rows.map((row) => {
    const subject = {
      destination: textOf(row, "destination"),
      subjectKey: textOf(row, "subject_key"),
    };
    return [keyOf(subject), integerColumn(row, "used_at")];
  }));
}

/** Marks the oldest that waits of each subject, and no other. */
export async function markLeading(query: Query, subjects: readonly Subject[]): Promise<void> {
  const unique = uniqueSubjects(subjects);
  const lists = [
    unique.map(({ destination }) => destination),
    unique.map(({ subjectKey }) => subjectKey),
  ];
  // By the whole key of the index of subjects, so that no other one has that order: what waits grows
  // and goes too fast for the statistics by which PostgreSQL would choose among them.
  const oldest = `
    SELECT h.seq FROM unnest($1::text[], $2::text[]) AS s (destination, subject_key)
    CROSS JOIN LATERAL (
      SELECT seq, destination, subject_key FROM forwards AS f WHERE f.state = 'waiting'
        AND (f.destination, f.subject_key, f.created_at, f.seq)
          >= (s.destination, s.subject_key, ${-Number.MAX_SAFE_INTEGER}::bigint, 0::bigint)
      ORDER BY f.destination, f.subject_key, f.created_at, f.seq LIMIT 1) AS h
    WHERE h.destination = s.destination AND h.subject_key = s.subject_key`;
  await query(
    `WITH oldest AS (${oldest}), marked AS (
       SELECT m.seq FROM unnest($1::text[], $2::text[]) AS s (destination, subject_key)
       CROSS JOIN LATERAL (
         SELECT seq FROM forwards AS f WHERE f.destination = s.destination
           AND f.subject_key = s.subject_key AND f.state = 'waiting' AND f.leads LIMIT 2) AS m)
     UPDATE forwards SET leads = NOT leads WHERE seq = ANY (ARRAY(
       SELECT seq FROM (TABLE oldest UNION ALL TABLE marked) AS both_ GROUP BY seq
       HAVING count(*) = 1))`,
    lists,
  );
}

const PLACE = "seq, id, event, destination, subject_key, state, due_at, bytes";

/**
 * Finds forwards and keeps everybody else from changing them, or their subjects, until the
 * transaction ends.
 *
 * @param change The transaction.
 * @param ids The ids of the forwards.
 * @returns Where they stand, oldest first.
 */
export async function holdForwards(
  { query, now }: OutboxChange,
  ids: readonly string[],
): Promise<readonly HeldForward[]> {
  const stored = ids.map(storedText);
  const found = await query(`SELECT ${PLACE} FROM forwards WHERE id = ANY ($1)`, [stored]);
  if (found.length === 0) return [];
  // Subjects first, as who inserts does.
  await lockSubjects(query, found.map(decodePlace), () => now);
  const rows = await query(
    `SELECT ${PLACE} FROM forwards WHERE id = ANY ($1) ORDER BY created_at, seq FOR UPDATE`,
    [stored],
  );
  return rows.map(decodePlace);
}

/** The forwards of some events, held as by `holdForwards()`. */
export async function holdForwardsOfEvents(
  change: OutboxChange,
  events: readonly number[],
): Promise<readonly HeldForward[]> {
  const rows = await change.query(
    "SELECT id FROM forwards WHERE event = ANY ($1::bigint[])",
    [events],
  );
  return await holdForwards(change, rows.map((row) => textOf(row, "id")));
}

/** Where a forward comes to stand. */
export interface Move {
  readonly place: HeldForward;
  readonly state: ForwardState;
  readonly dueAt: number | null;
}

/**
 * Moves forwards that are held, and keeps right what depends on them.
 *
 * @param change The transaction.
 * @param moves Which, and where to.
 */
export async function moveForwards(
  { query, counting }: OutboxChange,
  moves: readonly Move[],
): Promise<void> {
  if (moves.length === 0) return;
  await query(
    `UPDATE forwards AS f SET state = m.state, due_at = m.due_at,
       leads = f.leads AND m.state = 'waiting'
     FROM unnest($1::bigint[], $2::text[], $3::bigint[]) AS m (seq, state, due_at)
     WHERE f.seq = m.seq`,
    [
      moves.map(({ place }) => place.seq),
      moves.map(({ state }) => state),
      moves.map(({ dueAt }) => dueAt === null ? null : Math.round(dueAt)),
    ],
  );
  const waiting = new Map<number, number>();
  const changed: HeldForward[] = [];
  for (const { place, state } of moves) {
    if (place.state === state) continue;
    counting.addForward(place.state, place.destination, place.bytes, -1);
    counting.addForward(state, place.destination, place.bytes, 1);
    const more = Number(state === "waiting") - Number(place.state === "waiting");
    if (more === 0) continue;
    waiting.set(place.event, (waiting.get(place.event) ?? 0) + more);
    changed.push(place);
  }
  if (changed.length === 0) return;
  await query(
    `UPDATE events AS e SET waiting = e.waiting + w.n
     FROM unnest($1::bigint[], $2::int[]) AS w (seq, n) WHERE e.seq = w.seq`,
    [[...waiting.keys()], [...waiting.values()]],
  );
  await markLeading(query, changed);
}

function decodePlace(row: PostgresRow): HeldForward {
  return {
    seq: integerColumn(row, "seq"),
    id: textOf(row, "id"),
    event: integerColumn(row, "event"),
    destination: textOf(row, "destination"),
    subjectKey: textOf(row, "subject_key"),
    state: readState(row),
    dueAt: nullableColumn(row, "due_at", integerColumn),
    bytes: integerColumn(row, "bytes"),
  };
}
