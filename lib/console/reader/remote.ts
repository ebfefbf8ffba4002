/** The reader of the console in a thread of its own: who looks costs no shopper anything. */
import type { JournalPlace } from "../../journal/configured.ts";
import { errorOf, type ErrorText, JournalUnavailable } from "../../journal/errors.ts";
import { parseExactJson } from "../../util/json_text.ts";
import type { ConsoleReader } from "./reader.ts";

/** The names of all that is read. */
export const READS = [
  "deliveries",
  "delivery",
  "signature",
  "content",
  "events",
  "event",
  "forwards",
  "forward",
  "countForwards",
  "head",
  "examine",
  "figures",
  "audit",
  "traffic",
  "ruleCounts",
] as const satisfies readonly (keyof ConsoleReader)[];

/** What the thread is asked. */
export interface ReadCall {
  readonly id: number;
  readonly method: (typeof READS)[number];
  readonly args: readonly unknown[];
}

/** What it gives: JSON, which keeps every digit; bytes; nothing; or an error. */
export type ReadOutcome =
  & { readonly id: number }
  & (
    | { readonly json: string }
    | { readonly bytes: Uint8Array<ArrayBuffer> }
    | { readonly error: ErrorText }
    | { readonly none: true }
  );

/** The first message to the thread, and the last. */
export type ReaderMessage = { readonly place: JournalPlace } | ReadCall | "close";

/** A reader that can be ended. */
export interface RemoteReader {
  readonly reader: ConsoleReader;
  /** Ends the thread; what still waits is rejected. */
  close(): Promise<void>;
}

/** How long the thread gets to let go of the files. */
const CLOSE_MS = 2000;

/**
 * Starts the thread when it is first asked: a server whose console nobody opens pays nothing.
 *
 * @param place Where the journal is.
 * @returns The reader.
 */
export function startReader({ path, url, caFile }: JournalPlace): RemoteReader {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let thread: Worker | undefined;
  let ids = 0;
  let closed: PromiseWithResolvers<void> | undefined;

  function conclude(outcome: ReadOutcome): void {
    const result = waiting.get(outcome.id);
    waiting.delete(outcome.id);
    if ("error" in outcome) result?.reject(errorOf(outcome.error));
    else if ("json" in outcome) result?.resolve(parseExactJson(outcome.json));
    else result?.resolve("bytes" in outcome ? outcome.bytes : undefined);
  }

  function start(): Worker {
    const made = new Worker(new URL("./thread.ts", import.meta.url), { type: "module" });
    made.onmessage = ({ data }: MessageEvent<ReadOutcome | "closed">) => {
      if (data === "closed") closed?.resolve();
      else conclude(data);
    };
    // Whoever asks next gets another one.
    made.onerror = (event) => {
      event.preventDefault();
      thread = undefined;
      rejectAll(`the thread that reads it has failed: ${event.message}`);
    };
    made.postMessage({ place: { path, url, caFile } } satisfies ReaderMessage);
    return made;
  }

  function rejectAll(reason: string): void {
    for (const { reject } of waiting.values()) {
      reject(new JournalUnavailable(`Cannot read the journal: ${reason}`));
    }
    waiting.clear();
  }

  function call(method: ReadCall["method"], args: readonly unknown[]): Promise<unknown> {
    const result = Promise.withResolvers<unknown>();
    if (closed !== undefined) {
      result.reject(new JournalUnavailable("Cannot use the journal: it is closed"));
      return result.promise;
    }
    thread ??= start();
    const id = ++ids;
    waiting.set(id, result);
    thread.postMessage({ id, method, args } satisfies ReaderMessage);
    return result.promise;
  }

  const methods = READS.map((method) => {
    return [method, (...args: readonly unknown[]) => call(method, args)] as const;
  });
  return {
    // Each gives what its namesake in the thread does: a message between threads has no types.
    reader: Object.fromEntries(methods) as unknown as ConsoleReader,
    async close() {
      if (closed !== undefined) return;
      closed = Promise.withResolvers<void>();
      rejectAll("it is closed");
      if (thread === undefined) return;
      thread.postMessage("close" satisfies ReaderMessage);
      const timer = setTimeout(() => closed?.resolve(), CLOSE_MS);
      await closed.promise;
      clearTimeout(timer);
      thread.terminate();
    },
  };
}
