import type { LoadOptions } from "../../config/load.ts";
import type { StoredDelivery } from "../../journal/delivery.ts";
import { errorOf, type ErrorText, JournalUnavailable } from "../../journal/errors.ts";
import type { DecidedByText, JudgedText } from "../../trials/judged_text.ts";
import { parseExactJson } from "../../util/json_text.ts";

/** How the config is loaded of which drafts are judged. */
export type DraftConfig = Pick<LoadOptions, "file" | "environmentNames" | "flags">;

/** A draft, and what is decided by it. */
export interface DraftToJudge {
  readonly id: number;
  readonly text: string;
  readonly delivery?: SentDelivery;
}

/** A delivery on its way to the thread: its bytes, and all else as JSON, which keeps every digit. */
export interface SentDelivery extends Pick<StoredDelivery, "body" | "answer"> {
  readonly json: string;
}

/** What the thread says of a draft. */
export type ToldOfDraft =
  & { readonly id: number }
  & (
    | {
      readonly judged: Omit<JudgedText, "decided">;
      readonly decided?: { readonly json: string; readonly answer: Uint8Array<ArrayBuffer> };
    }
    | { readonly error: ErrorText }
  );

/** Whoever edits asks again soon; a thread that nobody asks any more is let go of. */
const IDLE_MS = 60_000;

/** Judges drafts in a thread of its own. */
export interface DraftJudge {
  judge(text: string, delivery?: StoredDelivery): Promise<JudgedText>;
  /** Ends the thread; what still waits is rejected. */
  end(): void;
}

/**
 * Makes what judges drafts of the config. The thread begins when the first one comes.
 *
 * @param config How the config is loaded.
 */
export function createDraftJudge(config: DraftConfig): DraftJudge {
  const waiting = new Map<number, PromiseWithResolvers<JudgedText>>();
  /** Whoever asks the same meanwhile is told the same. */
  const underWay = new Map<string, Promise<JudgedText>>();
  let running: { readonly worker: Worker; readonly port: MessagePort } | undefined;
  let idle: ReturnType<typeof setTimeout> | undefined;
  let ids = 0;

  function conclude(told: ToldOfDraft): void {
    const result = waiting.get(told.id);
    waiting.delete(told.id);
    if ("error" in told) result?.reject(errorOf(told.error));
    else result?.resolve({ ...told.judged, ...decidedOf(told.decided) });
    if (waiting.size === 0) idle = setTimeout(end, IDLE_MS);
  }

  function begin(): MessagePort {
    const worker = new Worker(new URL("./draft_thread.ts", import.meta.url), { type: "module" });
    const { port1: port, port2: theirs } = new MessageChannel();
    port.onmessage = ({ data }: MessageEvent<ToldOfDraft>) => conclude(data);
    worker.onerror = (event) => {
      event.preventDefault();
      end(event.message);
    };
    const { file, environmentNames, flags } = config;
    const sent: DraftConfig = {
      file,
      ...(environmentNames === undefined ? {} : { environmentNames }),
      ...(flags === undefined ? {} : { flags }),
    };
    worker.postMessage(sent, [theirs]);
    running = { worker, port };
    return port;
  }

  function end(reason = "it is no longer needed"): void {
    clearTimeout(idle);
    running?.port.close();
    running?.worker.terminate();
    running = undefined;
    for (const { reject } of waiting.values()) {
      reject(new JournalUnavailable(`Cannot judge a draft: ${reason}`));
    }
    waiting.clear();
  }

  return {
    judge(text, delivery) {
      clearTimeout(idle);
      const name = `${delivery?.id ?? ""} ${text}`;
      const asked = underWay.get(name);
      if (asked !== undefined) return asked;
      const result = Promise.withResolvers<JudgedText>();
      const id = ++ids;
      waiting.set(id, result);
      const port = running?.port ?? begin();
      const draft = { id, text, ...(delivery === undefined ? {} : { delivery: sent(delivery) }) };
      port.postMessage(draft satisfies DraftToJudge);
      underWay.set(name, result.promise);
      const forget = () => underWay.delete(name);
      result.promise.then(forget, forget);
      return result.promise;
    },
    end: () => end(),
  };
}

function sent({ body, answer, ...rest }: StoredDelivery): SentDelivery {
  return { body, answer, json: JSON.stringify(rest) };
}

/**
 * Reads a delivery that was sent.
 *
 * @param delivery What came.
 */
export function receivedDelivery({ json, body, answer }: SentDelivery): StoredDelivery {
  // It was written above, of a delivery.
  const rest = parseExactJson(json) as Omit<StoredDelivery, "body" | "answer">;
  return { ...rest, body, answer };
}

function decidedOf(
  decided: { readonly json: string; readonly answer: Uint8Array<ArrayBuffer> } | undefined,
): Pick<JudgedText, "decided"> {
  if (decided === undefined) return {};
  // The thread has written it of what was decided.
  const rest = parseExactJson(decided.json) as Omit<DecidedByText, "answer">;
  return { decided: { ...rest, answer: decided.answer } };
}
