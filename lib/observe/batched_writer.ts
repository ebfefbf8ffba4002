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
 * @param writeSync Writes some of the bytes and says how many, as `Deno.stderr.writeSync` does.
 */
export function createBatchedWriter(writeSync: (bytes: Uint8Array) => number): BatchedWriter {
  let pending: string[] = [];

  function flush(): void {
    if (pending.length === 0) return;
    const bytes = encoder.encode(pending.join(""));
    pending = [];
    for (let written = 0; written < bytes.length;) written += writeSync(bytes.subarray(written));
  }

  return {
    flush,
    write(text) {
      if (pending.push(text) === 1) setImmediate(flush);
    },
  };
}
