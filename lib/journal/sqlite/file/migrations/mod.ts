import { deliveriesAndExports } from "./0001_deliveries_and_exports.ts";
import { eventsAndOutbox } from "./0002_events_and_outbox.ts";
import { disabledDestinations } from "./0003_disabled_destinations.ts";
import { recentEvents } from "./0004_recent_events.ts";
import { counts } from "./0005_counts.ts";
import { clock } from "./0006_clock.ts";
import { sentAgain } from "./0007_sent_again.ts";
import { leases } from "./0008_leases.ts";
import { ruleSetsUsed } from "./0009_rule_sets_used.ts";

/**
 * Every step from an empty file to the present schema. Steps are only ever added at the end.
 * `tests/fixtures/journal-0.1.0` is a journal as version 0.1.0 left it, with the first three:
 * `tests/lib/journal/sqlite/upgrade_test.ts` holds that all of it is kept.
 */
export const MIGRATIONS: readonly string[] = [
  deliveriesAndExports,
  eventsAndOutbox,
  disabledDestinations,
  recentEvents,
  counts,
  clock,
  sentAgain,
  leases,
  ruleSetsUsed,
];
