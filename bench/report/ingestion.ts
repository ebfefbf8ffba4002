import type { IngestionRow } from "../ingestion/compare.ts";
import { figure, table } from "./table.ts";

/** What was measured of the ingestion of events. */
export function ingestionTable(rows: readonly IngestionRow[]): string {
  return table(
    ["32 connections", "events a second", "over Express that keeps them", "p50, ms", "p99, ms"],
    rows.map(({ name, eventsPerSecond, overKept, p50Ms, p99Ms }) => [
      name,
      ...[eventsPerSecond, overKept, p50Ms, p99Ms].map(figure),
    ]),
  );
}
