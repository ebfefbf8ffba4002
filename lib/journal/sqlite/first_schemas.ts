/**
 * The schemas that earlier versions left, from an empty file on. None of it is ever changed: a file
 * that one of these made may still be opened. What is younger stands in `migrations.ts`.
 */

/**
 * The first shape. `deliveries_in_order` holds all that a filter asks for, so that looking through
 * a million deliveries reads no body; `answer` and `body` stand last in the row for the same reason.
 */
const deliveriesAndExports = `
  CREATE TABLE rule_sets (seq INTEGER PRIMARY KEY, names TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE deliveries (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    received_at INTEGER NOT NULL,
    answered_at INTEGER NOT NULL,
    endpoint TEXT NOT NULL,
    kind TEXT NOT NULL,
    status INTEGER NOT NULL,
    verified_by TEXT,
    request_id TEXT NOT NULL,
    remote_address TEXT NOT NULL,
    note TEXT,
    repeat_of TEXT,
    erased_at INTEGER,
    fingerprint BLOB,
    body_bytes INTEGER NOT NULL,
    rule_set INTEGER NOT NULL,
    decisions TEXT NOT NULL,
    headers TEXT NOT NULL,
    answer BLOB NOT NULL,
    body BLOB NOT NULL
  ) STRICT;
  CREATE INDEX deliveries_in_order
    ON deliveries (received_at, id, endpoint, kind, status, verified_by);
  CREATE INDEX deliveries_by_content ON deliveries (fingerprint) WHERE fingerprint IS NOT NULL;
  CREATE INDEX deliveries_refused ON deliveries (verified_by) WHERE verified_by IS NULL;

  CREATE TABLE exports (
    seq INTEGER PRIMARY KEY,
    endpoint TEXT NOT NULL,
    list_key TEXT NOT NULL,
    external_id TEXT NOT NULL,
    token TEXT NOT NULL UNIQUE,
    versions INTEGER NOT NULL DEFAULT 0,
    UNIQUE (endpoint, list_key)
  ) STRICT;
  CREATE TABLE export_versions (
    seq INTEGER PRIMARY KEY,
    token TEXT NOT NULL,
    version INTEGER NOT NULL,
    delivery_id TEXT NOT NULL,
    saved_at INTEGER NOT NULL,
    list BLOB NOT NULL,
    UNIQUE (token, version)
  ) STRICT;
  CREATE INDEX export_versions_in_order ON export_versions (saved_at);

  CREATE TABLE probes (seq INTEGER PRIMARY KEY, filler BLOB NOT NULL) STRICT;
`;

/**
 * Events and forwards. `events_in_order` holds all that a filter asks for but the text; of a
 * million forwards that are done, no index that `lease()` or `counts()` reads holds any.
 *
 * - `events.key` is NULL once erased; `past_keys` are those of events that are no longer kept.
 * - `events.waiting` counts the forwards that wait: while there are any, the event stays.
 * - `forwards.leads` marks the oldest of those that wait at a destination with the same subject.
 */
const eventsAndOutbox = `
  CREATE TABLE events (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    delivery_id TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    key TEXT,
    received_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    duplicates INTEGER NOT NULL DEFAULT 0,
    waiting INTEGER NOT NULL,
    erased_at INTEGER,
    source TEXT NOT NULL,
    type TEXT NOT NULL,
    subject TEXT NOT NULL,
    occurred_at INTEGER,
    candidates TEXT NOT NULL,
    warnings TEXT NOT NULL,
    with_warnings INTEGER AS (warnings <> '[]') VIRTUAL,
    payload_bytes INTEGER NOT NULL,
    payload BLOB NOT NULL,
    UNIQUE (endpoint, key)
  ) STRICT;
  CREATE INDEX events_in_order
    ON events (received_at, id, endpoint, source, type, subject, with_warnings);
  CREATE INDEX events_with_warnings ON events (received_at) WHERE with_warnings = 1;
  CREATE INDEX events_done ON events (received_at) WHERE waiting = 0;

  CREATE TABLE past_keys (
    seq INTEGER PRIMARY KEY,
    endpoint TEXT NOT NULL,
    key TEXT NOT NULL,
    last_seen_at INTEGER NOT NULL,
    UNIQUE (endpoint, key)
  ) STRICT;
  CREATE INDEX past_keys_in_order ON past_keys (last_seen_at);

  CREATE TABLE forwards (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    event INTEGER NOT NULL REFERENCES events (seq) ON DELETE CASCADE,
    destination TEXT NOT NULL,
    subject TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting',
    attempts INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    due_at INTEGER,
    leased_until INTEGER NOT NULL DEFAULT 0,
    ready_at INTEGER AS (max(due_at, leased_until)) VIRTUAL,
    leads INTEGER NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX forwards_of_event ON forwards (event, destination);
  CREATE INDEX forwards_in_order ON forwards (created_at, id, destination, state);
  CREATE INDEX forwards_not_done
    ON forwards (created_at, id, destination, state) WHERE state IN ('waiting', 'failed');
  CREATE INDEX forwards_due
    ON forwards (destination, ready_at, created_at, id) WHERE state = 'waiting';
  CREATE INDEX forwards_due_leading
    ON forwards (destination, ready_at, created_at, id) WHERE state = 'waiting' AND leads = 1;
  CREATE INDEX forwards_by_subject
    ON forwards (destination, subject, created_at, id) WHERE state = 'waiting';

  CREATE TABLE attempts (
    seq INTEGER PRIMARY KEY,
    forward INTEGER NOT NULL REFERENCES forwards (seq) ON DELETE CASCADE,
    started_at INTEGER NOT NULL,
    duration_ms INTEGER NOT NULL,
    status INTEGER,
    error TEXT
  ) STRICT;
  CREATE INDEX attempts_of_forward ON attempts (forward, seq);
`;

/** Destinations that get nothing until somebody enables them; every other one has no row. */
const disabledDestinations = `
  CREATE TABLE disabled_destinations (
    destination TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    reason TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
`;

/**
 * What the rule for repeats knows of events that came lately, also when they are no longer kept.
 *
 * - `subject` is NULL where an older program forgot it with the event.
 * - `key` is NULL once a person was erased from the event.
 * - `content` is a hash of the content where `key` is the sender's own, `''` where that was not
 *   known when it was written; NULL where `key` is such a hash itself.
 *
 * A key may now stand in `events` more than once. The first has it as it is, every further one with
 * a line feed and its own id behind it.
 */
const recentEvents = `
  CREATE TABLE recent_events (
    seq INTEGER PRIMARY KEY,
    endpoint TEXT NOT NULL,
    subject TEXT,
    key TEXT,
    content TEXT,
    received_at INTEGER NOT NULL,
    delivery_id TEXT NOT NULL,
    event_id TEXT NOT NULL
  ) STRICT;
  CREATE INDEX recent_events_of_subject ON recent_events (endpoint, subject);
  CREATE INDEX recent_events_by_key ON recent_events (endpoint, key) WHERE content IS NOT NULL;

  INSERT INTO recent_events (endpoint, key, content, received_at, delivery_id, event_id)
    SELECT endpoint, key,
      CASE WHEN length(key) = 64 AND key NOT GLOB '*[^0-9a-f]*' THEN key ELSE '' END,
      last_seen_at, '', ''
    FROM past_keys ORDER BY last_seen_at, seq;
  INSERT INTO recent_events (endpoint, subject, key, content, received_at, delivery_id, event_id)
    SELECT endpoint, subject, key,
      CASE WHEN length(key) = 64 AND key NOT GLOB '*[^0-9a-f]*' THEN key ELSE '' END,
      last_seen_at, delivery_id, id
    FROM events
    WHERE key IS NOT NULL AND
      last_seen_at > (SELECT max(last_seen_at) FROM events) - 172800000
    ORDER BY last_seen_at, seq;
  DROP TABLE past_keys;
`;

/** What one row adds to a count, or takes from it. */
interface Counted {
  /** An expression for the kind of count, and one for its name. */
  readonly kind: string;
  readonly name: string;
  /** An expression for how much; 1 unless given. */
  readonly n?: string;
  /** When it counts; always unless given. */
  readonly when?: string;
}

/** In the place of `ROW` stands the row before or after a change. */
const DELIVERIES: readonly Counted[] = [
  { kind: "'deliveries'", name: "iif(ROW.verified_by IS NULL, 'refused', 'accepted')" },
];
const EVENTS: readonly Counted[] = [
  { kind: "'events'", name: "'all'" },
  { kind: "'events'", name: "'with warnings'", when: "ROW.warnings <> '[]'" },
];
const EXPORTS: readonly Counted[] = [{ kind: "'exports'", name: "'all'" }];
const FORWARDS: readonly Counted[] = [
  { kind: "'forwards'", name: "ROW.state" },
  { kind: "ROW.state", name: "ROW.destination", when: "ROW.state IN ('waiting', 'failed')" },
  {
    kind: "'waiting bytes'",
    name: "ROW.destination",
    n: `(1024 +
      coalesce((SELECT payload_bytes FROM events WHERE seq = ROW.event), 0))`,
    when: "ROW.state = 'waiting'",
  },
];

/** Adds what a row counts for, within a trigger. */
function add(counted: readonly Counted[], row: "NEW" | "OLD"): string {
  const sign = row === "NEW" ? "" : "-";
  return counted.map(({ kind, name, n = "1", when = "TRUE" }) =>
    `INSERT INTO counts (kind, name, n) SELECT ${kind}, ${name}, ${sign}${n} WHERE ${when}
      ON CONFLICT (kind, name) DO UPDATE SET n = n + excluded.n;`.replaceAll("ROW.", `${row}.`)
  ).join("\n");
}

/** Counts what is there, and keeps the counts right with every change from then on. */
function keepCounts(table: string, counted: readonly Counted[], changing: string): string {
  const recount = counted.map(({ kind, name, n = "1", when = "TRUE" }) =>
    `INSERT INTO counts (kind, name, n)
      SELECT ${kind}, ${name}, sum(${n}) FROM ${table} AS ROW_ WHERE ${when} GROUP BY 1, 2;`
      .replaceAll("ROW.", "ROW_.")
  ).join("\n");
  return `${recount}
  CREATE TRIGGER ${table}_counted_in AFTER INSERT ON ${table} BEGIN
    ${add(counted, "NEW")}
  END;
  CREATE TRIGGER ${table}_counted_again AFTER UPDATE OF ${changing} ON ${table}
    WHEN OLD.${changing} IS NOT NEW.${changing} BEGIN
    ${add(counted, "OLD")}
    ${add(counted, "NEW")}
  END;
  CREATE TRIGGER ${table}_counted_out AFTER DELETE ON ${table} BEGIN
    ${add(counted, "OLD")}
  END;`;
}

/** How much there is, as numbers that triggers change with the rows. */
const keptCounts = `
  CREATE TABLE counts (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (kind, name)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX forwards_waiting ON forwards (destination, created_at) WHERE state = 'waiting';
  ${keepCounts("deliveries", DELIVERIES, "verified_by")}
  ${keepCounts("events", EVENTS, "warnings")}
  ${keepCounts("exports", EXPORTS, "token")}
  ${keepCounts("forwards", FORWARDS, "state")}
`;

/** What is known of the clock: see `lib/journal/clock_watch.ts`. One row, or none. */
const clock = `
  CREATE TABLE clock (
    seq INTEGER PRIMARY KEY CHECK (seq = 1),
    trusted_at INTEGER NOT NULL,
    seen_ms INTEGER NOT NULL
  ) STRICT;
`;

/**
 * What was delivered can be sent again, as a further forward. `attempts_before` counts the attempts
 * before somebody started the schedule anew. Destinations that asked for a rest have a row meanwhile.
 */
const sentAgain = `
  ALTER TABLE forwards ADD COLUMN attempts_before INTEGER NOT NULL DEFAULT 0;
  DROP INDEX forwards_of_event;
  CREATE INDEX forwards_of_event ON forwards (event, destination);
  CREATE TABLE paused_destinations (
    destination TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    until INTEGER NOT NULL,
    status INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
`;

/**
 * A lease has an owner and a number, so that whoever lost it can be told. What an older program had
 * taken is free: it is gone, for only one at a time has the file.
 */
const leases = `
  ALTER TABLE forwards ADD COLUMN lease_owner TEXT;
  ALTER TABLE forwards ADD COLUMN lease_number INTEGER NOT NULL DEFAULT 0;
  UPDATE forwards SET leased_until = 0 WHERE state = 'waiting' AND leased_until > 0;
`;

/** When a list of rules was used last, so that it goes when the deliveries that it decided are gone. */
const ruleSetsUsed = `
  ALTER TABLE rule_sets ADD COLUMN used_at INTEGER NOT NULL DEFAULT 0;
  UPDATE rule_sets SET used_at = (SELECT coalesce(max(received_at), 0) FROM deliveries);
  CREATE INDEX rule_sets_by_use ON rule_sets (used_at);
`;

/** The steps to schema 9, in their order. */
export const FIRST_SCHEMAS: readonly string[] = [
  deliveriesAndExports,
  eventsAndOutbox,
  disabledDestinations,
  recentEvents,
  keptCounts,
  clock,
  sentAgain,
  leases,
  ruleSetsUsed,
];
