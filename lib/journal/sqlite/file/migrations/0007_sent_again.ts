/**
 * What was delivered can be sent again, as a further forward of the same event to the same
 * destination. `attempts_before` counts the attempts before somebody started the schedule anew.
 * Destinations that asked for a rest have a row while it lasts.
 */
export const sentAgain = `
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
