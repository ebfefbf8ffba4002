import type { UncountedVersion } from "../export.ts";
import type { RefusedLimits } from "../journal.ts";
import { CONTRADICTION_WARNING, judgeRepeats } from "../repeats.ts";
import type { Database, Query } from "./connection.ts";
import { Counting, readJournalCounts } from "./counters.ts";
import {
  type DeliveryToInsert,
  insertDeliveries,
  type KnownRuleSets,
  ROW_BYTES,
} from "./deliveries_writer.ts";
import { type EventToInsert, type EventToKeep, INSERTED_EVENT_COLUMNS } from "./events.ts";
import { saveVersion } from "./exports.ts";
import { createGatherer, type Gathered, type Gatherer } from "./gather.ts";
import { type ForwardOfEvent, insertForwards } from "./forward_places.ts";
import { sqlState, UNIQUE_VIOLATION } from "./postgres_error.ts";
import { insertLists } from "./insert_lists.ts";
import { readRepeatsKnown } from "./repeats_known.ts";
import { integerColumn } from "../columns.ts";
import { textOf } from "./rows.ts";

/** A delivery with all that follows from it. */
export interface Recorded {
  readonly delivery: DeliveryToInsert;
  readonly endpoint: string;
  readonly events: readonly EventToInsert[];
  readonly exported?: UncountedVersion;
}

/** What the transactions are told. */
export interface RecorderOptions {
  readonly repeatWindowMs: number;
  readonly refused: RefusedLimits;
  /** Called after each transaction, if given. */
  readonly onCommit?: (commit: { durationMs: number; changes: number; stored: boolean }) => void;
}

/** While one transaction waits for its commit, the next is under way. */
const AT_A_TIME = 2;
/** More are not put into one transaction. */
const MAX_IN_ONE = 200;

/** Records deliveries, those that wait together in one transaction. */
export type Recorder = Gatherer<Recorded, readonly string[]>;

/**
 * Makes a recorder. What it is given is stored with all that follows from it or not at all; it
 * resolves once that is durable, with the ids of the events that are kept though the sender's id was
 * known, and rejects with `JournalUnavailable`, or with a `RangeError` where a part is wrong in
 * itself.
 *
 * @param database The database.
 * @param options What is kept.
 * @returns The recorder.
 */
export function createRecorder(database: Database, options: RecorderOptions): Recorder {
  const sets: KnownRuleSets = new Map();

  async function storeOnce(group: readonly Recorded[]): Promise<readonly (readonly string[])[]> {
    if (group.every(isPlain)) {
      const counting = new Counting();
      countDeliveries(counting, group);
      await insertDeliveries(database.query, group.map(({ delivery }) => delivery), sets, counting);
      return [];
    }
    // What is known of a transaction that is taken back is not known.
    const known = new Map(sets);
    const kept = await database.transaction((query) => storeAll(query, group, options, known));
    for (const [rules, seq] of known) sets.set(rules, seq);
    return kept;
  }

  /** One that is wrong in itself must not harm the others: each by itself tells which. */
  async function storeEach(
    group: readonly Recorded[],
  ): Promise<readonly Gathered<readonly string[]>[]> {
    const results: Gathered<readonly string[]>[] = [];
    for (const one of group) {
      try {
        const [result = []] = await storeOnce([one]);
        results.push({ result });
      } catch (error) {
        results.push({ failure: await failureOf(error) });
      }
    }
    return results;
  }

  async function failureOf(error: unknown): Promise<unknown> {
    const refusal = refusalOf(error);
    if (sqlState(error) !== UNIQUE_VIOLATION) return refusal ?? error;
    try {
      // Whoever hears that it is there relies on it, and its own commit may wait for a standby still.
      await database.query("UPDATE storehook_schema SET version = version");
      return refusal;
    } catch (failure) {
      return failure;
    }
  }

  async function store(
    group: readonly Recorded[],
  ): Promise<readonly Gathered<readonly string[]>[]> {
    try {
      const kept = await storeOnce(group);
      return group.map((_, index) => ({ result: kept[index] ?? [] }));
    } catch (error) {
      if (refusalOf(error) === undefined) throw error;
      return await storeEach(group);
    }
  }

  return createGatherer({
    async handle(group) {
      const startedAt = performance.now();
      let stored = false;
      try {
        const results = await store(group);
        stored = true;
        return results;
      } finally {
        const durationMs = performance.now() - startedAt;
        options.onCommit?.({ durationMs, changes: group.length, stored });
      }
    },
    groups: AT_A_TIME,
    mostAtOnce: MAX_IN_ONE,
    bytesOf: ({ delivery }) => delivery.bytes,
  });
}

function refusalOf(error: unknown): RangeError | undefined {
  if (error instanceof RangeError) return error;
  if (sqlState(error) !== UNIQUE_VIOLATION) return undefined;
  return new RangeError(
    "Cannot record a delivery: the journal has one of this id, or an event of it has no valid shape",
    { cause: error },
  );
}

/** A decision alone, which is what most deliveries are. */
function isPlain({ delivery, events, exported }: Recorded): boolean {
  return !delivery.refused && events.length === 0 && exported === undefined;
}

function countDeliveries(counting: Counting, group: readonly Recorded[]): void {
  for (const { delivery: { refused, bytes } } of group) {
    counting.add("deliveries", refused ? "refused" : "accepted", 1);
    counting.add("bytes", "all", bytes);
  }
}

/** Stores deliveries in their order, within a transaction. */
async function storeAll(
  query: Query,
  group: readonly Recorded[],
  { repeatWindowMs, refused }: RecorderOptions,
  sets: KnownRuleSets,
): Promise<readonly (readonly string[])[]> {
  const counting = new Counting();
  countDeliveries(counting, group);
  await insertDeliveries(query, group.map(({ delivery }) => delivery), sets);
  const contradicting = await storeEvents(query, counting, group, repeatWindowMs);
  for (const { exported } of group) {
    if (exported !== undefined) await saveVersion(query, counting, exported);
  }
  const further = group.filter(({ delivery }) => delivery.refused).length;
  if (further > 0) await trimRefused(query, counting, refused.count - further);
  await counting.write(query);
  return contradicting;
}

async function storeEvents(
  query: Query,
  counting: Counting,
  group: readonly Recorded[],
  repeatWindowMs: number,
): Promise<readonly (readonly string[])[]> {
  const bringing = group.filter(({ events }) => events.length > 0);
  if (bringing.length === 0) return [];
  const now = Math.max(...bringing.map(({ delivery }) => delivery.receivedAt));
  const known = await readRepeatsKnown(query, bringing, now);
  const kept: EventToKeep[] = [];
  const seenAgain: { id: string; at: number }[] = [];
  const contradicting = group.map(({ delivery, endpoint, events }) => {
    const { id: deliveryId, receivedAt } = delivery;
    const contradicting: string[] = [];
    const ids: string[] = [];
    const verdicts = judgeRepeats(events, receivedAt, repeatWindowMs, known.at(endpoint));
    for (const [index, event] of events.entries()) {
      const verdict = verdicts[index] ?? { kind: "new", contradicts: false };
      if (verdict.kind === "new") {
        ids.push(event.id);
        if (verdict.contradicts) contradicting.push(event.id);
        const further = verdict.contradicts ? [CONTRADICTION_WARNING] : [];
        kept.push({ event, warnings: [...event.warnings, ...further] });
        known.note({ endpoint, event, receivedAt, deliveryId });
        continue;
      }
      const id = verdict.kind === "repeat" ? verdict.of.id : ids[verdict.of] ?? "";
      ids.push(id);
      seenAgain.push({ id, at: receivedAt });
      if (verdict.kind === "repeat") known.seeAgain(verdict.of, deliveryId);
    }
    return contradicting;
  });
  await insertEvents(query, counting, kept);
  await known.write();
  await countAgain(query, seenAgain);
  return contradicting;
}

async function insertEvents(
  query: Query,
  counting: Counting,
  kept: readonly EventToKeep[],
): Promise<void> {
  const rows = await insertLists(
    query,
    "events",
    INSERTED_EVENT_COLUMNS,
    kept,
    "RETURNING id, seq",
  );
  const seqs = new Map(rows.map((row) => [textOf(row, "id"), integerColumn(row, "seq")]));
  const forwards = kept.flatMap(({ event, warnings }): readonly ForwardOfEvent[] => {
    counting.add("events", "all", 1);
    if (warnings.length > 0) counting.add("events", "with warnings", 1);
    counting.add("bytes", "all", ROW_BYTES + event.payloadBytes);
    const seq = seqs.get(event.id) ?? 0;
    return event.forwards.map((forward) => ({ ...forward, event: seq }));
  });
  await insertForwards({ query, counting, now: Date.now() }, forwards);
}

async function countAgain(
  query: Query,
  seenAgain: readonly { id: string; at: number }[],
): Promise<void> {
  if (seenAgain.length === 0) return;
  const sums = new Map<string, { n: number; at: number }>();
  for (const { id, at } of seenAgain) {
    const sum = sums.get(id) ?? { n: 0, at };
    sums.set(id, { n: sum.n + 1, at: Math.max(sum.at, at) });
  }
  const list = [...sums];
  await query(
    `UPDATE events AS e SET duplicates = e.duplicates + s.n,
       last_seen_at = greatest(e.last_seen_at, s.at)
     FROM unnest($1::text[], $2::int[], $3::bigint[]) AS s (id, n, at) WHERE e.id = s.id`,
    [list.map(([id]) => id), list.map(([, { n }]) => n), list.map(([, { at }]) => at)],
  );
}

/** Strangers fill no disk: the oldest refused deliveries make room for those not yet counted. */
async function trimRefused(query: Query, counting: Counting, most: number): Promise<void> {
  const { refused } = await readJournalCounts(query);
  const excess = refused - most;
  if (excess <= 0) return;
  const removed = await query(
    `DELETE FROM deliveries WHERE (received_at, id) IN (
       SELECT received_at, id FROM deliveries WHERE verified_by IS NULL
       ORDER BY received_at, id LIMIT $1 FOR UPDATE SKIP LOCKED)
     RETURNING octet_length(body) + octet_length(answer) AS bytes`,
    [excess],
  );
  counting.add("deliveries", "refused", -removed.length);
  for (const row of removed) counting.add("bytes", "all", -ROW_BYTES - integerColumn(row, "bytes"));
}
