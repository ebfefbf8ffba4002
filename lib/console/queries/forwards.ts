import type { Attempt } from "../../forward/outbox.ts";
import type { ForwardDetails, ForwardStatus, ForwardSummary } from "../../journal/forwards.ts";
import { isoOrNull } from "./records.ts";

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
