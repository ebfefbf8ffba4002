import type { Journal } from "../../journal/journal.ts";
import { log } from "../../observe/log.ts";
import type { ObserveShadow } from "../../observe/metrics/meters.ts";
import type { ShadowDelivery } from "../../trials/shadow_judge.ts";
import { createWakeUp, waitAtMost } from "../../util/waiting.ts";

/** What a shadow works with. */
export interface ShadowSettings {
  /** The file of the config that is tried. */
  readonly file: string;
  /** Where it is written what differs. */
  readonly recordFile: string;
  /** The files of the journal, which the thread may not open. */
  readonly untouchable: readonly string[];
}

/** What is to be decided. */
export interface ShadowBatch {
  readonly deliveries: readonly ShadowDelivery[];
  /** How many were left out since the batch before. */
  readonly dropped: number;
}

/** How many deliveries of a batch would be decided how. */
export type ShadowResults = Readonly<
  Record<"same" | "answer" | "rule" | "ask" | "failed", number>
>;

/** What the thread tells. */
export type ToldByShadow =
  | { readonly results: ShadowResults }
  | { readonly taken: number }
  | { readonly rejected: string }
  | { readonly failed: string };

/** A config that is tried beside the one that is served. */
export interface Shadow {
  /** Gives a journal that has what it records decided by the other config, too. */
  watching<Watched extends Pick<Journal, "record">>(journal: Watched): Watched;
  /** Lets what is queued be decided, within a limit, and ends. */
  stop(): Promise<void>;
}

/** What may wait: more than that is left out, and counted. */
const MOST_WAITING = 2000;
const MOST_WAITING_BYTES = 33_554_432;
/** A message between threads costs more than what it holds, so many go together. */
const BATCH_MS = 200;
const STOP_MS = 3000;

/**
 * Starts to try another config beside the one that is served. Nothing waits for it: what is recorded
 * is queued, and decided in a thread of its own.
 *
 * @param settings What it works with.
 * @param observe Counts what came of it.
 * @param stopMs How long what waits may take at the end; a server has little time then.
 */
export function startShadow(
  settings: ShadowSettings,
  observe: ObserveShadow,
  stopMs: number = STOP_MS,
): Shadow {
  const thread = new Worker(new URL("./shadow_thread.ts", import.meta.url), { type: "module" });
  const { port1: port, port2: theirs } = new MessageChannel();
  const settled = createWakeUp();
  let queue: ShadowDelivery[] = [];
  let dropped = 0;
  let waitingBytes = 0;
  let sentBytes = 0;
  let sent = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function send(): void {
    clearTimeout(timer);
    timer = undefined;
    // One batch at a time: what the thread has not done yet waits here, where it is counted.
    if (sent > 0 || (queue.length === 0 && dropped === 0)) return;
    port.postMessage({ deliveries: queue, dropped } satisfies ShadowBatch);
    [sent, sentBytes] = [Math.max(1, queue.length), waitingBytes];
    [queue, dropped, waitingBytes] = [[], 0, 0];
  }

  function offer(delivery: ShadowDelivery): void {
    const bytes = delivery.body.length + delivery.answer.length;
    const isFull = queue.length + sent >= MOST_WAITING ||
      waitingBytes + sentBytes + bytes > MOST_WAITING_BYTES;
    if (isFull) {
      dropped++;
      observe("dropped", 1);
      return;
    }
    queue.push(delivery);
    waitingBytes += bytes;
    timer ??= setTimeout(send, BATCH_MS);
  }

  port.onmessage = ({ data }: MessageEvent<ToldByShadow>) => {
    tell(settings.file, data, observe);
    if ("taken" in data || "rejected" in data) return;
    [sent, sentBytes] = [0, 0];
    settled.wake();
    if (queue.length > 0) timer ??= setTimeout(send, BATCH_MS);
  };
  thread.onerror = (event) => {
    event.preventDefault();
    log.error("The shadow ended, which changes no answer: {error}", { error: event.message });
  };
  thread.postMessage(settings, [theirs]);

  async function drain(): Promise<void> {
    while (queue.length > 0 || sent > 0) {
      send();
      await settled.sleep(stopMs);
    }
  }

  return {
    watching: (journal) => ({
      ...journal,
      async record(delivery, follows) {
        await journal.record(delivery, follows);
        // What nobody sent, and what has no answer, is decided by no rule.
        if (delivery.verifiedBy !== null && delivery.status !== 204) offer(partsOf(delivery));
      },
    }),
    async stop() {
      await waitAtMost(stopMs, drain());
      clearTimeout(timer);
      port.close();
      thread.terminate();
    },
  };
}

function partsOf(delivery: ShadowDelivery): ShadowDelivery {
  const { id, endpoint, kind, requestId, receivedAt, body, status, answer, decisions } = delivery;
  const headers = delivery.headers.filter(([name]) => name === "accept-language");
  return { id, endpoint, kind, requestId, receivedAt, headers, body, status, answer, decisions };
}

function tell(file: string, told: ToldByShadow, observe: ObserveShadow): void {
  if ("results" in told) {
    for (const name of ["same", "answer", "rule", "ask", "failed"] as const) {
      observe(name, told.results[name]);
    }
  } else if ("taken" in told) {
    log.info("Shadow {file} is tried beside the config, endpoints: {count}", {
      file,
      count: told.taken,
    });
  } else if ("rejected" in told) {
    log.error("Shadow {file} has mistakes, which changes no answer: {mistakes}", {
      file,
      mistakes: told.rejected,
    });
  } else {
    log.error("The shadow cannot write what it found: {error}", { error: told.failed });
  }
}
