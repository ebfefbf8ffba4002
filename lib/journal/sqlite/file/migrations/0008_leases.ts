/**
 * A lease has an owner and a number, so that whoever lost it can be told. What an older program had
 * taken is free: it is gone, for only one at a time has the file.
 */
export const leases = `
  ALTER TABLE forwards ADD COLUMN lease_owner TEXT;
  ALTER TABLE forwards ADD COLUMN lease_number INTEGER NOT NULL DEFAULT 0;
  UPDATE forwards SET leased_until = 0 WHERE state = 'waiting' AND leased_until > 0;
`;
