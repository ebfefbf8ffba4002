import { log } from "../observe/log.ts";
import type { ClockJumps } from "../observe/clock_jumps.ts";
import { createTokenBucket } from "../util/rates.ts";
import { createWakeUp, pause, trackInFlight } from "../util/waiting.ts";
import { createAhead, createReadyList, type Ready, STALE_MS, STOOD_STILL_MS } from "./ahead.ts";
import { attemptForward, type Destination, GRACE_MS, releaseLeases } from "./attempt.ts";
import {
  createHealth,
  type FailureLimit,
  type HealthState,
  syncClock,
  syncDisabled,
  syncPaused,
} from "./health.ts";
import type { Attempt, AttemptOutcome, Forward, Lease, Outbox } from "./outbox.ts";
import { completeAttempt, type CompletedAttempt, createOutcomes } from "./outcomes.ts";
import { journalPauseMs } from "./retry_policy.ts";

/** An attempt that was made, for those who count them. */
export interface AttemptMade {
  readonly forward: Forward;
  readonly attempt: Attempt;
  readonly outcome: AttemptOutcome;
}

/** What a loop works with. */
export interface LoopTools {
  readonly outbox: Outbox;
  /** In whose name it takes forwards. */
  readonly owner: string;
  /** Frees what an earlier worker of that name had. Once that is done, it does nothing. */
  readonly reclaim: () => Promise<void>;
  /** Tells the time, in milliseconds since the epoch. */
  readonly now: () => number;
  /** Tells the time, in milliseconds of a clock that is never set. */
  readonly monotonic: () => number;
  /** Notices when that clock was set. */
  readonly clock: ClockJumps;
  /** Gives numbers from 0 up to, but not including, 1. */
  readonly random: () => number;
  readonly leaseMs: number;
  readonly failureLimit: FailureLimit;
  /** Tells whether something was delivered to a destination before. */
  readonly wasReached: (destination: string) => boolean | Promise<boolean>;
  readonly onAttempt: (made: AttemptMade) => void;
}

/** Forwards to one destination. */
export interface Loop {
  /** Has it look again. */
  wake(): void;
  state(): HealthState & { readonly running: number };
  /**
   * Takes no more; calls off what still runs after this time.
   *
   * @param isReplaced Whether its settings are no more: what comes of them does not disable others.
   */
  stop(limitMs: number, isReplaced?: boolean): Promise<void>;
}

/** However long nothing is due: the clock may be set, and news of another process may get lost. */
const LONGEST_SLEEP_MS = 10_000;
/** Something seems due and nothing can be taken: somebody else has it. */
const TAKEN_MS = 1000;
/** For each attempt that may run, so many may be under way with those whose outcome is written. */
const UNDER_WAY = 2;

/**
 * Starts to forward to one destination. What is sent never waits for the disk where much is sent: as
 * much as is sent in the time of some transactions is leased ahead, and outcomes are written together.
 *
 * @param name Its name.
 * @param destination The destination.
 * @param tools What to work with.
 * @returns The loop; it runs.
 */
export function startLoop(name: string, destination: Destination, tools: LoopTools): Loop {
  const { outbox, owner, now, monotonic, clock, onAttempt } = tools;
  const { concurrency, ordered, retryDelaysMs, maxPauseMs } = destination;
  // Nobody else may take what is still being tried, or is called off only now.
  const longestMs = destination.timeoutMs + GRACE_MS;
  const leaseMs = Math.max(tools.leaseMs, longestMs + GRACE_MS) + STALE_MS;
  const health = createHealth(tools.failureLimit);
  const attempting = { name, destination, health, now, random: tools.random };
  const compareDisabled = syncDisabled(name, outbox, health, monotonic);
  const comparePaused = syncPaused(name, outbox, health, maxPauseMs);
  const followClock = syncClock(name, outbox, health, { clock, retryDelaysMs });
  const bucket = createTokenBucket(destination.ratePerSecond, now());
  const wakeUp = createWakeUp();
  const stopping = new AbortController();
  /** Of what is under way; of what comes after a loss another one. */
  let callOff = new AbortController();
  const endHearing = outbox.onLost?.((lost) => {
    if (lost !== name) return;
    callOff.abort();
    callOff = new AbortController();
    giveBack();
  });
  const ahead = createAhead();
  const ready = createReadyList(monotonic);
  /** What is under way but for outcomes that are collected. Counted: a set would keep what was in it. */
  const inFlight = trackInFlight();
  const outcomes = createOutcomes((made: CompletedAttempt) => inFlight.track(() => conclude(made)));
  /** How many forwards are tried now. */
  let running = 0;
  /** How often in a row the outbox could not be used. */
  let failures = 0;

  /**
   * How many more attempts may start. One whose outcome is being written has left its place: so that
   * outcome and the next lease go to the disk together.
   */
  function freePlaces(): number {
    const underWay = UNDER_WAY * (concurrency + ahead.size());
    const unwritten = outcomes.unwritten();
    return Math.max(0, Math.min(concurrency - running, underWay - running - unwritten));
  }

  /** How long to send nothing, whatever is leased. */
  function restMs(at: number): number {
    const { disabled, paused } = health.state();
    return disabled === null ? Math.max(0, (paused?.until ?? at) - at) : Infinity;
  }

  const isLow = () => ready.isLow(ahead.size());

  function giveBack(): void {
    const leases = ready.takeLeases();
    if (leases.length > 0) inFlight.track(() => release(leases));
  }

  let isPrepared = destination.prepare === undefined;
  /** Whether as much was due as could be taken: then more is, most likely, and need not be asked for. */
  let isMoreLikely = false;

  /** Leases and starts what is due, and tells how long there is nothing to do then. */
  async function startDue(): Promise<number> {
    if (!isPrepared) await destination.prepare?.(await tools.wasReached(name));
    isPrepared = true;
    outbox.want?.(name);
    await tools.reclaim();
    await followClock(now());
    await compareDisabled();
    await comparePaused(now(), ahead.size() > 0);
    const at = now();
    if (restMs(at) > 0 || ready.ageMs() >= STALE_MS) giveBack();
    startReady();
    // No more than start soon: a lease must not run out while it waits for its turn.
    const limit = Math.min(freePlaces(), bucket.available(at)) + ahead.size() - ready.length();
    if (restMs(at) > 0 || limit <= 0 || !isLow()) {
      writeDue();
      return untilNext(at);
    }
    const isLikely = isMoreLikely || (ordered && ahead.size() > 0 && outcomes.free());
    isMoreLikely = false;
    const dueAt = isLikely ? at : await outbox.nextDueAt(name, ordered) ?? Infinity;
    if (dueAt > at) {
      writeDue();
      return Math.min(untilNext(at), dueAt - at);
    }
    outcomes.write();
    return await leaseMore(at, limit, isLikely);
  }

  async function leaseMore(at: number, limit: number, isLikely: boolean): Promise<number> {
    const leasedAt = monotonic();
    const before = callOff;
    const most = { limit, mostBytes: ready.roomBytes() };
    const wanted = { owner, destination: name, ...most, leaseMs, now: at, ordered };
    const forwards = await outbox.lease(wanted);
    const isLost = callOff !== before;
    if (stopping.signal.aborted || isLost || restMs(at) > 0) {
      await releaseLeases(outbox, forwards.map(({ lease }) => lease));
      return 0;
    }
    ready.add(forwards, at + leaseMs, leasedAt);
    startReady();
    isMoreLikely = forwards.length === limit;
    return forwards.length === 0 && !isLikely ? TAKEN_MS : 0;
  }

  /** Has outcomes written where it is time; where little is sent, it always is. */
  function writeDue(): void {
    if (ahead.size() === 0 || outcomes.areDue(isLow())) outcomes.write();
  }

  /** In how many milliseconds there is something to do by itself. */
  function untilNext(at: number): number {
    const rest = restMs(at);
    // Where there is no room, it is the end of an attempt that makes some.
    const room = rest === 0 && freePlaces() > 0 ? bucket.waitMs(at) : 0;
    const next = Math.min(Math.max(1, outcomes.dueInMs()), STALE_MS - ready.ageMs());
    return Math.min(rest || Infinity, room || Infinity, next);
  }

  /**
   * Whether somebody else may have what is ready by the time that it is sent: the clock was set, the
   * journal failed for long, or this process stood still.
   */
  function isTooLate(at: number): boolean {
    return ready.leasedUntil() < at + longestMs || ready.ageMs() >= STOOD_STILL_MS;
  }

  /** Starts what is ready as far as there is room for it. */
  function startReady(): void {
    const at = now();
    if (stopping.signal.aborted || restMs(at) > 0) return;
    if (isTooLate(at)) return giveBack();
    const count = Math.min(ready.length(), freePlaces(), bucket.available(at));
    if (count <= 0) return;
    bucket.take(count);
    for (let started = 0; started < count; started++) start(ready.take());
  }

  function start(next: Ready | undefined): void {
    if (next === undefined) return;
    running++;
    inFlight.track(() => forwardOne(next)).catch((error) => {
      log.error("Cannot forward {id}: {error}", { id: next.forward.id, error });
    });
  }

  async function release(leases: readonly Lease[]): Promise<void> {
    await releaseLeases(outbox, leases);
    wakeUp.wake();
  }

  async function forwardOne({ forward, leasedUntil }: Ready): Promise<void> {
    const { signal } = callOff;
    const ended = await attemptForward(attempting, forward, signal).finally(() => running--);
    if (ended === undefined) return await release([forward.lease]);
    outcomes.add({ forward, ...ended, leasedUntil, signal }, ended.outcome.state !== "waiting");
    goOn(ended.attempt.error === null);
  }

  async function conclude(made: CompletedAttempt): Promise<void> {
    await completeAttempt(outbox, made, now);
    try {
      onAttempt(made);
    } catch (error) {
      log.error("Cannot count an attempt of {id}: {error}", { id: made.forward.id, error });
    }
    wakeUp.wake();
  }

  /** Sends the next at once, and has the loop look only where there is something else to do. */
  function goOn(isDelivered: boolean): void {
    ahead.ended();
    startReady();
    if (failures > 0 || stopping.signal.aborted) return outcomes.write();
    const isHeldUp = ready.length() > 0 && freePlaces() > 0;
    // By the first one it is known when to write those that come after it.
    if (!isDelivered || isLow() || isHeldUp || outcomes.size() === 1 || outcomes.areDue(false)) {
      wakeUp.wake();
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        const rest = await startDue();
        if (failures > 0) log.info("The outbox can be used again for {name}", { name });
        failures = 0;
        if (rest > 0) await wakeUp.sleep(Math.min(rest, LONGEST_SLEEP_MS));
      } catch (error) {
        outcomes.write();
        if (++failures === 1) {
          log.warn("Cannot use the outbox for {name}: {error}", { name, error });
        }
        await pause(journalPauseMs(failures), stopping.signal);
      }
    }
  }
  const ended = run();

  return {
    wake: wakeUp.wake,
    state() {
      const { paused, ...rest } = health.state();
      const isPaused = paused !== null && paused.until > now();
      return { ...rest, paused: isPaused ? paused : null, running };
    },
    async stop(limitMs, isReplaced = false) {
      if (isReplaced) health.retire();
      stopping.abort();
      wakeUp.wake();
      const timer = setTimeout(() => callOff.abort(), limitMs);
      await ended;
      giveBack();
      outcomes.write();
      await inFlight.idle();
      clearTimeout(timer);
      endHearing?.();
      // The last attempt may have disabled it, when nobody was left to notice.
      await compareDisabled().catch((error) => {
        log.warn("Cannot keep whether {name} is disabled: {error}", { name, error });
      });
    },
  };
}
