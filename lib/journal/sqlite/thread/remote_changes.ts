import { setImmediate } from "node:timers";
import { JournalUnavailable } from "../../errors.ts";
import { createFreeList, type FreeList } from "../../../util/free_list.ts";
import type { Changes } from "../changes.ts";
import { createBatchSize } from "./batch_size.ts";
import { errorOf } from "./error_text.ts";
import type { Call, Outcome, ResultOf } from "./messages.ts";

/** Changes that are made in another thread. */
export interface RemoteChanges {
  readonly changes: Changes;
  /** Takes what became of a call. */
  readonly settle: (outcome: Outcome) => void;
  /** Hears that the other thread has made the calls of a batch. */
  readonly taken: () => void;
  /** Sends at once what is collected. */
  readonly flush: () => void;
  /** Rejects what still waits, and whatever is asked from now on. */
  readonly end: () => void;
}

/** The calls of each method that wait, so that a call and its result are known to fit. */
type Waiting = {
  readonly [Method in keyof Changes]: FreeList<PromiseWithResolvers<ResultOf<Method>>>;
};

/** More batches under way only wait for each other. */
const MOST_UNDER_WAY = 3;

/**
 * Makes changes in another thread. What is asked for within one turn of the event loop is sent
 * together, and what comes in while that is stored is collected until it is enough for a batch of
 * its own: this thread goes on with requests while that one stores what came before.
 *
 * @param send Sends calls to the other thread.
 * @returns The changes.
 */
export function createRemoteChanges(send: (calls: readonly Call[]) => void): RemoteChanges {
  const waiting: Waiting = {
    record: createFreeList(),
    assignExport: createFreeList(),
    lease: createFreeList(),
    complete: createFreeList(),
    release: createFreeList(),
    reclaim: createFreeList(),
    disable: createFreeList(),
    enable: createFreeList(),
    pause: createFreeList(),
    resume: createFreeList(),
    correctDueDates: createFreeList(),
    retry: createFreeList(),
    resend: createFreeList(),
    cancel: createFreeList(),
    noteClock: createFreeList(),
    prune: createFreeList(),
    erase: createFreeList(),
  };
  const size = createBatchSize();
  let collected: Call[] = [];
  /** Those collected and those under way. */
  let unsettled = 0;
  let underWay = 0;
  let isTurnAwaited = false;
  let isEnded = false;

  function flush(): void {
    if (collected.length === 0) return;
    underWay++;
    size.sent(unsettled);
    send(collected);
    collected = [];
  }

  function sendFull(): void {
    if (collected.length >= size.full() && underWay < MOST_UNDER_WAY) flush();
  }

  function sendIdle(): void {
    isTurnAwaited = false;
    if (underWay === 0) flush();
  }

  function collect(made: Call): void {
    collected.push(made);
    size.hear(++unsettled);
    // Not at once: what is asked for right after it belongs to it.
    if (collected.length >= size.full()) queueMicrotask(sendFull);
    if (underWay > 0 || isTurnAwaited) return;
    isTurnAwaited = true;
    setImmediate(sendIdle);
  }

  function call<Result>(
    results: FreeList<PromiseWithResolvers<Result>>,
    make: (id: number) => Call,
  ): Promise<Result> {
    const result = Promise.withResolvers<Result>();
    if (isEnded) result.reject(closedError());
    else collect(make(results.add(result)));
    return result.promise;
  }

  return {
    changes: {
      record: (...args) => call(waiting.record, (id) => ({ id, method: "record", args })),
      assignExport: (...args) =>
        call(waiting.assignExport, (id) => ({ id, method: "assignExport", args })),
      lease: (...args) => call(waiting.lease, (id) => ({ id, method: "lease", args })),
      complete: (...args) => call(waiting.complete, (id) => ({ id, method: "complete", args })),
      release: (...args) => call(waiting.release, (id) => ({ id, method: "release", args })),
      reclaim: (...args) => call(waiting.reclaim, (id) => ({ id, method: "reclaim", args })),
      disable: (...args) => call(waiting.disable, (id) => ({ id, method: "disable", args })),
      enable: (...args) => call(waiting.enable, (id) => ({ id, method: "enable", args })),
      pause: (...args) => call(waiting.pause, (id) => ({ id, method: "pause", args })),
      resume: (...args) => call(waiting.resume, (id) => ({ id, method: "resume", args })),
      correctDueDates: (...args) =>
        call(waiting.correctDueDates, (id) => ({ id, method: "correctDueDates", args })),
      retry: (...args) => call(waiting.retry, (id) => ({ id, method: "retry", args })),
      resend: (...args) => call(waiting.resend, (id) => ({ id, method: "resend", args })),
      cancel: (...args) => call(waiting.cancel, (id) => ({ id, method: "cancel", args })),
      noteClock: (...args) => call(waiting.noteClock, (id) => ({ id, method: "noteClock", args })),
      prune: (...args) => call(waiting.prune, (id) => ({ id, method: "prune", args })),
      erase: (...args) => call(waiting.erase, (id) => ({ id, method: "erase", args })),
    },
    settle(outcome) {
      unsettled--;
      settle(waiting, outcome);
    },
    taken() {
      underWay--;
      if (underWay === 0) flush();
      else sendFull();
    },
    flush,
    end() {
      isEnded = true;
      for (const calls of Object.values(waiting)) {
        for (const { reject } of calls.values()) reject(closedError());
      }
    },
  };
}

function closedError(): JournalUnavailable {
  return new JournalUnavailable("Cannot use the journal: it is closed");
}

function settle<Method extends keyof Changes>(waiting: Waiting, outcome: Outcome<Method>): void {
  const result = waiting[outcome.method].take(outcome.id);
  if ("error" in outcome) result?.reject(errorOf(outcome.error));
  else result?.resolve(outcome.value);
}
