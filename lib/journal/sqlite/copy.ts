import {
  contentOfKey,
  type CopiedEvent,
  type CopiedExport,
  type CopiedForward,
  type CopyEnd,
} from "../copy.ts";
import type { StoredDelivery } from "../delivery.ts";
import { notOpened } from "../errors.ts";
import { isNotDone } from "../forwards.ts";
import { readingJournal } from "./contract.ts";
import { encodeDelivery } from "./deliveries.ts";
import { bytesColumn, integerColumn } from "../columns.ts";
import { createIdFinder, createRowKeys, textColumn, wholeTexts } from "./rows.ts";
import { openHolder } from "./open.ts";
import { openReadSession, type ReadSession, type WriteSession } from "./session.ts";

/** What a database of SQLite begins with. */
const HEADER = "SQLite format 3\0";

/** Whatever was refused or large: all that the other end has is kept. */
const NO_LIMITS = { count: Infinity, bodyBytes: Infinity };

/**
 * Opens a file that is copied, also beside a server that writes it.
 *
 * @param path The path of the journal.
 * @returns The end of a copy; nothing can be put into it.
 * @throws {JournalNotOpened} When it can't be read.
 */
export function openCopySource(path: string): CopyEnd {
  const session = openReadSession(path);
  return {
    journal: readingJournal(() => session),
    exports: () => exportsOf(session),
    put: () => Promise.reject(new TypeError("Cannot put anything into what is copied")),
    close() {
      session.close();
      return Promise.resolve();
    },
  };
}

/**
 * Opens a file that gets a copy, alone; it is made where it is missing.
 *
 * @param path The path of the journal.
 * @returns The end of a copy.
 * @throws {JournalNotOpened} When a server has it, or it can't be used.
 */
export function openCopyTarget(path: string): CopyEnd {
  refuseForeignFile(path);
  const holder = openHolder(path, {});
  return {
    journal: readingJournal(holder.session),
    exports: () => exportsOf(holder.session()),
    // An async function, so that what is thrown becomes a rejection.
    async put({ deliveries = [], events = [], exports = [] }) {
      await Promise.resolve();
      holder.transaction((session) => {
        const putDelivery = deliveryPutter(session);
        for (const delivery of deliveries) putDelivery(delivery);
        const putEvent = eventPutter(session);
        for (const event of events) putEvent(event);
        for (const one of exports) putExport(session, one);
      });
    },
    close() {
      holder.close();
      return Promise.resolve();
    },
  };
}

/** Before a lock is put beside a file that is none of ours. */
function refuseForeignFile(path: string): void {
  let head: Uint8Array;
  try {
    // To open a pipe would wait for whoever writes to it.
    if (!Deno.statSync(path).isFile) return;
    using file = Deno.openSync(path);
    const buffer = new Uint8Array(HEADER.length);
    head = buffer.subarray(0, file.readSync(buffer) ?? 0);
  } catch {
    // There is none yet, or what is wrong with it is told when it is opened.
    return;
  }
  if (head.length > 0 && new TextDecoder().decode(head) !== HEADER) {
    throw notOpened(path, "the file is not a database");
  }
}

function deliveryPutter({ database, writer }: WriteSession): (delivery: StoredDelivery) => void {
  const seqOf = createIdFinder(database, "deliveries");
  const complete = database.prepare(
    `UPDATE deliveries SET body_bytes = ?, repeat_of = ?, erased_at = ?,
       content = iif(? IS NULL, content, NULL), numbers = iif(? IS NULL, numbers, '[]')
     WHERE seq = ?`,
  );
  return (delivery) => {
    const known = seqOf(delivery.id);
    if (known !== undefined) writer.remove(known);
    writer.insert(encodeDelivery(delivery, NO_LIMITS));
    const { bodyBytes, repeatOf, erasedAt, id } = delivery;
    complete.run(bodyBytes, repeatOf, erasedAt, erasedAt, erasedAt, seqOf(id) ?? -1);
  };
}

function eventPutter(session: WriteSession): (copied: CopiedEvent) => void {
  const { database, counts, eventWriter } = session;
  const seqOf = createIdFinder(database, "events");
  const newKeys = createRowKeys(database, "events");
  const insertion = database.prepare(`
    INSERT INTO events (seq, id, delivery_id, endpoint, key, received_at, last_seen_at, duplicates,
      waiting, erased_at, source, type, subject, occurred_at, candidates, warnings, payload_bytes,
      payload)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const forget = database.prepare("DELETE FROM recent_events WHERE event_id = ?");
  const remember = database.prepare(`
    INSERT INTO recent_events (endpoint, subject, key, content, received_at, delivery_id, event_id)
    VALUES (?, ?, ?, ?, ?, ?, ?)`);
  const putForward = forwardPutter(session);

  return ({ event, forwards }) => {
    const known = seqOf(event.id);
    if (known !== undefined) eventWriter.remove(known);
    const seq = newKeys()(event.id);
    const isErased = event.erasedAt !== null;
    const waiting = forwards.filter(({ state }) => state === "waiting").length;
    insertion.run(
      seq,
      event.id,
      event.deliveryId,
      event.endpoint,
      isErased ? null : event.key,
      event.receivedAt,
      event.lastSeenAt,
      event.duplicates,
      waiting,
      event.erasedAt,
      event.source,
      event.type,
      event.subject,
      event.occurredAt,
      JSON.stringify(event.candidates),
      JSON.stringify(event.warnings),
      event.payload.byteLength,
      event.payload,
    );
    counts.add("events", "all", 1);
    if (event.warnings.length > 0) counts.add("events", "with warnings", 1);
    if (known !== undefined) forget.run(event.id);
    if (!isErased) {
      const content = contentOfKey(event.key) ?? null;
      const { endpoint, subject, key, receivedAt, deliveryId, id } = event;
      remember.run(endpoint, subject, key, content, receivedAt, deliveryId, id);
    }
    for (const forward of forwards) {
      putForward(seq, event.subject, event.payload.byteLength, forward);
    }
  };
}

/** What an event that waits takes beside its payload, as the counts have it. */
const WAITING_BYTES = 1024;

function forwardPutter({ database, counts }: WriteSession) {
  const newKeys = createRowKeys(database, "forwards");
  const insertion = database.prepare(`
    INSERT INTO forwards (seq, id, event, destination, subject, state, attempts, attempts_before,
      created_at, due_at, leads)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)`);
  const insertAttempt = database.prepare(`
    INSERT INTO attempts (forward, started_at, duration_ms, status, error) VALUES (?, ?, ?, ?, ?)`);
  const unmark = database.prepare(`
    UPDATE forwards SET leads = 0
    WHERE destination = ? AND subject = ? AND state = 'waiting' AND leads = 1`);
  const markOldest = database.prepare(`
    UPDATE forwards SET leads = 1 WHERE seq = (
      SELECT seq FROM forwards WHERE destination = ? AND subject = ? AND state = 'waiting'
      ORDER BY created_at, id LIMIT 1)`);

  return (event: number, subject: string, payloadBytes: number, forward: CopiedForward): void => {
    const { id, destination, state, attempts, attemptsBefore, createdAt, dueAt } = forward;
    const seq = newKeys()(id);
    insertion.run(
      seq,
      id,
      event,
      destination,
      subject,
      state,
      attempts,
      attemptsBefore,
      createdAt,
      dueAt,
    );
    for (const { startedAt, durationMs, status, error } of forward.history) {
      insertAttempt.run(seq, startedAt, Math.round(durationMs), status, error);
    }
    counts.add("forwards", state, 1);
    if (isNotDone(state)) counts.add(state, destination, 1);
    if (state !== "waiting") return;
    counts.add("waiting bytes", destination, WAITING_BYTES + payloadBytes);
    unmark.run(destination, subject);
    markOldest.run(destination, subject);
  };
}

function putExport({ database, exports }: WriteSession, copied: CopiedExport): void {
  const { endpoint, listKey, externalId, token, counted, versions } = copied;
  const assigned = exports.assign(endpoint, listKey, { externalId, token });
  if (assigned.token !== token) {
    throw new RangeError(
      `Cannot copy the export of a list at ${endpoint}: it has another address here already`,
    );
  }
  database.prepare("UPDATE exports SET versions = max(versions, ?) WHERE token = ?")
    .run(counted, token);
  // Those that the source has removed, as a person's, go here too.
  database.prepare("DELETE FROM export_versions WHERE token = ? AND version <= ?")
    .run(token, counted);
  const put = database.prepare(`
    INSERT OR REPLACE INTO export_versions (token, version, delivery_id, saved_at, list)
    VALUES (?, ?, ?, ?, ?)`);
  for (const { version, deliveryId, savedAt, list } of versions) {
    put.run(token, version, deliveryId, savedAt, list);
  }
}

async function* exportsOf({ database }: ReadSession): AsyncGenerator<CopiedExport> {
  const next = database.prepare(`
    SELECT token, versions, ${wholeTexts("exports", ["endpoint", "list_key", "external_id"])}
    FROM exports WHERE token > ? ORDER BY token LIMIT 1`);
  const versionsOf = database.prepare(
    "SELECT * FROM export_versions WHERE token = ? ORDER BY version",
  );
  for (let row = next.get(""); row !== undefined; row = next.get(textColumn(row, "token"))) {
    const token = textColumn(row, "token");
    yield await Promise.resolve({
      token,
      endpoint: textColumn(row, "endpoint"),
      listKey: textColumn(row, "list_key"),
      externalId: textColumn(row, "external_id"),
      counted: integerColumn(row, "versions"),
      versions: versionsOf.all(token).map((version) => ({
        version: integerColumn(version, "version"),
        deliveryId: textColumn(version, "delivery_id"),
        savedAt: integerColumn(version, "saved_at"),
        list: bytesColumn(version, "list"),
      })),
    });
  }
}
