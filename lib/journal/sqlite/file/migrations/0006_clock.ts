/** What is known of the clock: see `lib/journal/clock_watch.ts`. One row, or none. */
export const clock = `
  CREATE TABLE clock (
    seq INTEGER PRIMARY KEY CHECK (seq = 1),
    trusted_at INTEGER NOT NULL,
    seen_ms INTEGER NOT NULL
  ) STRICT;
`;
