/**
 * Journals that earlier versions left, and what they read of them: tests/fixtures.
 *
 * - `journal-0.1.0`: with a part in the write-ahead log. It has approvals, a manufacturer, exports with
 *   versions, events with forwards in every state, an erased delivery, one that is known by its key
 *   alone, and refused deliveries.
 * - `journal-schema-9`: the last before deliveries had their time as key. It has the same, and ids of
 *   every kind, a key that stands there twice, leases and a forward that was sent again.
 */
import { join } from "@std/path";
import { DatabaseSync } from "node:sqlite";

/** How version 0.1.0 may have left it: with its log beside it, or with all in one file. */
export type LeftAs = "with its log" | "in one file";

const FIXTURES = join(import.meta.dirname ?? ".", "../../fixtures");

/** Puts the journal of version 0.1.0 into a folder and gives its path. */
export async function restoreJournal(folder: string, leftAs: LeftAs): Promise<string> {
  const path = join(folder, "journal.db");
  await Deno.writeFile(path, await unpack("journal-0.1.0/journal.db"), { mode: 0o600 });
  const log = await unpack("journal-0.1.0/journal.db-wal");
  await Deno.writeFile(`${path}-wal`, log, { mode: 0o600 });
  if (leftAs === "in one file") {
    const database = new DatabaseSync(path);
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    database.close();
  }
  return path;
}

/** Puts the journal of schema 9 into a folder and gives its path. */
export async function restoreSchema9(folder: string): Promise<string> {
  const path = join(folder, "journal.db");
  await Deno.writeFile(path, await unpack("journal-schema-9/journal.db"), { mode: 0o600 });
  return path;
}

/** What that version read of it, by its contract; bytes stand in base64. */
export interface Content {
  readonly deliveries: readonly Kept[];
  readonly events: readonly Kept[];
  readonly forwards: readonly Kept[];
  readonly exports: readonly (Kept & { readonly token: string; readonly version: number })[];
  readonly neverSaved: { readonly externalId: string; readonly token: string };
  readonly disabled: Readonly<Record<string, object>>;
  /** Of schema 9 alone: version 0.1.0 had none of it. */
  readonly paused: object;
  readonly clock: object;
  readonly counts: Readonly<Record<"journal" | "events" | "states" | "outbox", object>>;
}

/** Fields of what is kept, by their names in the contract. */
export type Kept = Readonly<Record<string, unknown>> & { readonly id: string };

/** Reads what the version read of a journal that left it. */
export async function contentOf(
  journal: "journal-0.1.0" | "journal-schema-9",
): Promise<Content> {
  const text = new TextDecoder().decode(await unpack(`${journal}/content.json`));
  return JSON.parse(text, (_, value) => {
    const isBytes = typeof value === "object" && value !== null && "base64" in value;
    return isBytes ? Uint8Array.fromBase64(value.base64) : value;
  });
}

async function unpack(name: string): Promise<Uint8Array<ArrayBuffer>> {
  const file = await Deno.open(join(FIXTURES, `${name}.gz`));
  return await new Response(file.readable.pipeThrough(new DecompressionStream("gzip"))).bytes();
}

const MANY = 20_000;

/** Many deliveries, events and forwards, as that schema has them: its triggers count them. */
const FILL = `
  BEGIN;
  CREATE TEMP TABLE n AS WITH RECURSIVE numbers (n) AS (
    SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${MANY}) SELECT n FROM numbers;
  INSERT INTO deliveries (id, received_at, answered_at, endpoint, kind, status, verified_by,
    request_id, remote_address, fingerprint, body_bytes, rule_set, decisions, headers, answer, body)
  SELECT 'd' || n, 1000 + n, 1000 + n, '/orders', 'k', 200, 'key 1', 'r' || n, '192.0.2.7',
    randomblob(32), 900, 1, '[]', '[]', x'6f6b', randomblob(900) FROM n;
  INSERT INTO events (seq, id, delivery_id, endpoint, key, received_at, last_seen_at, waiting,
    source, type, subject, candidates, warnings, payload_bytes, payload)
  SELECT 1000 + n, 'e' || n, 'd' || n, '/events', 'key ' || n, 1000 + n, 1000 + n, n % 2, 's', 't',
    'x' || (n % 500), '[]', '[]', 100, randomblob(100) FROM n WHERE n % 4 < 2;
  INSERT INTO forwards (id, event, destination, subject, state, created_at, due_at, leads)
  SELECT 'f' || seq, seq, 'mis', subject, iif(waiting, 'waiting', 'delivered'), received_at,
    iif(waiting, received_at, NULL), 0 FROM events WHERE seq > 1000;
  UPDATE forwards SET leads = 1 WHERE state = 'waiting' AND destination = 'mis' AND id IN (
    SELECT id FROM (SELECT id, row_number() OVER (
      PARTITION BY subject ORDER BY created_at, id) AS place
      FROM forwards WHERE state = 'waiting' AND destination = 'mis') WHERE place = 1);
  COMMIT;`;

/** Makes the journal of schema 9 large, without the time that recording would take. */
export function fillSchema9(path: string): void {
  const database = new DatabaseSync(path);
  database.exec(FILL);
  database.close();
}
