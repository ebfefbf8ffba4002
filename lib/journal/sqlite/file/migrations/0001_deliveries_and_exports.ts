/**
 * The first shape. `deliveries_in_order` holds all that a filter asks for, so that looking through
 * a million deliveries reads no body; `answer` and `body` stand last in the row for the same reason.
 */
export const deliveriesAndExports = `
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
