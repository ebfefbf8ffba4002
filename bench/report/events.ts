/** The tables on events: how they come in, and how they go out. */
import type { ForwardingRow } from "../forwarding/compare.ts";
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

/** What was measured of forwards. */
export function forwardingTable(rows: readonly ForwardingRow[]): string {
  return table(
    ["64 at a time", "a second", "over bare fetch", "processor µs each", "of the receiver"],
    rows.map(({ name, perSecond, overBare, senderMicros, receiverMicros }) => [
      name,
      ...[perSecond, overBare, senderMicros, receiverMicros].map(figure),
    ]),
  );
}
