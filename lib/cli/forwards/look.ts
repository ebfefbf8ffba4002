import { dim, green, red, yellow } from "@std/fmt/colors";
import type { Attempt, Disabled, ForwardState, Pause } from "../../forward/outbox.ts";
import type { ForwardStatus } from "../../journal/forward_status.ts";
import type { ForwardDetails, ForwardSummary } from "../../journal/forwards.ts";
import { nameOfType } from "../events/look.ts";
import { type Column, describeColumns, isoOrNull, type Paint } from "../records/layout.ts";
import { printable } from "../terminal/format.ts";
import { formatExactTimestamp, formatTimestamp } from "../terminal/timestamp.ts";

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

/**
 * Turns a forward into what machines read of a list: times in ISO 8601, in UTC.
 *
 * @param forward The forward.
 * @returns An object to be written as JSON.
 */
export function forwardSummaryRecord(forward: ForwardSummary | ForwardDetails) {
  const { id, endpoint, source, type, subject } = forward.event;
  return { ...statusRecord(forward), event: { id, endpoint, source, type, subject } };
}

/**
 * Turns a forward into all that machines read of it, but for its event's payload.
 *
 * @param forward The forward.
 * @returns An object to be written as JSON.
 */
export function forwardRecord(forward: ForwardDetails) {
  return { ...forwardSummaryRecord(forward), history: forward.history.map(attemptRecord) };
}

function statusRecord(forward: ForwardStatus) {
  const { lastAttempt } = forward;
  return {
    id: forward.id,
    destination: forward.destination,
    state: forward.state,
    createdAt: isoOrNull(forward.createdAt),
    dueAt: isoOrNull(forward.dueAt),
    leasedUntil: isoOrNull(forward.leasedUntil),
    attempts: forward.attempts,
    lastAttempt: lastAttempt === null ? null : attemptRecord(lastAttempt),
  };
}

function attemptRecord({ startedAt, ...rest }: Attempt) {
  return { startedAt: isoOrNull(startedAt), ...rest };
}

const REASONS: Readonly<Record<Disabled["reason"], string>> = {
  gone: "it answered 410",
  failing: "nothing got through for long",
};

/**
 * Says since when and why a destination gets nothing.
 *
 * @param name Its name.
 * @param disabled When and why it was disabled.
 * @returns One line without a period.
 */
export function describeDisabled(name: string, { at, reason }: Disabled): string {
  return `${printable(name)}, since ${formatExactTimestamp(at)}: ${REASONS[reason]}`;
}

/**
 * Says until when and why a destination gets nothing.
 *
 * @param name Its name.
 * @param pause The rest that it asked for.
 * @returns One line without a period.
 */
export function describePause(name: string, { until, status }: Pause): string {
  return `${printable(name)}, until ${formatExactTimestamp(until)}: it answered ${status}`;
}
