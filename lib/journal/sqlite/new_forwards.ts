/** Forwards that come with what is recorded: a statement for some dozens of them. */
import type { DatabaseSync } from "node:sqlite";
import { placeInOrder, WAITING_OVERHEAD_BYTES } from "../forwards.ts";
import { integerColumn } from "../columns.ts";
import type { MarkLeading } from "./forward_states.ts";
import type { ForwardToInsert } from "./forwards.ts";
import { createRowKeys, type Row, runTogether, textColumn } from "./rows.ts";
import type { Counts } from "./small_tables.ts";

/** A forward with the event that it is of. */
export interface NewForward {
  readonly forward: ForwardToInsert;
  /** The row of its event. */
  readonly event: number;
  readonly payloadBytes: number;
}

/** Inserts forwards; every method belongs inside a transaction. */
export interface NewForwards {
  /** Inserts those of events that are inserted with them. */
  readonly insert: (forwards: readonly NewForward[]) => void;
  /** Inserts a further one of an event that is there already. */
  readonly insertFurther: (forward: NewForward) => void;
}

/** As they come, before one another. */
type Order = Pick<ForwardToInsert, "createdAt" | "id">;

/**
 * Prepares the statements.
 *
 * @param database A database open for writing.
 * @param counts Its counts.
 * @param markLeading Marks what leads of a subject.
 * @returns What inserts.
 */
export function createNewForwards(
  database: DatabaseSync,
  counts: Counts,
  markLeading: MarkLeading,
): NewForwards {
  const newKeys = createRowKeys(database, "forwards");
  // All rows are looked at before the first is inserted: of those with one subject, one may lead.
  const insertAll = runTogether(database, 8, (values) => `
    INSERT INTO forwards (seq, id, event, destination, subject, created_at, due_at, leads)
    SELECT column1, column2, column3, column4, column5, column6, column7, column8 AND NOT EXISTS (
      SELECT 1 FROM forwards INDEXED BY forwards_by_subject
      WHERE destination = column4 AND subject = column5 AND state = 'waiting')
    FROM (VALUES ${values})`);
  const newestOf = database.prepare(`
    SELECT created_at, id FROM forwards INDEXED BY forwards_in_order
    ORDER BY created_at DESC, id DESC LIMIT 1`);
  const countWaiting = database.prepare("UPDATE events SET waiting = waiting + 1 WHERE seq = ?");

  function count(forwards: readonly NewForward[]): void {
    counts.add("forwards", "waiting", forwards.length);
    for (const [destination, some] of Map.groupBy(forwards, destinationOf)) {
      const bytes = some.reduce((sum, one) => sum + WAITING_OVERHEAD_BYTES + one.payloadBytes, 0);
      counts.add("waiting", destination, some.length);
      counts.add("waiting bytes", destination, bytes);
    }
  }

  function insert(given: readonly NewForward[]): void {
    if (given.length === 0) return;
    const row = newestOf.get();
    const newest = row === undefined ? undefined : decodeOrder(row);
    const now = Date.now();
    const forwards = given.map((one) => placed(one, newest, now));
    const oldest = oldestOfSubjects(forwards);
    const keyOf = newKeys();
    const add = (some: readonly PlacedForward[]) =>
      insertAll(some.map((one) => {
        const { id, destination, subject, createdAt } = one.forward;
        const mayLead = oldest.has(one) ? 1 : 0;
        return [keyOf(id), id, one.event, destination, subject, createdAt, one.dueAt, mayLead];
      }));
    const isBehindAll = ({ forward }: NewForward) =>
      newest === undefined || compare(newest, forward) < 0;
    if (forwards.every(isBehindAll)) {
      add(forwards);
    } else {
      // The clock was set back, or another process was faster: what waits already may be the younger.
      add([...oldest]);
      for (const { forward: { destination, subject } } of oldest) markLeading(destination, subject);
      add(forwards.filter((one) => !oldest.has(one)));
    }
    count(forwards);
  }

  return {
    insert,
    insertFurther(forward) {
      insert([forward]);
      countWaiting.run(forward.event);
    },
  };
}

/** A forward in its place; it is due by its own time. */
function placed(one: NewForward, newest: Order | undefined, now: number): PlacedForward {
  const { createdAt: dueAt, id } = one.forward;
  const place = placeInOrder(dueAt, newest?.createdAt, now);
  // Ids increase within a process alone: one that started since the clock was set back has older ones.
  const isOlder = newest !== undefined && place > dueAt && id < newest.id;
  const createdAt = isOlder ? place + 1 : place;
  return { ...one, forward: { ...one.forward, createdAt }, dueAt };
}

interface PlacedForward extends NewForward {
  readonly dueAt: number;
}

function destinationOf({ forward }: NewForward): string {
  return forward.destination;
}

/** Finds the oldest of each subject at each destination. */
function oldestOfSubjects(forwards: readonly PlacedForward[]): ReadonlySet<PlacedForward> {
  const oldest = new Set<PlacedForward>();
  for (const some of Map.groupBy(forwards, destinationOf).values()) {
    const bySubject = new Map<string, PlacedForward>();
    for (const one of some) {
      const { subject } = one.forward;
      const known = bySubject.get(subject);
      if (known === undefined || compare(one.forward, known.forward) < 0) {
        bySubject.set(subject, one);
      }
    }
    for (const one of bySubject.values()) oldest.add(one);
  }
  return oldest;
}

function compare(one: Order, other: Order): number {
  return one.createdAt - other.createdAt || (one.id < other.id ? -1 : Number(one.id > other.id));
}

function decodeOrder(row: Row): Order {
  return { createdAt: integerColumn(row, "created_at"), id: textColumn(row, "id") };
}
