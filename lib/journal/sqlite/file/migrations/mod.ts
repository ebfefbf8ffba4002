import { deliveriesAndExports } from "./0001_deliveries_and_exports.ts";
import { eventsAndOutbox } from "./0002_events_and_outbox.ts";
import { disabledDestinations } from "./0003_disabled_destinations.ts";

/** Every step from an empty file to the present schema. Steps are only ever added at the end. */
export const MIGRATIONS: readonly string[] = [
  deliveriesAndExports,
  eventsAndOutbox,
  disabledDestinations,
];
