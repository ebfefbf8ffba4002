import type { DatabaseSync } from "node:sqlite";
import type {
  EventCounts,
  EventDetails,
  EventFilter,
  EventListOptions,
  EventPage,
  KeptEvent,
} from "../../events.ts";
import type { Position } from "../../filter.ts";
import { integer } from "../columns.ts";
import {
  decodeEvent,
  decodeEventSummary,
  EVENT_COLUMNS,
  EVENT_SUMMARY_COLUMNS,
} from "./event_row.ts";
import { createCountTable } from "../file/count_table.ts";
import { selectEvents } from "./event_selection.ts";
import type { ForwardReader } from "../forwards/forward_reader.ts";
import { createKeyFinder, type Key } from "../deliveries/keys.ts";

/** Reads events. */
export interface EventReader {
  readonly list: (options: EventListOptions) => EventPage;
  readonly get: (id: string) => EventDetails | undefined;
  /** The keys of the next events, oldest first. */
  readonly keysAfter: (
    filter: EventFilter,
    after: Position | undefined,
    limit: number,
  ) => readonly Key[];
  readonly bySeq: (seq: number) => KeptEvent | undefined;
  readonly counts: () => EventCounts;
}

/**
 * Prepares the statements that read events.
 *
 * @param database An open database.
 * @param forwards Reads their forwards.
 * @returns The reader.
 */
export function createEventReader(database: DatabaseSync, forwards: ForwardReader): EventReader {
  const byId = database.prepare(`SELECT events.seq, ${EVENT_COLUMNS} FROM events WHERE id = ?`);
  const whole = database.prepare(`SELECT ${EVENT_COLUMNS} FROM events WHERE seq = ?`);
  const summary = database.prepare(`SELECT ${EVENT_SUMMARY_COLUMNS} FROM events WHERE seq = ?`);
  const counts = createCountTable(database);
  const finder = createKeyFinder(database);

  return {
    list({ limit, cursor, ...filter }) {
      const { keys, next } = finder.page(
        (after, atMost) => selectEvents(filter, "newest first", after, atMost),
        cursor,
        limit,
      );
      const rows = keys.map(({ seq }) => summary.get(seq)).filter((row) => row !== undefined);
      return { events: rows.map(decodeEventSummary), next };
    },
    get(id) {
      const row = byId.get(id);
      if (row === undefined) return undefined;
      return { ...decodeEvent(row), forwards: forwards.ofEvent(integer(row, "seq")) };
    },
    keysAfter: (filter, after, limit) =>
      finder.find(selectEvents(filter, "oldest first", after, limit)),
    bySeq(seq) {
      const row = whole.get(seq);
      return row === undefined ? undefined : decodeEvent(row);
    },
    counts() {
      const events = counts("events");
      return { events: events.get("all") ?? 0, withWarnings: events.get("with warnings") ?? 0 };
    },
  };
}
