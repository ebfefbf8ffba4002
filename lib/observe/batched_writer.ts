import { setImmediate } from "node:timers";

/** Writes text in batches. */
export interface BatchedWriter {
  /** Takes a text; it is written at the end of this turn of the event loop. */
  write(text: string): void;
  /** Writes now what was taken. */
  flush(): void;
}

const encoder = new TextEncoder();

/**
 * Writes what is asked for within one turn of the event loop at once: a write for each line would
 * cost a busy server more than all the rest of the logging.
 *
 * @param writeAll Writes all of the bytes. It may not throw: nobody waits for it.
 */
export function createBatchedWriter(writeAll: (bytes: Uint8Array) => void): BatchedWriter {
  let pending: string[] = [];

  function flush(): void {
    if (pending.length === 0) return;
    const bytes = encoder.encode(pending.join(""));
    pending = [];
    writeAll(bytes);
  }

  return {
    flush,
    write(text) {
      if (pending.push(text) === 1) setImmediate(flush);
    },
  };
}
