import type { EventFilter } from "../../events.ts";
import type { Position } from "../../filter.ts";
import { type Condition, type Selection, writeSelection } from "../conditions.ts";
import { lowerAscii } from "../deliveries/selection.ts";
import { PLAIN_KEY } from "./event_row.ts";

/** As for deliveries: bytes are compared, and ASCII letters of any case match. */
const TEXT_CONDITION = `(
  instr(CAST(lower(CAST(payload AS TEXT)) AS BLOB), ?) > 0 OR
  instr(CAST(lower(subject) AS BLOB), ?) > 0 OR
  instr(CAST(lower(${PLAIN_KEY}) AS BLOB), ?) > 0)`;

/**
 * Writes the query that finds events. Without a text to look for it reads the index alone.
 *
 * @param filter Which events.
 * @param order In which order.
 * @param after Where the page before ended.
 * @param limit How many at most.
 * @returns The query, for the columns `seq`, `at` and `id`.
 */
export function selectEvents(
  filter: EventFilter,
  order: "newest first" | "oldest first",
  after: Position | undefined,
  limit: number,
): Selection {
  const { endpoint, source, type, subject, since, until, text, withWarnings } = filter;
  const conditions: Condition[] = [];
  if (endpoint !== undefined) conditions.push({ sql: "endpoint = ?", values: [endpoint] });
  if (source !== undefined) conditions.push({ sql: "source = ?", values: [source] });
  if (type !== undefined) conditions.push({ sql: "type = ?", values: [type] });
  if (subject !== undefined) conditions.push({ sql: "subject = ?", values: [subject] });
  if (since !== undefined) conditions.push({ sql: "received_at >= ?", values: [since] });
  if (until !== undefined) conditions.push({ sql: "received_at < ?", values: [until] });
  if (withWarnings !== undefined) {
    conditions.push({ sql: `with_warnings = ${withWarnings ? 1 : 0}`, values: [] });
  }
  if (text !== undefined && text !== "") {
    const sought = new TextEncoder().encode(lowerAscii(text));
    conditions.push({ sql: TEXT_CONDITION, values: [sought, sought, sought] });
  }
  const [from, time] = ["events INDEXED BY events_in_order", "received_at"];
  return writeSelection({ from, time, conditions, order, after, limit });
}
