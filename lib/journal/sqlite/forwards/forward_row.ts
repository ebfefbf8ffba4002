import * as z from "zod/mini";
import type { Attempt, ForwardState } from "../../../forward/outbox.ts";
import type { ForwardStatus } from "../../forward_status.ts";
import { integer, nullable, type Row, text } from "../columns.ts";

const stateSchema = z.enum(["waiting", "delivered", "failed", "cancelled"]);

/** The columns of a forward, also where its event is joined. */
export const FORWARD_COLUMNS = `forwards.seq AS forward, forwards.id AS forward_id,
  forwards.destination, forwards.state, forwards.attempts, forwards.created_at, forwards.due_at,
  forwards.leased_until, forwards.attempts_before`;

/** A forward on its way into the file. */
export interface ForwardToInsert {
  readonly id: string;
  readonly destination: string;
  /** That of its event: what has the same one can be kept in order. */
  readonly subject: string;
  /** In milliseconds since the epoch; it is due from then on. */
  readonly createdAt: number;
}

/**
 * Reads where a forward stands.
 *
 * @param row The row.
 * @returns The state.
 */
export function decodeState(row: Row): ForwardState {
  return stateSchema.parse(text(row, "state"));
}

/**
 * Reads a row of `FORWARD_COLUMNS`.
 *
 * @param row The row.
 * @returns The forward without its event and its attempts.
 */
export function decodeForward(row: Row): Omit<ForwardStatus, "leasedUntil" | "lastAttempt"> {
  return {
    id: text(row, "forward_id"),
    destination: text(row, "destination"),
    state: decodeState(row),
    attempts: integer(row, "attempts"),
    attemptsBefore: integer(row, "attempts_before"),
    createdAt: integer(row, "created_at"),
    dueAt: nullable(row, "due_at", integer),
  };
}

/**
 * Reads until when a worker has a forward.
 *
 * @param row The row.
 * @returns The time; `null` when none took it.
 */
export function decodeLease(row: Row): number | null {
  return integer(row, "leased_until") || null;
}

/**
 * Reads a row of `attempts`.
 *
 * @param row The row.
 * @returns The attempt.
 */
export function decodeAttempt(row: Row): Attempt {
  return {
    startedAt: integer(row, "started_at"),
    durationMs: integer(row, "duration_ms"),
    status: nullable(row, "status", integer),
    error: nullable(row, "error", text),
  };
}
