import { log } from "../observe/log.ts";
import { type ClockJumps, watchClockJumps } from "../observe/clock_jumps.ts";
import { CLOCK_SEEN_MS, type ClockLook, type ClockRecord, watchClock } from "./clock_watch.ts";
import type { OutboxCounts } from "./forwards.ts";
import type { Journal, PruneResult } from "./journal.ts";

/** How long deliveries are kept, and how much of them. */
export interface RetentionLimits {
  readonly retentionDays: number;
  readonly maxBytes: number;
  /** How much may wait for one destination; half of `maxBytes` unless given. */
  readonly maxWaitingBytes?: number | undefined;
}

/** A retention that runs. */
export interface Retention {
  /** Keeps to other limits from now on. */
  change(limits: RetentionLimits): void;
  /** Runs no further step; resolves when the one under way is done. */
  stop(): Promise<void>;
}

/** What a retention is told by, and tells. */
export interface RetentionTools {
  /** Called with how many forwards were given up, and for which destination. */
  readonly onGivenUp?: (destination: string, count: number) => void;
  /** The clock, in milliseconds since the epoch. */
  readonly now?: () => number;
  /** A clock that nobody sets, in milliseconds. */
  readonly monotonicMs?: () => number;
  /** Tells by how much the clock jumped; whoever else needs to know shares it. */
  readonly clock?: ClockJumps;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A call works in steps of a few milliseconds; a request waits for one of them at the most. */
const BUDGET_MS = 5;
const PAUSE_BETWEEN_CALLS_MS = 100;
/** Where more comes in than that removes, there are more steps. */
const BUDGET_WHEN_FULL_MS = 50;
const PAUSE_WHEN_FULL_MS = 1;
const LONGEST_PAUSE_MS = 1000;
const SHORTEST_PAUSE_MS = 20;
const PAUSE_AFTER_FAILURE_MS = 60_000;
/** How fast a journal may grow at most, for it to be looked at in time. */
const BYTES_PER_MS = 50_000;
/** The part of the limit that is kept free, so that what comes in between looks fits in. */
const FREE_PART = 20;
/** What the log of SQLite is cut down to: it is emptied at 4 MiB, or a little later. */
const LOG_BYTES = 5_242_880;
/** However small the limit, so much of it is for what is kept. */
const LEAST_PART = 0.4;
/** Of what may wait for a destination; beyond it, it is told. */
const NEARLY_FULL = 0.8;
/** The log tells of what was given up once in so long. */
const TELL_EVERY_MS = 60_000;
/** What is known of the clock is noted so often. */
const NOTE_CLOCK_EVERY_MS = 60_000;

/**
 * Removes in the background what is too old or too much, in steps that a request hardly notices.
 * It looks each second, and sooner where little room is left.
 *
 * @param journal The journal.
 * @param first How much is kept.
 * @param tools What it is told by, and tells.
 */
export function keepRetention(
  journal: Journal,
  first: RetentionLimits,
  tools: RetentionTools = {},
): Retention {
  const { onGivenUp, now = Date.now, monotonicMs = () => performance.now() } = tools;
  const clock = tools.clock ?? watchClockJumps(now, monotonicMs);
  const lookAtClock = clockOf(journal);
  let limits = first;
  let isFull = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isStopped = false;
  /** What was given up since the log told of it. */
  const untold = new Map<string, number>();
  let tellAgainAt = -Infinity;
  /** The destinations for which nearly as much waits as may. */
  let nearlyFull: ReadonlySet<string> = new Set();
  let step: Promise<unknown> = Promise.resolve();

  function plan(pauseMs: number): void {
    if (isStopped) return;
    clearTimeout(timer);
    timer = setTimeout(() => step = run(), pauseMs);
  }

  async function run(): Promise<void> {
    try {
      const time = now();
      const trusted = await lookAtClock(time, clock.offsetMs());
      const { maxBytes, maxWaitingBytes = Math.floor(maxBytes / 2) } = limits;
      const target = targetOf(maxBytes);
      const pruned = await journal.prune({
        ...(trusted ? { olderThanMs: limits.retentionDays * DAY_MS } : {}),
        maxBytes: target,
        maxWaitingBytes: Math.min(maxWaitingBytes, target),
        spareBytes: Math.floor(maxBytes / FREE_PART),
        budgetMs: isFull ? BUDGET_WHEN_FULL_MS : BUDGET_MS,
        now: time,
      });
      tell(pruned);
      tellNearlyFull(await journal.outbox.counts(), maxWaitingBytes);
      const roomBytes = target + maxBytes / FREE_PART - (await journal.counts()).bytes;
      isFull = !pruned.done && roomBytes < 0;
      if (pruned.done) plan(pauseFor(roomBytes));
      else plan(isFull ? PAUSE_WHEN_FULL_MS : PAUSE_BETWEEN_CALLS_MS);
    } catch (error) {
      log.warn("Cannot prune the journal: {error}", { error });
      plan(PAUSE_AFTER_FAILURE_MS);
    }
  }

  function tell({ givenUp }: PruneResult): void {
    for (const [destination, count] of Object.entries(givenUp)) {
      onGivenUp?.(destination, count);
      untold.set(destination, (untold.get(destination) ?? 0) + count);
    }
    if (untold.size > 0 && monotonicMs() >= tellAgainAt) tellUntold();
  }

  function tellUntold(): void {
    tellAgainAt = monotonicMs() + TELL_EVERY_MS;
    for (const [destination, count] of untold) {
      log.error(
        "Gave up {count} forwards to {destination}, the oldest that waited: they took too much of " +
          "the journal. See journal.maxWaitingBytes, and: storehook forwards list --state failed",
        { count, destination },
      );
    }
    untold.clear();
  }

  function tellNearlyFull(counts: ReadonlyMap<string, OutboxCounts>, most: number): void {
    const before = nearlyFull;
    nearlyFull = new Set(
      Array.from(counts).filter(([, { waitingBytes }]) => waitingBytes > most * NEARLY_FULL)
        .map(([destination]) => destination),
    );
    for (const destination of nearlyFull) {
      if (before.has(destination)) continue;
      log.warn(
        "What waits for {destination} takes {bytes} bytes of the journal; beyond {most}, the oldest " +
          "is given up: see journal.maxWaitingBytes",
        { destination, bytes: counts.get(destination)?.waitingBytes, most },
      );
    }
  }

  plan(0);
  return {
    change(next) {
      const isSame = next.retentionDays === limits.retentionDays &&
        next.maxBytes === limits.maxBytes && next.maxWaitingBytes === limits.maxWaitingBytes;
      if (isSame) return;
      limits = next;
      // The step that runs has planned its next one when it ends.
      step = step.then(() => plan(0));
    },
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await step;
      tellUntold();
    },
  };
}

function targetOf(maxBytes: number): number {
  return Math.floor(Math.max(maxBytes - maxBytes / FREE_PART - LOG_BYTES, LEAST_PART * maxBytes));
}

function pauseFor(roomBytes: number): number {
  return Math.min(Math.max(roomBytes / BYTES_PER_MS, SHORTEST_PAUSE_MS), LONGEST_PAUSE_MS);
}

/** Looks at the clock by what the journal knows of it, tells what follows, and notes what it finds. */
function clockOf(journal: Journal): (now: number, offsetMs: number) => Promise<boolean> {
  let watch: ReturnType<typeof watchClock> | undefined;
  let noted: ClockRecord | null = null;
  return async (now, offsetMs) => {
    const isFirst = watch === undefined;
    if (watch === undefined) {
      noted = await journal.clockRecord();
      const [newest] = (await journal.list({ limit: 1 })).deliveries;
      watch = watchClock(
        noted ?? { trustedAt: Math.min(newest?.receivedAt ?? now, now), seenMs: 0 },
      );
    }
    const { trusted, record, finding } = watch.look(now, offsetMs);
    // Of a jump while it runs tells what notices jumps.
    if (finding !== undefined && (isFirst || finding.kind !== "back")) tellOfClock(finding, record);
    const isNew = finding !== undefined || noted === null ||
      Math.abs(record.trustedAt - noted.trustedAt) >= NOTE_CLOCK_EVERY_MS ||
      Math.abs(record.seenMs - noted.seenMs) >= NOTE_CLOCK_EVERY_MS;
    if (isNew) {
      await journal.noteClock(record);
      noted = record;
    }
    return trusted;
  };
}

function tellOfClock(
  { kind, byMs }: NonNullable<ClockLook["finding"]>,
  { trustedAt, seenMs }: ClockRecord,
): void {
  const hours = Math.round(byMs / HOUR_MS);
  if (kind === "ahead") {
    log.warn(
      "The clock is {hours} hours ahead of {newest}, the newest time that the journal knows. " +
        "Nothing is removed for its age until this time was seen for {left} more hours",
      {
        hours,
        newest: new Date(trustedAt).toISOString(),
        left: Math.ceil((CLOCK_SEEN_MS - seenMs) / HOUR_MS),
      },
    );
  } else if (kind === "back") {
    log.warn("The clock is {hours} hours behind {newest}, the newest time that the journal knew", {
      hours,
      newest: new Date(trustedAt + byMs).toISOString(),
    });
  } else if (kind === "right") {
    log.info("The clock was set right: what is old is removed again");
  } else {
    log.info("The clock, {hours} hours ahead, was seen for long enough: what is old is removed", {
      hours,
    });
  }
}
