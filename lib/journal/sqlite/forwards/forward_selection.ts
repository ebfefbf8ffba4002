import type { Position } from "../../filter.ts";
import { isNotDone } from "../../forward_status.ts";
import type { ForwardFilter } from "../../forwards.ts";
import { type Condition, type Selection, writeSelection } from "../conditions.ts";

/**
 * Writes the query that finds forwards. It reads an index alone: that of the event, that of what is
 * not done, or that of all.
 *
 * @param filter Which forwards.
 * @param order In which order.
 * @param after Where the page before ended.
 * @param limit How many at most.
 * @returns The query, for the columns `seq`, `at` and `id`.
 */
export function selectForwards(
  filter: ForwardFilter,
  order: "newest first" | "oldest first",
  after: Position | undefined,
  limit: number,
): Selection {
  const { state, destination, eventId, since, until } = filter;
  const conditions: Condition[] = [];
  let index = "forwards_in_order";
  if (state !== undefined) conditions.push({ sql: "state = ?", values: [state] });
  if (isNotDone(state)) {
    index = "forwards_not_done";
    // In the words of the index, which can be used only then.
    conditions.push({ sql: "state IN ('waiting', 'failed')", values: [] });
  }
  if (eventId !== undefined) {
    index = "forwards_of_event";
    conditions.push({ sql: "event = (SELECT seq FROM events WHERE id = ?)", values: [eventId] });
  }
  if (destination !== undefined) conditions.push({ sql: "destination = ?", values: [destination] });
  if (since !== undefined) conditions.push({ sql: "created_at >= ?", values: [since] });
  if (until !== undefined) conditions.push({ sql: "created_at < ?", values: [until] });
  const from = `forwards INDEXED BY ${index}`;
  return writeSelection({ from, time: "created_at", conditions, order, after, limit });
}
