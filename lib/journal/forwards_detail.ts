import type { Disabled, Pause } from "../forward/outbox.ts";
import type { JournalOutbox, OutboxCounts } from "./forwards.ts";

/** What is not done, for an operator. */
export interface NotDone {
  /** To be tried, or to be tried again. */
  readonly waiting: number;
  /** Given up after the last attempt: somebody has to look into it. */
  readonly failed: number;
  /** How many bytes those that wait take, roughly. */
  readonly waitingBytes: number;
  /** How old the oldest that waits is, in seconds; `null` when none waits. */
  readonly oldestWaitingSeconds: number | null;
}

/** Since when and why a destination gets nothing. */
export interface DisabledDetail extends Pick<Disabled, "reason"> {
  /** In ISO 8601, in UTC. */
  readonly since: string;
}

/** A rest that a destination asked for. */
export interface PauseDetail extends Pick<Pause, "status"> {
  /** In ISO 8601, in UTC. */
  readonly since: string;
  /** In ISO 8601, in UTC. */
  readonly until: string;
}

/** What is not done. */
export interface ForwardsDetail extends NotDone {
  /** The destinations that get nothing until somebody enables them. */
  readonly disabled: Readonly<Record<string, DisabledDetail>>;
  /** The destinations that get nothing for a while because they asked for that. */
  readonly paused: Readonly<Record<string, PauseDetail>>;
  /** What is not done by destination; one where all is done is missing. */
  readonly destinations: Readonly<Record<string, NotDone>>;
}

/**
 * Tells an operator which forwards are not done.
 *
 * @param outbox Where they are.
 * @param now What counts as now, in milliseconds since the epoch.
 * @returns What is not done.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const erp = { waiting: 2, failed: 1, waitingBytes: 80, oldestWaitingAt: 1000 };
 * const told = { waiting: 2, failed: 1, waitingBytes: 80, oldestWaitingSeconds: 9 };
 * const none = () => Promise.resolve(new Map());
 * const counts = () => Promise.resolve(new Map([["erp", erp]]));
 * assertEquals(await describeNotDone({ counts, disabled: none, paused: none }, 10_000), {
 *   ...told,
 *   disabled: {},
 *   paused: {},
 *   destinations: { erp: told },
 * });
 * ```
 */
export async function describeNotDone(
  outbox: Pick<JournalOutbox, "counts" | "disabled" | "paused">,
  now: number = Date.now(),
): Promise<ForwardsDetail> {
  const [counts, disabled, paused] = await Promise.all([
    outbox.counts(),
    outbox.disabled(),
    outbox.paused(),
  ]);
  const all = [...counts.values()];
  const oldest = all.map(({ oldestWaitingAt }) => oldestWaitingAt).filter((at) => at !== null);
  const total = {
    waiting: sum(all.map(({ waiting }) => waiting)),
    failed: sum(all.map(({ failed }) => failed)),
    waitingBytes: sum(all.map(({ waitingBytes }) => waitingBytes)),
    oldestWaitingAt: oldest.length === 0 ? null : oldest.reduce((a, b) => Math.min(a, b)),
  };
  const destinations = Array.from(counts, ([name, one]) => [name, notDone(one, now)] as const);
  return {
    ...notDone(total, now),
    disabled: disabledDetails(disabled),
    paused: pausedDetails(paused, now),
    destinations: Object.fromEntries(destinations),
  };
}

/**
 * Tells which destinations get nothing until somebody enables them.
 *
 * @param disabled What the outbox keeps of them.
 * @returns Since when and why, by their names.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const disabled = new Map([["erp", { at: 0, reason: "gone" } as const]]);
 * assertEquals(disabledDetails(disabled), {
 *   erp: { since: "1970-01-01T00:00:00.000Z", reason: "gone" },
 * });
 * ```
 */
export function disabledDetails(
  disabled: ReadonlyMap<string, Disabled>,
): ForwardsDetail["disabled"] {
  const details = Array.from(disabled, ([name, { at, reason }]) => {
    return [name, { since: new Date(at).toISOString(), reason }] as const;
  });
  return Object.fromEntries(details);
}

/**
 * Tells which destinations get nothing for a while because they asked for that.
 *
 * @param paused What the outbox keeps of them.
 * @param now What counts as now, in milliseconds since the epoch.
 * @returns Since when, until when and by which status, by their names; a rest that is over is none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const paused = new Map([["erp", { at: 0, until: 60_000, status: 429 }]]);
 * const since = "1970-01-01T00:00:00.000Z";
 * assertEquals(pausedDetails(paused, 59_999), {
 *   erp: { since, until: "1970-01-01T00:01:00.000Z", status: 429 },
 * });
 * assertEquals(pausedDetails(paused, 60_000), {});
 * ```
 */
export function pausedDetails(
  paused: ReadonlyMap<string, Pause>,
  now: number = Date.now(),
): ForwardsDetail["paused"] {
  const details = [...paused].filter(([, { until }]) => until > now)
    .map(([name, { at, until, status }]) => {
      const times = { since: new Date(at).toISOString(), until: new Date(until).toISOString() };
      return [name, { ...times, status }] as const;
    });
  return Object.fromEntries(details);
}

function notDone(
  { waiting, failed, waitingBytes, oldestWaitingAt }: OutboxCounts,
  now: number,
): NotDone {
  const ageMs = oldestWaitingAt === null ? null : Math.max(0, now - oldestWaitingAt);
  return {
    waiting,
    failed,
    waitingBytes,
    oldestWaitingSeconds: ageMs === null ? null : Math.round(ageMs / 1000),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
