/** Destinations that get nothing until somebody enables them; every other one has no row. */
export const disabledDestinations = `
  CREATE TABLE disabled_destinations (
    destination TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    reason TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
`;
