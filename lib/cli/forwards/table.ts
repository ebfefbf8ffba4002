import { dim, green, red, yellow } from "@std/fmt/colors";
import type { ForwardState } from "../../forward/outbox.ts";
import type { ForwardStatus } from "../../journal/forward_status.ts";
import type { ForwardSummary } from "../../journal/forwards.ts";
import { nameOfType } from "../events/table.ts";
import { type Column, describeColumns, type Paint } from "../records/columns.ts";
import { formatTimestamp } from "../terminal/timestamp.ts";

const PAINTS: Readonly<Record<ForwardState, Paint>> = {
  waiting: yellow,
  delivered: green,
  failed: red,
  cancelled: dim,
};

const COLUMNS: readonly Column<ForwardSummary>[] = [
  { head: "TIME", cell: ({ createdAt }) => formatTimestamp(createdAt) },
  { head: "ID", cell: ({ id }) => id, paint: () => dim },
  { head: "STATE", cell: ({ state }) => state, paint: ({ state }) => paintOfState(state) },
  { head: "DESTINATION", cell: ({ destination }) => destination },
  { head: "EVENT", cell: ({ event }) => nameOfType(event) },
  { head: "SUBJECT", cell: ({ event }) => event.subject || "-" },
  { head: "TRIES", cell: ({ attempts }) => String(attempts), isNumber: true },
  { head: "NEXT", cell: ({ dueAt }) => dueAt === null ? "-" : formatTimestamp(dueAt) },
  { head: "LAST", cell: lastOf, paint: () => dim },
];

/**
 * Shows forwards in aligned columns, in colour when colours are on.
 *
 * @param forwards The forwards.
 * @param width How wide the terminal is; `undefined` where it is none.
 * @returns The heads of the columns and a text for each forward.
 */
export function describeForwards(
  forwards: readonly ForwardSummary[],
  width?: number,
): string[] {
  return describeColumns(COLUMNS, forwards, width);
}

/**
 * Chooses the colour of a state.
 *
 * @param state Where a forward stands.
 * @returns What colours a text.
 */
export function paintOfState(state: ForwardState): Paint {
  return PAINTS[state];
}

function lastOf({ lastAttempt }: ForwardStatus): string {
  if (lastAttempt === null) return "-";
  return lastAttempt.error ?? (lastAttempt.status === null ? "done" : String(lastAttempt.status));
}
