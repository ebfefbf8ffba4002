import { JournalNotOpened } from "../errors.ts";
import type { Database, Query } from "./connection.ts";
import { consoleTablesOfPostgres } from "./console.ts";
import { instancesTable } from "./membership.ts";
import { ownershipTable } from "./ownership.ts";
import { LOCK_NOT_AVAILABLE, sqlState } from "./postgres_error.ts";
import { integerColumn } from "../columns.ts";
import { refuseUnsuitable } from "./suitable.ts";

/** How long a step waits for those who use the tables: a server of the version before runs on. */
const LOCK_TIMEOUT_MS = 2000;
/** How long until a step is tried again that waited in vain, and how often. */
const AGAIN_MS = 500;
const TRIES = 60;

/**
 * Brings the schema up to date, each step in a transaction of its own. Two that start at once do it
 * once: the row of the version is locked by whoever is first.
 *
 * Steps expand: they add what the version before does not know and does not need. What is not used
 * any more is removed by a later version, when nobody runs the one that used it.
 *
 * @param database The database.
 * @param schema The schema for the tables, which is made where it is missing; that of the connection
 * unless given.
 * @param steps The steps; those of this program unless given.
 * @throws {JournalNotOpened} When a later program made the schema, or it can't hold a journal.
 * @throws {JournalUnavailable} When the database can't be used just now.
 */
export async function migrateDatabase(
  database: Pick<Database, "query" | "transaction">,
  schema?: string,
  steps: readonly Step[] = STEPS,
): Promise<void> {
  if (schema !== undefined) await database.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
  await refuseUnsuitable(database.query);
  await database.query(`
    CREATE TABLE IF NOT EXISTS storehook_schema (
      one boolean PRIMARY KEY DEFAULT true CHECK (one), version integer NOT NULL)`)
    .catch((error) => {
      // Two that make it at the same moment: the other one made it.
      if (sqlState(error) === undefined) throw error;
    });
  await database.query(
    "INSERT INTO storehook_schema (version) VALUES (0) ON CONFLICT (one) DO NOTHING",
  );
  for (let waited = 0;;) {
    try {
      if (!await database.transaction((query) => nextStep(query, steps))) return;
    } catch (error) {
      // Those who wait behind it have their turn, and it is tried again.
      if (sqlState(error) !== LOCK_NOT_AVAILABLE || ++waited === TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }
}

async function nextStep(query: Query, steps: readonly Step[]): Promise<boolean> {
  await query(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`);
  const [row] = await query("SELECT version FROM storehook_schema FOR UPDATE");
  const version = integerColumn(row, "version");
  if (version > steps.length) {
    throw new JournalNotOpened(
      "Cannot open journal.url: a newer version of this program made its tables " +
        `(schema ${version}, known up to ${steps.length})`,
    );
  }
  const step = steps[version];
  if (step === undefined) return false;
  await (typeof step === "string" ? query(step) : step(query));
  await query("UPDATE storehook_schema SET version = $1", [version + 1]);
  return true;
}

/**
 * - Texts have the order of their bytes (`COLLATE "C"`), as in the other stores.
 * - `deliveries` is divided by the time received, a week each: what is too old goes as a whole.
 *   What no week was made for stands in `deliveries_other`.
 * - `event_names` is what transactions that bring events of one subject, or with one id of the
 *   sender, wait for each other by; it is not divided, so that they do so wherever they run.
 * - `forward_subjects` is the same for the order of forwards.
 * - `forwards.leads` marks the oldest that waits at a destination with the same subject.
 * - Subjects may be longer than what an index takes: `subject_key` is a hash.
 * - `counters` hold how much there is. Each has several rows, so that transactions which count the
 *   same do not wait for each other; their sum counts.
 */
const firstShape = `
  CREATE TABLE rule_sets (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    digest text NOT NULL UNIQUE,
    names text NOT NULL
  );
  CREATE TABLE deliveries (
    id text COLLATE "C" NOT NULL,
    received_at bigint NOT NULL,
    answered_at bigint NOT NULL,
    endpoint text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    status integer NOT NULL,
    verified_by text COLLATE "C",
    request_id text COLLATE "C" NOT NULL,
    remote_address text NOT NULL,
    note text,
    repeat_of text,
    erased_at bigint,
    fingerprint bytea,
    body_bytes bigint NOT NULL,
    rule_set bigint NOT NULL,
    numbers text[],
    rules text[] NOT NULL,
    decisions text NOT NULL,
    headers text NOT NULL,
    answer bytea NOT NULL,
    body bytea NOT NULL,
    PRIMARY KEY (received_at, id)
  ) PARTITION BY RANGE (received_at);
  CREATE INDEX deliveries_by_id ON deliveries (id);
  CREATE INDEX deliveries_by_content ON deliveries (fingerprint, received_at, id)
    WHERE fingerprint IS NOT NULL;
  CREATE INDEX deliveries_refused ON deliveries (received_at, id) WHERE verified_by IS NULL;
  CREATE INDEX deliveries_by_number ON deliveries USING gin (numbers);
  CREATE INDEX deliveries_without_number ON deliveries (received_at, id) WHERE numbers IS NULL;
  CREATE TABLE deliveries_other PARTITION OF deliveries DEFAULT;

  CREATE TABLE exports (
    token text COLLATE "C" PRIMARY KEY,
    endpoint text COLLATE "C" NOT NULL,
    list_key text NOT NULL,
    list_digest text NOT NULL,
    external_id text NOT NULL,
    versions integer NOT NULL DEFAULT 0,
    UNIQUE (endpoint, list_digest)
  );
  CREATE TABLE export_versions (
    token text COLLATE "C" NOT NULL,
    version integer NOT NULL,
    delivery_id text NOT NULL,
    saved_at bigint NOT NULL,
    list bytea NOT NULL,
    PRIMARY KEY (token, version)
  );
  CREATE INDEX export_versions_in_order ON export_versions (saved_at);

  CREATE TABLE events (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id text COLLATE "C" NOT NULL UNIQUE,
    delivery_id text NOT NULL,
    endpoint text COLLATE "C" NOT NULL,
    key text COLLATE "C",
    received_at bigint NOT NULL,
    last_seen_at bigint NOT NULL,
    duplicates integer NOT NULL DEFAULT 0,
    waiting integer NOT NULL,
    erased_at bigint,
    source text COLLATE "C" NOT NULL,
    type text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    occurred_at bigint,
    candidates text NOT NULL,
    warnings text NOT NULL,
    payload_bytes bigint NOT NULL,
    payload bytea NOT NULL
  );
  CREATE INDEX events_in_order ON events (received_at, id);
  CREATE INDEX events_with_warnings ON events (received_at, id) WHERE warnings <> '[]';
  CREATE INDEX events_done ON events (received_at) WHERE waiting = 0;

  CREATE TABLE event_names (
    endpoint_digest text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    seen_at bigint NOT NULL,
    PRIMARY KEY (endpoint_digest, name)
  );
  CREATE INDEX event_names_in_order ON event_names (seen_at);
  CREATE TABLE recent_events (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    endpoint_digest text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    key text COLLATE "C",
    content text COLLATE "C",
    received_at bigint NOT NULL,
    delivery_id text NOT NULL,
    event_id text COLLATE "C" NOT NULL
  );
  CREATE INDEX recent_events_by_name ON recent_events (endpoint_digest, name, seq);
  CREATE INDEX recent_events_in_order ON recent_events (received_at);

  CREATE TABLE forwards (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id text COLLATE "C" NOT NULL UNIQUE,
    event bigint NOT NULL REFERENCES events (seq) ON DELETE CASCADE,
    destination text COLLATE "C" NOT NULL,
    subject_key text COLLATE "C" NOT NULL,
    bytes bigint NOT NULL,
    state text NOT NULL DEFAULT 'waiting',
    attempts integer NOT NULL DEFAULT 0,
    attempts_before integer NOT NULL DEFAULT 0,
    created_at bigint NOT NULL,
    due_at bigint,
    leased_until bigint NOT NULL DEFAULT 0,
    lease_owner text,
    lease_number bigint NOT NULL DEFAULT 0,
    ready_at bigint GENERATED ALWAYS AS (greatest(due_at, leased_until)) STORED,
    leads boolean NOT NULL DEFAULT false
  );
  CREATE INDEX forwards_of_event ON forwards (event);
  CREATE INDEX forwards_in_order ON forwards (created_at, id);
  CREATE INDEX forwards_not_done
    ON forwards (created_at, id) WHERE state IN ('waiting', 'failed');
  CREATE INDEX forwards_due ON forwards (destination, ready_at, created_at, seq)
    WHERE state = 'waiting';
  CREATE INDEX forwards_due_leading ON forwards (destination, ready_at, created_at, seq)
    WHERE state = 'waiting' AND leads;
  CREATE INDEX forwards_leading ON forwards (destination, subject_key)
    WHERE state = 'waiting' AND leads;
  CREATE INDEX forwards_leased ON forwards (lease_owner) WHERE leased_until > 0;
  CREATE INDEX forwards_by_subject ON forwards (destination, subject_key, created_at, seq)
    WHERE state = 'waiting';
  CREATE INDEX forwards_waiting ON forwards (destination, created_at, seq)
    WHERE state = 'waiting';
  CREATE TABLE forward_subjects (
    destination text COLLATE "C" NOT NULL,
    subject_key text COLLATE "C" NOT NULL,
    used_at bigint NOT NULL,
    PRIMARY KEY (destination, subject_key)
  );
  CREATE INDEX forward_subjects_in_order ON forward_subjects (used_at);
  CREATE TABLE attempts (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    forward bigint NOT NULL REFERENCES forwards (seq) ON DELETE CASCADE,
    started_at bigint NOT NULL,
    duration_ms bigint NOT NULL,
    status integer,
    error text
  );
  CREATE INDEX attempts_of_forward ON attempts (forward, seq);

  CREATE TABLE disabled_destinations (
    destination text COLLATE "C" PRIMARY KEY, at bigint NOT NULL, reason text NOT NULL);
  CREATE TABLE paused_destinations (
    destination text COLLATE "C" PRIMARY KEY, at bigint NOT NULL, until bigint NOT NULL,
    status integer NOT NULL);
  CREATE TABLE clock (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    trusted_at bigint NOT NULL,
    seen_ms bigint NOT NULL
  );
  ${consoleTablesOfPostgres}
  ${instancesTable}
  ${ownershipTable}
  CREATE TABLE counters (
    kind text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    part integer NOT NULL,
    n bigint NOT NULL,
    PRIMARY KEY (kind, name, part)
  ) WITH (fillfactor = 50);
`;

const LARGE_COLUMNS = {
  deliveries: ["headers", "decisions", "answer", "body"],
  deliveries_other: ["headers", "decisions", "answer", "body"],
  events: ["payload"],
  export_versions: ["list"],
};

/**
 * Has large values compressed by LZ4 where the database can: by its own way they take a fifth of what
 * it does for a delivery. Values that are there stay as they are, and so do weeks.
 */
async function compressByLz4(query: Query): Promise<void> {
  const known = await query(
    `SELECT FROM pg_settings WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)`,
  );
  if (known.length === 0) return;
  for (const [table, columns] of Object.entries(LARGE_COLUMNS)) {
    const changes = columns.map((column) => `ALTER COLUMN ${column} SET COMPRESSION lz4`);
    await query(`ALTER TABLE ${table} ${changes.join(", ")}`);
  }
}

/** What brings a schema from one version to the next: a statement, or what runs some. */
export type Step = string | ((query: Query) => Promise<void>);

/** Every step from an empty schema to the present one. Steps are only ever added at the end. */
export const STEPS: readonly Step[] = [firstShape, compressByLz4];
