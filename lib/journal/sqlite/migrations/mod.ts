import { deliveriesAndExports } from "./0001_deliveries_and_exports.ts";

/** Every step from an empty file to the present schema. Steps are only ever added at the end. */
export const MIGRATIONS: readonly string[] = [deliveriesAndExports];
