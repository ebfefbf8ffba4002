import type { DatabaseSync } from "node:sqlite";
import { contentNumber } from "../delivery.ts";
import type { GradualMigration } from "./migrations.ts";
import { recentEventNumbers } from "./recent_events.ts";
import { bytesColumn, integerColumn, nullableColumn } from "../columns.ts";
import { FIRST_TIME_KEY } from "./rows.ts";

/**
 * A delivery is one row in one table, which grows at its end alone: the pages that it fills are all
 * that it writes.
 *
 * - `content` is a part of the hash of the content, by which repeats are found: see `contents.ts`.
 * - `numbers` is a list in JSON of what people look for it by; NULL where nobody read that.
 * - What a list filters by stands in `delivery_list`, which gets the deliveries that came since in
 *   one go: see `deliveries.ts`. `unlisted` counts those that it lacks, up to this one, and
 *   `unlisted_refused` the refused ones among them; both mean nothing in what is listed.
 */
const tables = `
  CREATE TABLE deliveries (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    answered_at INTEGER NOT NULL,
    endpoint TEXT NOT NULL,
    kind TEXT NOT NULL,
    status INTEGER NOT NULL,
    verified_by TEXT,
    content INTEGER,
    unlisted INTEGER NOT NULL,
    unlisted_refused INTEGER NOT NULL,
    numbers TEXT,
    request_id TEXT NOT NULL,
    remote_address TEXT NOT NULL,
    note TEXT,
    repeat_of TEXT,
    erased_at INTEGER,
    body_bytes INTEGER NOT NULL,
    rule_set INTEGER NOT NULL,
    decisions TEXT NOT NULL,
    headers TEXT NOT NULL,
    answer BLOB NOT NULL,
    body BLOB NOT NULL
  ) STRICT;
  CREATE INDEX deliveries_by_id ON deliveries (id) WHERE seq < ${FIRST_TIME_KEY};
  CREATE TABLE delivery_list (
    received_at INTEGER NOT NULL,
    id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    endpoint TEXT NOT NULL,
    kind TEXT NOT NULL,
    status INTEGER NOT NULL,
    verified_by TEXT,
    content INTEGER,
    numbered INTEGER NOT NULL,
    PRIMARY KEY (received_at, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX delivery_list_unnumbered ON delivery_list (received_at, id) WHERE numbered = 0;
  CREATE TABLE delivery_numbers (
    number TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (number, seq)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX delivery_list_refused ON delivery_list (seq) WHERE verified_by IS NULL;

  CREATE TABLE events (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
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
    payload BLOB NOT NULL
  ) STRICT;
  CREATE INDEX events_by_id ON events (id) WHERE seq < ${FIRST_TIME_KEY};
  CREATE INDEX events_in_order
    ON events (received_at, id, endpoint, source, type, subject, with_warnings);
  CREATE INDEX events_done ON events (received_at) WHERE waiting = 0;

  CREATE TABLE forwards (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    event INTEGER NOT NULL REFERENCES events (seq) ON DELETE CASCADE,
    destination TEXT NOT NULL,
    subject TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting',
    attempts INTEGER NOT NULL DEFAULT 0,
    attempts_before INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    due_at INTEGER,
    leased_until INTEGER NOT NULL DEFAULT 0,
    lease_owner TEXT,
    lease_number INTEGER NOT NULL DEFAULT 0,
    ready_at INTEGER AS (max(due_at, leased_until)) VIRTUAL,
    leads INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX forwards_by_id ON forwards (id) WHERE seq < ${FIRST_TIME_KEY};
  CREATE INDEX forwards_of_event ON forwards (event, destination);
  CREATE INDEX forwards_in_order ON forwards (created_at, id, destination, state);
  CREATE INDEX forwards_not_done
    ON forwards (state, destination, created_at, id) WHERE state IN ('waiting', 'failed');
  CREATE INDEX forwards_due
    ON forwards (destination, leads, ready_at, created_at, id) WHERE state = 'waiting';
  CREATE INDEX forwards_by_subject
    ON forwards (destination, subject, created_at, id) WHERE state = 'waiting';
`;

const MOVED = ["deliveries", "events", "forwards"] as const;
type Moved = typeof MOVED[number];

const OLD_INDEXES = [
  "deliveries_in_order",
  "deliveries_by_content",
  "deliveries_refused",
  "events_in_order",
  "events_with_warnings",
  "events_done",
  "forwards_of_event",
  "forwards_in_order",
  "forwards_not_done",
  "forwards_waiting",
  "forwards_due",
  "forwards_due_leading",
  "forwards_by_subject",
];

const OLD_TRIGGERS = ["deliveries", "events", "exports", "forwards"].flatMap((table) =>
  ["in", "again", "out"].map((change) => `${table}_counted_${change}`)
);

/** The counts stay as they are: what moves is counted already. */
const begin = `
  ${OLD_TRIGGERS.map((name) => `DROP TRIGGER ${name};`).join("\n")}
  ${OLD_INDEXES.map((name) => `DROP INDEX ${name};`).join("\n")}
  ${MOVED.map((name) => `ALTER TABLE ${name} RENAME TO old_${name};`).join("\n")}
  ${tables}
  CREATE TABLE moving (name TEXT PRIMARY KEY, first INTEGER, last INTEGER) STRICT;
  ${
  MOVED.map((name) =>
    `INSERT INTO moving SELECT '${name}', min(seq), max(seq) FROM old_${name} HAVING count(*) > 0;`
  ).join("\n")
}
  ${recentEventNumbers}
  INSERT INTO counts (kind, name, n) VALUES ('deliveries', 'listed', ${FIRST_TIME_KEY - 1});
`;

/** Moves one row, given a value beside it and its key. */
const MOVES: Readonly<Record<Moved, readonly string[]>> = {
  deliveries: [
    `INSERT INTO deliveries SELECT seq, id, received_at, answered_at, endpoint, kind, status,
      verified_by, ?, 0, 0, NULL, request_id, remote_address, note, repeat_of, erased_at, body_bytes,
      rule_set, decisions, headers, answer, body FROM old_deliveries WHERE seq = ?`,
    `INSERT INTO delivery_list SELECT received_at, id, seq, endpoint, kind, status, verified_by, ?, 0
      FROM old_deliveries WHERE seq = ?`,
  ],
  // A key that stood there twice had its id behind a line feed.
  events: [
    `INSERT INTO events SELECT seq, id, delivery_id, endpoint,
      substr(key, 1, instr(key || char(10), char(10)) - ?), received_at, last_seen_at, duplicates,
      waiting, erased_at, source, type, subject, occurred_at, candidates, warnings, payload_bytes,
      payload FROM old_events WHERE seq = ?`,
  ],
  forwards: [
    `INSERT INTO forwards SELECT seq, id, event, destination, subject, state, attempts,
      attempts_before, created_at, due_at, leased_until, lease_owner, lease_number * ?, leads
      FROM old_forwards WHERE seq = ?`,
  ],
};

/** Looked up at once; some of them may be large. */
const AT_ONCE = 50;

function advance(database: DatabaseSync, deadline: number): number {
  for (const name of MOVED) {
    const statements = [...MOVES[name], `DELETE FROM old_${name} WHERE ? AND seq = ?`]
      .map((sql) => database.prepare(sql));
    const content = name === "deliveries" ? "fingerprint" : "NULL";
    const next = database.prepare(
      `SELECT seq, ${content} AS fingerprint FROM old_${name} ORDER BY seq LIMIT ${AT_ONCE}`,
    );
    for (let rows = next.all(); rows.length > 0; rows = next.all()) {
      for (const row of rows) {
        const seq = integerColumn(row, "seq");
        const hash = nullableColumn(row, "fingerprint", bytesColumn);
        const moved = hash === null || hash.byteLength < 8 ? null : contentNumber(hash);
        for (const [index, statement] of statements.entries()) {
          const isContent = name === "deliveries" && index < 2;
          statement.run(isContent ? moved : 1, seq);
        }
        if (performance.now() > deadline) return doneOf(database);
      }
    }
  }
  return 1;
}

/** By the keys of what is left, which are as good as even. */
function doneOf(database: DatabaseSync): number {
  let [all, left] = [0, 0];
  for (const name of MOVED) {
    const row = database.prepare(
      `SELECT last - first + 1 AS total,
        last + 1 - coalesce((SELECT min(seq) FROM old_${name}), last + 1) AS rest
        FROM moving WHERE name = ?`,
    ).get(name);
    if (row === undefined) continue;
    all += integerColumn(row, "total");
    left += integerColumn(row, "rest");
  }
  // It is for what finds nothing more to say that all is done.
  return Math.min(1 - left / all, 0.999);
}

const end = `
  ${MOVED.map((name) => `DROP TABLE old_${name};`).join("\n")}
  DROP TABLE moving;
`;

/** Moves deliveries, events and forwards into tables with fewer indexes and no triggers. */
export const lighterSchema: GradualMigration = { begin, advance, end };
