/** When a list of rules was used last, so that it goes when the deliveries that it decided are gone. */
export const ruleSetsUsed = `
  ALTER TABLE rule_sets ADD COLUMN used_at INTEGER NOT NULL DEFAULT 0;
  UPDATE rule_sets SET used_at = (SELECT coalesce(max(received_at), 0) FROM deliveries);
  CREATE INDEX rule_sets_by_use ON rule_sets (used_at);
`;
