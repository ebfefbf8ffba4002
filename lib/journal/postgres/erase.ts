import { ERASED, isNotDone } from "../forwards.ts";
import type { EraseCounts, EraseOptions, EraseResult } from "../journal.ts";
import { type MentionRole, type RoleTest, roleTest } from "../mentions.ts";
import type { Database, Query } from "./connection.ts";
import { Counting } from "./counters.ts";
import { repeatOf } from "./deliveries.ts";
import { ROW_BYTES } from "./deliveries_writer.ts";
import { holdForwardsOfEvents, moveForwards } from "./forward_places.ts";
import { bytesColumn, integerColumn, nullableColumn } from "../columns.ts";
import { type PostgresRow, storedText, textOf, Values } from "./rows.ts";

/** Rows that are looked at at a time; of those that are small, more. */
const AT_ONCE = 100;
const SMALL_AT_ONCE = 1000;

const DELIVERY = `received_at, id, endpoint, request_id, note, decisions, headers, answer, body,
  erased_at, verified_by`;
const EVENT = `seq, received_at, id, delivery_id, source, type, subject, key, candidates, warnings,
  payload`;

/** What one erasure works with. */
interface Erasure {
  readonly database: Database;
  /** Tells as whom contents name the person. */
  readonly judge: RoleTest;
  /** The same, for what is meant alone. */
  readonly roleOf: RoleTest;
  readonly dryRun: boolean;
  /** How long a delivery can be a retry of another. */
  readonly repeatWindowMs: number;
  /** What was found, by kind; how much of it as the store's. */
  readonly found: Record<keyof EraseCounts, number>;
  readonly ofStore: Record<keyof EraseCounts, number>;
  /** The ids of deliveries that are counted already. */
  readonly cleared: Set<string>;
  forwards: number;
}

/**
 * Takes a person's data out of the database. PostgreSQL keeps the rows before until it vacuums them,
 * and in its log and backups longer: docs/postgres.md tells.
 *
 * @param database The database.
 * @param email The person's address.
 * @param repeatWindowMs How long a delivery can be a retry of another.
 * @param options Which of it, and whether it is only counted.
 * @returns How much held it.
 * @throws {SyntaxError} When it is not an address.
 */
export async function eraseFromDatabase(
  database: Database,
  email: string,
  repeatWindowMs: number,
  { dryRun = false, role }: EraseOptions = {},
): Promise<EraseResult> {
  const judge = roleTest(email);
  const none = { deliveries: 0, events: 0, exportVersions: 0 };
  const erasure: Erasure = {
    database,
    judge,
    roleOf(contents) {
      const named = judge(contents);
      return role === undefined || named === role ? named : null;
    },
    dryRun,
    repeatWindowMs,
    found: { ...none },
    ofStore: { ...none },
    cleared: new Set(),
    forwards: 0,
  };
  await sweep(database.query, "deliveries", DELIVERY, ["received_at", "id"], async (row) => {
    const named = erasure.roleOf(deliveryContents(row));
    if (named !== null) await clearDelivery(erasure, row, named);
  });
  await sweep(database.query, "export_versions", "*", ["token", "version"], async (row) => {
    const named = erasure.roleOf([bytesColumn(row, "list")]);
    if (named !== null) await clearVersion(erasure, row, named);
  });
  await sweep(database.query, "events", EVENT, ["seq"], async (row) => {
    const named = erasure.roleOf(eventContents(row));
    if (named !== null) await clearEvent(erasure, row, named);
  });
  if (!dryRun) {
    await clearKnown(erasure);
    await clearTexts(erasure);
  }
  return { ...erasure.found, forwards: erasure.forwards, ofStore: erasure.ofStore };
}

function count(erasure: Erasure, kind: keyof EraseCounts, role: MentionRole): void {
  erasure.found[kind]++;
  if (role === "store") erasure.ofStore[kind]++;
}

/** Looks at all rows that a table has now, in the order of a key. */
async function sweep(
  query: Query,
  table: string,
  columns: string,
  key: readonly string[],
  look: (row: PostgresRow) => Promise<void>,
  atOnce = AT_ONCE,
): Promise<void> {
  const order = key.join(", ");
  let last: PostgresRow | undefined;
  for (;;) {
    const values = new Values();
    const marks = key.map((column) => values.add(last?.[column]));
    const behind = last === undefined ? "TRUE" : `(${order}) > (${marks.join(", ")})`;
    const rows = await query(
      `SELECT ${columns} FROM ${table} WHERE ${behind} ORDER BY ${order} LIMIT ${atOnce}`,
      last === undefined ? [] : values.list,
    );
    for (const row of rows) await look(row);
    if (rows.length < atOnce) return;
    last = rows.at(-1);
  }
}

function deliveryContents(row: PostgresRow): readonly (string | Uint8Array)[] {
  return [
    bytesColumn(row, "body"),
    bytesColumn(row, "answer"),
    textOf(row, "headers"),
    textOf(row, "decisions"),
    nullableColumn(row, "note", textOf) ?? "",
    textOf(row, "endpoint"),
    textOf(row, "request_id"),
  ];
}

/** The fingerprint goes too: who knows the body could recognize it. */
async function clearDelivery(erasure: Erasure, row: PostgresRow, role: MentionRole): Promise<void> {
  const id = textOf(row, "id");
  if (erasure.cleared.has(id) || row["erased_at"] !== null) return;
  erasure.cleared.add(id);
  count(erasure, "deliveries", role);
  if (erasure.dryRun) return;
  const { repeatWindowMs } = erasure;
  const unlessNamed = (value: string) => erasure.judge([value]) === null ? storedText(value) : "";
  await erasure.database.transaction(async (query) => {
    // What it repeats, and what repeats it, is not found by its content any more.
    await query(
      `UPDATE deliveries SET repeat_of = ${repeatOf(repeatWindowMs)}
       WHERE received_at BETWEEN $1 AND $1 + ${repeatWindowMs} AND repeat_of IS NULL
         AND fingerprint = (
           SELECT fingerprint FROM deliveries WHERE received_at = $1 AND id = $2)`,
      [row["received_at"], storedText(id)],
    );
    const [cleared] = await query(
      `UPDATE deliveries SET erased_at = $3, remote_address = '', note = NULL, rules = '{}',
         numbers = '{}',
         decisions = '[]', headers = '[]', answer = '', body = '', body_bytes = 0,
         fingerprint = NULL, endpoint = $4, request_id = $5
       WHERE received_at = $1 AND id = $2 AND erased_at IS NULL RETURNING 1 AS one`,
      [
        row["received_at"],
        storedText(id),
        Date.now(),
        unlessNamed(textOf(row, "endpoint")),
        unlessNamed(textOf(row, "request_id")),
      ],
    );
    if (cleared === undefined) return;
    const bytes = bytesColumn(row, "body").byteLength + bytesColumn(row, "answer").byteLength;
    const counting = new Counting();
    counting.add("bytes", "all", -bytes);
    await counting.write(query);
  });
}

async function clearVersion(erasure: Erasure, row: PostgresRow, role: MentionRole): Promise<void> {
  count(erasure, "exportVersions", role);
  if (erasure.dryRun) return;
  await erasure.database.transaction(async (query) => {
    const removed = await query(
      "DELETE FROM export_versions WHERE token = $1 AND version = $2 RETURNING 1 AS one",
      [row["token"], row["version"]],
    );
    if (removed.length === 0) return;
    const counting = new Counting();
    counting.add("bytes", "all", -ROW_BYTES - bytesColumn(row, "list").byteLength);
    await counting.write(query);
  });
}

function eventContents(row: PostgresRow): readonly (string | Uint8Array)[] {
  const texts = ["subject", "source", "type", "candidates", "warnings"];
  return [
    bytesColumn(row, "payload"),
    nullableColumn(row, "key", textOf) ?? "",
    ...texts.map((column) => textOf(row, column)),
  ];
}

/** The key goes too: it may be made of the payload. What is not forwarded yet is called off. */
async function clearEvent(erasure: Erasure, row: PostgresRow, role: MentionRole): Promise<void> {
  count(erasure, "events", role);
  const { database, dryRun, judge } = erasure;
  const seq = integerColumn(row, "seq");
  const unlessNamed = (value: string) => judge([value]) === null ? storedText(value) : "";
  erasure.forwards += await database.transaction(async (query) => {
    const change = { query, counting: new Counting(), now: Date.now() };
    if (dryRun) {
      const rows = await query(
        "SELECT 1 AS one FROM forwards WHERE event = $1 AND state IN ('waiting', 'failed')",
        [seq],
      );
      return rows.length;
    }
    const places = (await holdForwardsOfEvents(change, [seq]))
      .filter(({ state }) => isNotDone(state));
    await moveForwards(
      change,
      places.map((place) => ({ place, state: "cancelled", dueAt: null })),
    );
    await query("UPDATE forwards SET subject_key = '' WHERE event = $1", [seq]);
    // What a destination answered may quote what it was sent.
    await query(
      `UPDATE attempts SET error = '${ERASED}' WHERE error IS NOT NULL
       AND forward IN (SELECT seq FROM forwards WHERE event = $1)`,
      [seq],
    );
    // What was removed since it was looked at is counted no more.
    const [held] = await query(
      `SELECT octet_length(payload) AS bytes, warnings <> '[]' AS warned FROM events
       WHERE seq = $1 FOR UPDATE`,
      [seq],
    );
    if (held !== undefined) {
      await query(
        `UPDATE events SET erased_at = $2, key = NULL, subject = '', candidates = '[]',
           warnings = '[]', payload_bytes = 0, payload = '', source = $3, type = $4 WHERE seq = $1`,
        [seq, Date.now(), unlessNamed(textOf(row, "source")), unlessNamed(textOf(row, "type"))],
      );
      change.counting.add("bytes", "all", -integerColumn(held, "bytes"));
      if (held["warned"] === true) change.counting.add("events", "with warnings", -1);
    }
    await change.counting.write(query);
    return places.length;
  });
  const [delivery] = await database.query(
    `SELECT ${DELIVERY} FROM deliveries WHERE id = $1 AND erased_at IS NULL`,
    [storedText(textOf(row, "delivery_id"))],
  );
  if (delivery !== undefined) await clearDelivery(erasure, delivery, role);
}

/** What the rule for repeats knows of erased events goes too. */
async function clearKnown({ database, roleOf }: Erasure): Promise<void> {
  const columns = `seq, subject, key,
    (SELECT erased_at IS NOT NULL FROM events WHERE id = event_id) AS is_erased`;
  await sweep(database.query, "recent_events", columns, ["seq"], async (row) => {
    if (row["key"] === null) return;
    const named = roleOf([textOf(row, "subject")]) !== null;
    const keyed = roleOf([textOf(row, "key")]) !== null;
    if (!(named || keyed || row["is_erased"] === true)) return;
    // That something came of the subject stays known: what was before it is not the newest.
    await database.query(
      named
        ? "DELETE FROM recent_events WHERE seq = $1"
        : "UPDATE recent_events SET key = NULL, content = NULL WHERE seq = $1",
      [row["seq"]],
    );
  }, SMALL_AT_ONCE);
}

/** What destinations said, and what was done in the console. */
async function clearTexts({ database: { query }, roleOf }: Erasure): Promise<void> {
  await sweep(query, "attempts", "seq, error", ["seq"], async (row) => {
    if (row["error"] === null || roleOf([textOf(row, "error")]) === null) return;
    await query(`UPDATE attempts SET error = '${ERASED}' WHERE seq = $1`, [row["seq"]]);
  }, SMALL_AT_ONCE);
  await sweep(query, "console_audit", "*", ["seq"], async (row) => {
    const texts = ["who", "target", "result"].map((column) => textOf(row, column));
    if (roleOf(texts) === null) return;
    await query(
      `UPDATE console_audit SET who = '${ERASED}', target = '${ERASED}', result = '${ERASED}'
       WHERE seq = $1`,
      [row["seq"]],
    );
  }, SMALL_AT_ONCE);
}
