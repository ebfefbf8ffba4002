/**
 * Events and forwards. `events_in_order` holds all that a filter asks for but the text; of a
 * million forwards that are done, no index that `lease()` or `counts()` reads holds any.
 *
 * - `events.key` is NULL once erased; `past_keys` are those of events that are no longer kept.
 * - `events.waiting` counts the forwards that wait: while there are any, the event stays.
 * - `forwards.leads` marks the oldest of those that wait at a destination with the same subject.
 */
export const eventsAndOutbox = `
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
