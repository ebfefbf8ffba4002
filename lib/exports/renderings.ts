import { Problem } from "../http/problem/problem.ts";
import { SHARE_COUNT, shareOf } from "../util/addresses.ts";
import type { WrittenExport } from "./formats.ts";

/** Exports that were written lately, and those that are being written. */
export interface Renderings {
  /**
   * Gives an export as it goes over the wire: what was written lately, what is being written, or
   * what is written now. One is written at a time.
   *
   * @param key All that it depends on.
   * @param address Who asks.
   * @param write Writes it.
   * @throws {Problem} When too many wait for this address already (`too_many_requests`).
   */
  get(
    key: string,
    address: string,
    write: () => Promise<WrittenExport>,
  ): Promise<WrittenExport>;
}

/** How much is kept, and for how long. */
export interface RenderingLimits {
  readonly maxBytes: number;
  readonly ttlMs: number;
  /** How many may wait to be written for one address. */
  readonly maxWaiting: number;
}

/** What of a list of thousands of lines is kept: a page has some 400 bytes for each. */
const LIMITS: RenderingLimits = { maxBytes: 33_554_432, ttlMs: 60_000, maxWaiting: 4 };

interface Kept {
  readonly written: WrittenExport;
  readonly until: number;
}

/**
 * Makes what keeps exports that were written.
 *
 * @param limits How much is kept.
 * @param now The clock, in milliseconds.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * let count = 0;
 * const renderings = createRenderings();
 * const write = () => Promise.resolve({ body: new Uint8Array(++count), headers: {} });
 * const first = await renderings.get("a", "192.0.2.7", write);
 * assertEquals(await renderings.get("a", "192.0.2.7", write), first);
 * assertEquals(count, 1);
 * ```
 */
export function createRenderings(
  { maxBytes, ttlMs, maxWaiting }: RenderingLimits = LIMITS,
  now: () => number = () => performance.now(),
): Renderings {
  const kept = new Map<string, Kept>();
  const running = new Map<string, Promise<WrittenExport>>();
  const waiting = new Int32Array(SHARE_COUNT);
  let bytes = 0;
  let last: Promise<unknown> = Promise.resolve();

  function forget(key: string, { written }: Kept): void {
    kept.delete(key);
    bytes -= written.body.length;
  }

  function keep(key: string, written: WrittenExport): void {
    if (written.body.length > maxBytes) return;
    kept.set(key, { written, until: now() + ttlMs });
    bytes += written.body.length;
    // The first is the oldest.
    for (const [oldKey, old] of kept) {
      if (bytes <= maxBytes) break;
      forget(oldKey, old);
    }
  }

  function forgetOld(): void {
    const time = now();
    for (const [key, one] of kept) {
      if (one.until > time) break;
      forget(key, one);
    }
  }

  async function writeAfterOthers(
    key: string,
    write: () => Promise<WrittenExport>,
  ): Promise<WrittenExport> {
    const before = last;
    const { promise, resolve } = Promise.withResolvers<void>();
    last = promise;
    await before;
    try {
      const written = await write();
      keep(key, written);
      return written;
    } finally {
      resolve();
    }
  }

  return {
    async get(key, address, write) {
      forgetOld();
      const found = kept.get(key)?.written ?? running.get(key);
      if (found !== undefined) return await found;
      const share = shareOf(address);
      const ahead = waiting[share] ?? 0;
      if (ahead >= maxWaiting) throw new Problem("too_many_requests");
      waiting[share] = ahead + 1;
      const writing = writeAfterOthers(key, write).finally(() => {
        waiting[share] = (waiting[share] ?? 1) - 1;
        running.delete(key);
      });
      running.set(key, writing);
      return await writing;
    },
  };
}
