import { setImmediate } from "node:timers";
import { createFreeList } from "../../util/memory.ts";
import { createBatchSize } from "../batch_size.ts";
import { errorOf, type ErrorText, JournalUnavailable } from "../errors.ts";
import type { JournalState } from "../journal.ts";
import { CHANGES, type Changes } from "./changes.ts";
import type { EncodedDelivery } from "./deliveries.ts";
import type { OpenOptions } from "./open.ts";
import { type PackedRecords, packRecords, type PlainRecord } from "./packed_records.ts";
import type { Commit } from "./group_commit.ts";

/** Changes that are made in another thread. */
export interface RemoteChanges {
  readonly changes: Changes;
  /** Takes what became of a call. */
  readonly conclude: (outcome: CallOutcome) => void;
  /** Hears that these recorded deliveries of which there is nothing to say. */
  readonly concludeRecorded: (calls: readonly number[]) => void;
  /** Hears that the other thread has made the calls of a batch. */
  readonly taken: () => void;
  /** Sends at once what is collected. */
  readonly flush: () => void;
  /** Rejects what still waits, and whatever is asked from now on. */
  readonly end: () => void;
}

/**
 * Smaller batches cost more than they let overlap: each is a message and its answer, a transaction
 * and a sync. Found by measuring.
 */
const LEAST_IN_BATCH = 12;

/** To give away what is smaller takes as long as to copy it. */
const LARGE_BYTES = 64 * 1024;

/** More batches under way only wait for each other. */
const MOST_UNDER_WAY = 3;

/**
 * Makes changes in another thread. What is asked for within one turn of the event loop is sent
 * together, and what comes in while that is stored is collected until it is enough for a batch of
 * its own: this thread goes on with requests while that one stores what came before.
 *
 * @param send Sends calls to the other thread, and what is given to it in place of a copy.
 * @returns The changes.
 */
export function createRemoteChanges(
  send: (calls: readonly SentCalls[], given: readonly ArrayBuffer[]) => void,
): RemoteChanges {
  const waiting = createFreeList<PromiseWithResolvers<unknown>>();
  const size = createBatchSize(LEAST_IN_BATCH);
  let collected: (Call | PlainRecord)[] = [];
  let given: ArrayBuffer[] = [];
  /** Those collected and those under way. */
  let pending = 0;
  let underWay = 0;
  let isTurnAwaited = false;
  let isEnded = false;

  function flush(): void {
    if (collected.length === 0) return;
    underWay++;
    size.sent(pending);
    send(packed(collected, given), given);
    [collected, given] = [[], []];
  }

  function sendFull(): void {
    if (collected.length >= size.full() && underWay < MOST_UNDER_WAY) flush();
  }

  function take(id: number): PromiseWithResolvers<unknown> | undefined {
    pending--;
    return waiting.take(id);
  }

  function sendIdle(): void {
    isTurnAwaited = false;
    if (underWay === 0) flush();
  }

  function collect(made: Call | PlainRecord): void {
    collected.push(made);
    size.hear(++pending);
    // Not at once: what is asked for right after it belongs to it.
    if (collected.length >= size.full()) queueMicrotask(sendFull);
    if (underWay > 0 || isTurnAwaited) return;
    isTurnAwaited = true;
    // Where nobody else comes, there is nobody to wait for.
    if (size.isLone()) queueMicrotask(sendIdle);
    else setImmediate(sendIdle);
  }

  function call(made: (id: number) => Call | PlainRecord): Promise<unknown> {
    const result = Promise.withResolvers<unknown>();
    if (isEnded) result.reject(closedError());
    else collect(made(waiting.add(result)));
    return result.promise;
  }

  const remote = CHANGES.map((method) => {
    const change = (...args: readonly unknown[]) => call((id) => ({ id, method, args }));
    return [method, change] as const;
  });

  const recordPlain = (delivery: EncodedDelivery) => call((id) => ({ id, delivery }));

  // Each gives what its namesake in the thread does: a message between threads has no types.
  const changes = { ...Object.fromEntries(remote), recordPlain } as unknown as
    & Changes
    & { readonly recordPlain: (delivery: EncodedDelivery) => ReturnType<Changes["record"]> };
  return {
    changes: {
      ...changes,
      record(delivery, events, ...exported) {
        const { body, isBodyGiven } = delivery;
        const isLarge = body.byteLength > LARGE_BYTES;
        if ("payloads" in events) given.push(events.payloads.buffer);
        else if (!isLarge && events.length === 0 && exported.length === 0) {
          return changes.recordPlain(delivery);
        }
        if (isBodyGiven && isLarge) given.push(body.buffer);
        return changes.record(delivery, events, ...exported);
      },
    },
    conclude(outcome) {
      const result = take(outcome.id);
      if ("error" in outcome) result?.reject(errorOf(outcome.error));
      else result?.resolve(outcome.value);
    },
    concludeRecorded(calls) {
      for (const id of calls) take(id)?.resolve([]);
    },
    taken() {
      underWay--;
      if (underWay === 0) flush();
      else sendFull();
    },
    flush,
    end() {
      isEnded = true;
      for (const { reject } of waiting.values()) reject(closedError());
    },
  };
}

function closedError(): JournalUnavailable {
  return new JournalUnavailable("Cannot use the journal: it is closed");
}

/** What the thread needs to open the file. */
export interface ThreadSettings
  extends Pick<OpenOptions, "refused" | "repeatWindowMs" | "maxPages"> {
  readonly path: string;
  readonly probeEveryMs: number;
  /**
   * Whether it may turn out that there is nothing to open. Unless all is as opening leaves it, the
   * thread waits for `open` then, or for `close`.
   */
  readonly isForeseen: boolean;
}

/** To pack fewer takes longer than to copy them as they are. Found by measuring. */
const LEAST_PACKED = 4;

/** Calls as they are sent: deliveries that follow each other in one piece, whose bytes are given away. */
function packed(
  calls: readonly (Call | PlainRecord)[],
  given: ArrayBuffer[],
): readonly SentCalls[] {
  const sent: SentCalls[] = [];
  let run: PlainRecord[] = [];
  function endRun(): void {
    if (run.length < LEAST_PACKED) {
      sent.push(...run.map(callOf));
    } else {
      const records = packRecords(run);
      given.push(records.bytes.buffer);
      sent.push(records);
    }
    run = [];
  }
  for (const call of calls) {
    if ("delivery" in call) {
      run.push(call);
      continue;
    }
    endRun();
    sent.push(call);
  }
  endRun();
  return sent;
}

/**
 * Gives the call by which a delivery is recorded.
 *
 * @param record The delivery.
 */
export function callOf({ id, delivery }: PlainRecord): Call {
  return { id, method: "record", args: [delivery, []] };
}

/** A change that is made in the thread. */
export interface Call {
  /** Among the calls that wait; it is given out again. */
  readonly id: number;
  readonly method: keyof Changes;
  readonly args: readonly unknown[];
}

/** A call, or several that record deliveries. */
export type SentCalls = Call | PackedRecords;

/** Calls that are stored together, what follows upon a journal that was foreseen, or the last message. */
export type ToThread = readonly SentCalls[] | "open" | "close";

/** What became of a call: what it gives, or why it failed. */
export type CallOutcome =
  & { readonly id: number }
  & ({ readonly value: unknown } | { readonly error: ErrorText });

/** What the thread tells. */
export type Told =
  | { readonly kind: "opened" }
  /** So much is done, from 0 to 1, of what brings an older journal up to date. */
  | { readonly kind: "migrating"; readonly done: number }
  | { readonly kind: "not opened"; readonly error: ErrorText }
  /** The calls of one message are made; those that take no longer than that are stored or refused. */
  | { readonly kind: "taken" }
  | { readonly kind: "outcome"; readonly outcome: CallOutcome }
  /** Deliveries are stored, and nothing is to be said of them. */
  | { readonly kind: "recorded"; readonly calls: readonly number[] }
  | { readonly kind: "state"; readonly state: JournalState }
  /** The file was removed or replaced, and another is open now. */
  | { readonly kind: "replaced" }
  /** Another process may have changed something. */
  | { readonly kind: "changed" }
  | { readonly kind: "commit"; readonly commit: Commit }
  | { readonly kind: "closed" };

/** What is told in one turn. */
export type FromThread = readonly Told[];
