import type { DatabaseSync } from "node:sqlite";
import type { ComingEvent, KnownEvent, KnownEvents } from "../repeats.ts";
import { integerColumn, nullableColumn } from "../columns.ts";
import { createRowPlaces, type RowPlaces } from "./row_places.ts";
import { insertTogether, type Row, textColumn, wholeTexts } from "./rows.ts";

/** A known event with its row. */
interface RecentEvent extends KnownEvent {
  readonly seq: number;
}

/** An event that is to be known from now on. */
export type EventToKnow = ComingEvent & Pick<KnownEvent, "id" | "receivedAt" | "deliveryId">;

/** What the rule for repeats knows; what writes belongs inside a transaction. */
export interface RecentEvents {
  /** Finds those of an endpoint. */
  readonly at: (endpoint: string) => KnownEvents<RecentEvent>;
  readonly insert: (endpoint: string, events: readonly EventToKnow[]) => void;
  /** Marks one as brought by another delivery. */
  readonly seeAgain: (seq: number, deliveryId: string) => void;
  /**
   * Looks at twice as many as came, oldest first, and forgets those that no retry can reach; once
   * there are some, for a look costs as much as an event.
   */
  readonly forget: (now: number, came: number, windowMs: number) => void;
  /** Reads where each is; else the first event does. */
  readonly load: () => void;
}

/** What a journal has to change for its events to be found by what is in memory. */
export const recentEventNumbers = `
  DROP INDEX recent_events_of_subject;
  DROP INDEX recent_events_by_key;
  ALTER TABLE recent_events ADD COLUMN subject_number INTEGER;
  ALTER TABLE recent_events ADD COLUMN key_number INTEGER;
  INSERT INTO counts (kind, name, n) VALUES ('recent events', 'seed', random() & 4294967295);
`;

/**
 * So many of the newest are known at least: an event that repeats one before them is kept a second
 * time. They take 30 MiB then, and little while there are few.
 */
const PLACES_KNOWN = 524_288;

/** How many events come before it is looked which can be forgotten. */
const LOOKED_AT_TOGETHER = 16;

/**
 * Prepares to find recent events. The rows are in the file; where those of a subject or with a key
 * are is in memory, by a number made of its text. What is found is compared with the row, so that
 * neither two texts with one number nor what another process erased leads astray.
 *
 * @param database A database open for writing.
 * @returns What finds them.
 */
export function createRecentEvents(database: DatabaseSync): RecentEvents {
  const bySeq = database.prepare(
    `SELECT seq, endpoint, content, received_at, delivery_id, event_id,
      ${wholeTexts("recent_events", ["subject", "key"])} FROM recent_events WHERE seq = ?`,
  );
  const insertAll = insertTogether(database, "recent_events", [
    ...["endpoint", "subject", "key", "content", "received_at", "delivery_id", "event_id"],
    ...["subject_number", "key_number"],
  ]);
  const update = database.prepare("UPDATE recent_events SET delivery_id = ? WHERE seq = ?");
  // In the order in which they came: whatever the clock did, those that are out of reach go.
  const oldest = database.prepare(
    "SELECT seq, received_at FROM recent_events ORDER BY seq LIMIT ?",
  );
  const removal = database.prepare("DELETE FROM recent_events WHERE seq = ?");
  const seed = integerColumn(
    database.prepare("SELECT n FROM counts WHERE kind = 'recent events' AND name = 'seed'").get(),
    "n",
  );
  const [subjects, keys] = [createRowPlaces(PLACES_KNOWN), createRowPlaces(PLACES_KNOWN)];
  const numberOf = (endpoint: string, text: string) => textNumber(seed, endpoint, text);
  let isLoaded = false;
  /** How many came since it was looked which can be forgotten. */
  let cameSince = 0;

  /** The rows with a number, newest first, as far as they are meant. */
  function* rowsAt(
    places: RowPlaces,
    number: number,
    isMeant: (row: Row) => boolean,
  ): Generator<RecentEvent> {
    // What was taken back had the keys that others have by now.
    let before = Infinity;
    for (const { seq } of places.at(number)) {
      if (seq >= before) continue;
      const row = bySeq.get(seq);
      if (row === undefined || !isMeant(row)) continue;
      before = seq;
      yield decodeRecent(row);
    }
  }

  function load(): void {
    if (isLoaded) return;
    isLoaded = true;
    // Texts of many numbers are read much faster than a row for each.
    const newest = database.prepare(`
      SELECT json_group_array(seq) AS seqs, json_group_array(subject_number) AS subjects,
        json_group_array(key_number) AS keys
      FROM (SELECT seq, subject_number, key_number FROM recent_events
        ORDER BY seq DESC LIMIT ${PLACES_KNOWN})`).get() ?? {};
    const read = (column: string): readonly (number | null)[] =>
      JSON.parse(textColumn(newest, column));
    const [seqs, ofSubjects, ofKeys] = [read("seqs"), read("subjects"), read("keys")];
    for (let index = seqs.length - 1; index >= 0; index--) {
      const [seq, subject, key] = [seqs[index] ?? 0, ofSubjects[index], ofKeys[index]];
      if (typeof key !== "number") {
        addUnnumbered(seq);
        continue;
      }
      if (typeof subject === "number") subjects.add(subject, seq);
      keys.add(key, seq);
    }
  }

  /** Those that an earlier version wrote, or a copy, have no numbers. */
  function addUnnumbered(seq: number): void {
    const row = bySeq.get(seq);
    if (row === undefined) return;
    const endpoint = textColumn(row, "endpoint");
    const subject = nullableColumn(row, "subject", textColumn);
    const key = nullableColumn(row, "key", textColumn);
    if (subject !== null) subjects.add(numberOf(endpoint, subject), seq);
    if (key !== null) keys.add(numberOf(endpoint, key), seq);
  }

  return {
    load,
    at: (endpoint) => ({
      newestOf(subject, key, most) {
        load();
        const isOfIt = (row: Row) =>
          textColumn(row, "endpoint") === endpoint &&
          nullableColumn(row, "subject", textColumn) === subject;
        const found = rowsAt(subjects, numberOf(endpoint, subject), isOfIt).take(most).toArray();
        if (found.length > 0) return found;
        const isOfNone = (row: Row) => row["subject"] === null && hasKey(row, endpoint, key);
        return rowsAt(keys, numberOf(endpoint, key), isOfNone).take(1);
      },
      withKey(key) {
        load();
        return rowsAt(keys, numberOf(endpoint, key), (row) => hasKey(row, endpoint, key));
      },
    }),
    insert(endpoint, events) {
      load();
      const numbers = events.map(({ subject, key }) =>
        [numberOf(endpoint, subject), numberOf(endpoint, key)] as const
      );
      const last = insertAll(events.map((event, index) => {
        const { id, subject, key, content = null, receivedAt, deliveryId } = event;
        const [ofSubject = null, ofKey = null] = numbers[index] ?? [];
        return [endpoint, subject, key, content, receivedAt, deliveryId, id, ofSubject, ofKey];
      }));
      // Nobody else writes within the transaction: each has the key behind the one before.
      const first = last - events.length + 1;
      for (const [index, [ofSubject, ofKey]] of numbers.entries()) {
        subjects.add(ofSubject, first + index);
        keys.add(ofKey, first + index);
      }
    },
    seeAgain: (seq, deliveryId) => void update.run(deliveryId, seq),
    forget(now, came, windowMs) {
      cameSince += came;
      if (cameSince < LOOKED_AT_TOGETHER) return;
      for (const row of oldest.all(2 * cameSince)) {
        const ageMs = Math.abs(integerColumn(row, "received_at") - now);
        if (ageMs >= windowMs) removal.run(integerColumn(row, "seq"));
      }
      cameSince = 0;
    },
  };
}

function hasKey(row: Row, endpoint: string, key: string): boolean {
  return textColumn(row, "endpoint") === endpoint && row["content"] !== null &&
    nullableColumn(row, "key", textColumn) === key;
}

function decodeRecent(row: Row): RecentEvent {
  return {
    seq: integerColumn(row, "seq"),
    id: textColumn(row, "event_id"),
    key: nullableColumn(row, "key", textColumn),
    content: nullableColumn(row, "content", textColumn),
    receivedAt: integerColumn(row, "received_at"),
    deliveryId: textColumn(row, "delivery_id"),
  };
}

/**
 * Makes a number of a text, as cyrb53 does: 53 bits. The seed is the journal's own, so that nobody
 * outside can look for texts that have one number.
 */
function textNumber(seed: number, endpoint: string, text: string): number {
  let [high, low] = [0xdeadbeef ^ seed, 0x41c6ce57 ^ seed];
  for (const part of [endpoint, text]) {
    for (let index = 0; index < part.length; index++) {
      const code = part.charCodeAt(index);
      high = Math.imul(high ^ code, 2654435761);
      low = Math.imul(low ^ code, 1597334677);
    }
    // A text that ends one part is no beginning of the next.
    high = Math.imul(high ^ 0x10000, 2246822507);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return 4294967296 * (2097151 & low) + (high >>> 0);
}
