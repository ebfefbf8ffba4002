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
export const recentEvents = `
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
