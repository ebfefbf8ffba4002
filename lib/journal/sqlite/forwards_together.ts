/** Forwards that are taken, or were delivered, by the hundred: a statement for all of them. */
import type { DatabaseSync } from "node:sqlite";
import type { Completion, LeasedForward, LeaseOptions } from "../../forward/outbox.ts";
import { timeKeyOf } from "../delivery.ts";
import { ATTEMPTS_KEPT, WAITING_OVERHEAD_BYTES } from "../forwards.ts";
import { bytesColumn, integerColumn } from "../columns.ts";
import { decodeStoredEvent, EVENT_COLUMNS } from "./events.ts";
import { decodeForward, FORWARD_COLUMNS } from "./forwards.ts";
import { insertTogether, type Row, textColumn } from "./rows.ts";
import type { Counts } from "./small_tables.ts";

/** Changes many forwards at once; every method belongs inside a transaction. */
export interface ForwardsTogether {
  /** Leases the first of some forwards, by their keys. */
  readonly take: (
    seqs: readonly number[],
    options: Pick<LeaseOptions, "owner" | "mostBytes" | "leaseMs" | "now">,
  ) => readonly LeasedForward[];
  /**
   * Writes those attempts that delivered what was waiting by a lease that is held.
   *
   * @returns The attempts that were written; what becomes of the others is for whoever asks.
   */
  readonly deliver: (completions: readonly Completion[]) => ReadonlySet<Completion>;
}

/** A forward that was delivered. */
interface Delivered {
  readonly seq: number;
  readonly event: number;
  readonly destination: string;
  readonly payloadBytes: number;
  readonly attempt: Completion["attempt"];
}

/** Of what is listed in JSON, which is looked up in its order by the keys of a table. */
const LISTED = "(SELECT value FROM json_each(?))";

/**
 * Prepares the statements.
 *
 * @param database A database open for writing.
 * @param counts Its counts.
 * @returns What changes many.
 */
export function createForwardsTogether(
  database: DatabaseSync,
  counts: Counts,
): ForwardsTogether {
  const lease = database.prepare(`
    UPDATE forwards SET leased_until = ?, lease_owner = ?, lease_number = lease_number + 1
    WHERE seq IN ${LISTED}`);
  const leased = database.prepare(`
    SELECT ${FORWARD_COLUMNS}, forwards.lease_number, ${EVENT_COLUMNS}
    FROM json_each(?) AS listed CROSS JOIN forwards ON forwards.seq = listed.value
    CROSS JOIN events ON events.seq = forwards.event`);
  const sizes = database.prepare(`
    SELECT forwards.seq, payload_bytes
    FROM json_each(?) AS listed CROSS JOIN forwards ON forwards.seq = listed.value
    CROSS JOIN events ON events.seq = forwards.event`);
  const places = database.prepare(`
    SELECT forwards.seq, forwards.id, forwards.event, destination, lease_number,
      coalesce(payload_bytes, 0) AS payload_bytes
    FROM json_each(?) AS listed CROSS JOIN forwards ON forwards.seq = listed.value
    LEFT JOIN events ON events.seq = forwards.event
    WHERE state = 'waiting' AND lease_owner = ? AND attempts < ${ATTEMPTS_KEPT}`);
  const insertAttempts = insertTogether(database, "attempts", [
    ...["forward", "started_at", "duration_ms", "status", "error"],
  ]);
  const delivery = database.prepare(`
    UPDATE forwards SET state = 'delivered', due_at = NULL, leads = 0, attempts = attempts + 1,
      leased_until = 0, lease_owner = NULL
    WHERE seq IN ${LISTED}`);
  const countWaiting = database.prepare(
    `UPDATE events SET waiting = waiting - ? WHERE seq IN ${LISTED}`,
  );
  // Whatever was the oldest of its subject: what is the oldest now leads.
  const markLeading = database.prepare(`
    UPDATE forwards SET leads = 1 WHERE leads = 0 AND seq IN (
      SELECT (
        SELECT next.seq FROM forwards AS next INDEXED BY forwards_by_subject
        WHERE next.destination = done.destination AND next.subject = done.subject
          AND next.state = 'waiting'
        ORDER BY next.created_at, next.id LIMIT 1)
      FROM json_each(?) AS listed CROSS JOIN forwards AS done ON done.seq = listed.value)`);

  /** Gives the first ones, until they have so many bytes of payload. */
  function firstOf(seqs: readonly number[], mostBytes: number): readonly number[] {
    const bytes = new Map(
      sizes.all(JSON.stringify(seqs)).map((row) =>
        [integerColumn(row, "seq"), integerColumn(row, "payload_bytes")] as const
      ),
    );
    let sum = 0;
    const last = seqs.findIndex((seq) => (sum += bytes.get(seq) ?? 0) >= mostBytes);
    return last < 0 ? seqs : seqs.slice(0, last + 1);
  }

  /** Those that one statement can write: the others are few. */
  function held(completions: readonly Completion[]): ReadonlyMap<Completion, Delivered> {
    const byKey = new Map<number, Completion | undefined>();
    for (const one of completions) {
      const key = timeKeyOf(one.lease.id);
      // One that comes twice is looked at one by one: a lease of it is lost.
      if (key !== undefined) byKey.set(key, byKey.has(key) ? undefined : one);
    }
    const found = new Map<Completion, Delivered>();
    const owners = Map.groupBy(
      [...byKey].filter(([, one]) => one?.outcome.state === "delivered"),
      ([, one]) => one?.lease.owner ?? "",
    );
    for (const [owner, some] of owners) {
      const keys = some.map(([key]) => key);
      for (const row of places.all(JSON.stringify(keys), owner)) {
        const one = byKey.get(integerColumn(row, "seq"));
        if (one === undefined || !isOf(row, one)) continue;
        found.set(one, { ...decodeDelivered(row), attempt: one.attempt });
      }
    }
    return found;
  }

  function endWaiting(delivered: readonly Delivered[]): void {
    const times = new Map<number, number>();
    for (const { event, destination, payloadBytes } of delivered) {
      times.set(event, (times.get(event) ?? 0) + 1);
      counts.add("waiting", destination, -1);
      counts.add("waiting bytes", destination, -(WAITING_OVERHEAD_BYTES + payloadBytes));
    }
    counts.add("forwards", "waiting", -delivered.length);
    counts.add("forwards", "delivered", delivered.length);
    for (const [count, events] of Map.groupBy(times, ([, count]) => count)) {
      countWaiting.run(count, JSON.stringify(events.map(([event]) => event)));
    }
  }

  return {
    take(all, { owner, mostBytes = Infinity, leaseMs, now }) {
      const seqs = firstOf(all, mostBytes);
      const listed = JSON.stringify(seqs);
      lease.run(now + leaseMs, owner, listed);
      const found = leased.all(listed);
      const payloads = payloadsOf(found);
      const forwards = new Map(
        found.map((row, index) =>
          [integerColumn(row, "forward"), decodeLeased(row, owner, payloads[index])] as const
        ),
      );
      return seqs.map((seq) => forwards.get(seq)).filter((one) => one !== undefined);
    },
    deliver(completions) {
      const found = held(completions);
      if (found.size === 0) return new Set();
      const delivered = [...found.values()];
      insertAttempts(delivered.map(({ seq, attempt: { startedAt, durationMs, status, error } }) => [
        ...[seq, startedAt, Math.round(durationMs), status, error],
      ]));
      const listed = JSON.stringify(delivered.map(({ seq }) => seq));
      delivery.run(listed);
      endWaiting(delivered);
      markLeading.run(listed);
      return new Set(found.keys());
    },
  };
}

function isOf(row: Row, { lease: { id, number } }: Completion): boolean {
  return textColumn(row, "id") === id && integerColumn(row, "lease_number") === number;
}

function decodeDelivered(row: Row): Omit<Delivered, "attempt"> {
  return {
    seq: integerColumn(row, "seq"),
    event: integerColumn(row, "event"),
    destination: textColumn(row, "destination"),
    payloadBytes: integerColumn(row, "payload_bytes"),
  };
}

function decodeLeased(
  row: Row,
  owner: string,
  payload: Uint8Array<ArrayBuffer> | undefined,
): LeasedForward {
  const forward = decodeForward(row);
  const number = integerColumn(row, "lease_number");
  return {
    ...forward,
    event: decodeStoredEvent(row, payload),
    lease: { id: forward.id, owner, number },
  };
}

/** Of so many bytes together, to copy them costs less than a buffer for each on its way to a thread. */
const PACKED_BYTES = 1_048_576;

/** Reads the payloads of rows: into one buffer where they are small. */
function payloadsOf(rows: readonly Row[]): readonly Uint8Array<ArrayBuffer>[] {
  const payloads = rows.map((row) => bytesColumn(row, "payload"));
  const bytes = payloads.reduce((sum, { byteLength }) => sum + byteLength, 0);
  if (bytes > PACKED_BYTES) return payloads;
  const all = new Uint8Array(bytes);
  let end = 0;
  return payloads.map((payload) => {
    const start = end;
    all.set(payload, start);
    end += payload.byteLength;
    return all.subarray(start, end);
  });
}
