import { log } from "../observe/log.ts";
import { startCountdown } from "../util/deadline.ts";
import { messageOf } from "../util/words.ts";
import type { Delivery } from "./delivery.ts";
import { JournalNotOpened, JournalUnavailable } from "./errors.ts";
import type { EventToRecord } from "./events.ts";
import type { Journal } from "./journal.ts";
import type { Spool, SpooledDelivery, SpoolState } from "./sqlite/spool.ts";

/** When a delivery is spooled. */
export interface SpoolOptions {
  readonly spool: Spool;
  /** How long a commit may take before the delivery is kept in the spool. */
  readonly commitTimeoutMs: number;
  /** Whether deliveries that bring events are spooled too; else they are answered with 503. */
  readonly spoolEvents: boolean;
}

/** A journal whose deliveries are kept in a spool while its store can't take them. */
export interface SpooledJournal extends Journal {
  /** How much is in the spool. */
  readonly spooled: () => SpoolState;
}

/** Copied in one transaction. */
const COPIED_AT_ONCE = 50;
/** How long until it is tried again to copy what is spooled. */
const AGAIN_MS = 1000;

/**
 * Puts a spool before a journal: a shopper never waits for a database. A decision that is not
 * committed in time is kept in the spool, synced, and answered; later it is copied by its id, exactly
 * once. What needs the store itself (events unless they may be spooled, exported lists) is refused
 * with `JournalUnavailable` when it does not commit in time.
 *
 * @param primary The journal.
 * @param options When a delivery is spooled, and where.
 * @returns The journal with its spool; to close it closes both.
 */
export function createSpooledJournal(
  primary: Journal,
  { spool, commitTimeoutMs, spoolEvents }: SpoolOptions,
): SpooledJournal {
  /** While the store is slow nobody waits for it but the copying. */
  let isSlow = spool.state().deliveries > 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let copying: Promise<void> | undefined;
  let isClosed = false;
  /** Why the spool took nothing the last time. */
  let spoolFailure: string | undefined;
  /** Those that the store refuses whatever is done: they stay, and others go on. */
  const refused = new Set<number>();

  /** What is planned already is not put off: else nothing would be copied while more comes. */
  function plan(afterMs: number): void {
    if (isClosed || copying !== undefined || timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      copying = copy().finally(() => {
        copying = undefined;
        if (nextOf(1).length > 0) plan(AGAIN_MS);
      });
    }, afterMs);
  }

  /** Copies what is spooled, oldest first; ends with the first that can't be. */
  async function copy(): Promise<void> {
    try {
      while (!isClosed) {
        const group = nextOf(COPIED_AT_ONCE);
        if (group.length === 0) {
          isSlow = false;
          return;
        }
        const results = await Promise.allSettled(group.map(copyOne));
        const copied = group.filter(({ seq }, index) =>
          results[index]?.status === "fulfilled" && !refused.has(seq)
        );
        spool.remove(copied.map(({ seq }) => seq));
        const failed = results.find((result) => result.status === "rejected");
        if (failed !== undefined) throw failed.reason;
        log.info("Copied {count} deliveries from the spool into the journal", {
          count: copied.length,
        });
      }
    } catch (error) {
      if (!(error instanceof JournalUnavailable)) {
        log.error("Cannot copy from the spool: {error}", { error });
      }
    }
  }

  function nextOf(limit: number): readonly SpooledDelivery[] {
    return spool.oldest(limit + refused.size).filter(({ seq }) => !refused.has(seq));
  }

  async function copyOne({ seq, delivery, events }: SpooledDelivery): Promise<void> {
    try {
      await primary.record(delivery, { events });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      // The commit that took too long came to its end after all.
      if (await primary.get(delivery.id) !== undefined) return;
      refused.add(seq);
      log.error("Delivery {id} stays in the spool: {error}", { id: delivery.id, error });
    }
  }

  async function keep(delivery: Delivery, events: readonly EventToRecord[]): Promise<void> {
    try {
      await spool.keep(delivery, events);
      spoolFailure = undefined;
    } catch (error) {
      spoolFailure = messageOf(error);
      throw error;
    }
    plan(AGAIN_MS);
  }

  /** Gives why the store did not take it in time, if it did not; throws what is wrong with it. */
  function failureOf(recording: Promise<void>): Promise<JournalUnavailable | undefined> {
    return new Promise((resolve, reject) => {
      const endCountdown = startCountdown(commitTimeoutMs, () => {
        const words = `Cannot use the journal: it took no commit within ${commitTimeoutMs} ms`;
        resolve(new JournalUnavailable(words));
      });
      // Whatever becomes of it after that, nobody waits for it any more.
      recording.then(() => {
        endCountdown();
        resolve(undefined);
      }, (error: unknown) => {
        endCountdown();
        if (error instanceof JournalUnavailable) resolve(error);
        // A database that turned out to be none for it, once it was there: decisions wait likewise.
        else if (error instanceof JournalNotOpened) resolve(new JournalUnavailable(error.message));
        else reject(error);
      });
    });
  }

  if (isSlow) plan(0);
  return {
    ...primary,
    spooled: spool.state,
    // With a spool it can be written while the store can't: decisions, that is.
    state() {
      const state = primary.state();
      return state.writable || spoolFailure === undefined
        ? { writable: true }
        : { writable: false, reason: spoolFailure };
    },
    async record(delivery, follows = {}) {
      const { events = [], exported } = follows;
      // Where the store fails, the spool needs the body.
      const kept = { ...follows, isBodyGiven: false };
      const maySpool = exported === undefined && (events.length === 0 || spoolEvents);
      // What was spooled comes first: the events of a subject stay in their order.
      const mustSpool = isSlow || (events.length > 0 && spool.state().withEvents > 0);
      if (maySpool && mustSpool) return await keep(delivery, events);
      const failure = await failureOf(primary.record(delivery, kept));
      if (failure === undefined) return;
      if (!maySpool) throw failure;
      if (!isSlow) {
        log.warn("{reason}: decisions are kept in the spool", { reason: failure.message });
      }
      isSlow = true;
      await keep(delivery, events);
    },
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await copying;
      await primary.close();
      spool.close();
    },
  };
}
