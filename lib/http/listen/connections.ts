/** The connections of a gate: how many there may be, who waits too long, how their bytes are passed on. */
import { SHARE_COUNT, shareOf } from "../../util/memory.ts";

/** How long connections may wait, and how many there may be. */
export interface ConnectionLimits {
  /**
   * For the head of the first request, in milliseconds; a TLS handshake is part of it. As long may
   * the last answer take to be read.
   */
  readonly headTimeoutMs: number;
  /** Between an answer and the end of the next request's head, in milliseconds. */
  readonly idleTimeoutMs: number;
  /** Beyond, one is closed for a new one: of the address that has most, the idlest or slowest. */
  readonly maxConnections: number;
}

/** A request whose body is on its way. */
export interface Receiving {
  /** From whom: behind a proxy, who sent it there. */
  readonly address: string;
  /** How far it is behind a sender of modest speed, in milliseconds. */
  lagMs(): number;
}

/** A connection in the book. */
export interface ClientConnection {
  /** A request of it is answered from now on: it waits for nothing. */
  begin(): void;
  /**
   * The body of a request that began is on its way. Meanwhile it gives way to others.
   *
   * @returns What is called when all of it is there.
   */
  receive(body: Receiving): () => void;
  /**
   * The answer is there.
   *
   * @param isLast Whether the other side is told to close the connection: it need not do so.
   */
  end(isLast: boolean): void;
  /** It only has to take what was sent: it is closed soon. */
  linger(): void;
  /**
   * Tells how far it is with what has come of it.
   *
   * @param lastBytesAt When the last bytes of it came, on the clock of the book.
   */
  progress(lastBytesAt: number): ConnectionProgress;
  /** It is closed; the book forgets it. */
  forget(): void;
}

/**
 * How far a connection is: a body is not complete yet, a request is answered, all that came is
 * answered, or nobody knows yet what it was that came.
 */
export type ConnectionProgress = "receiving" | "answering" | "answered" | "unknown";

/** The book of all connections. */
export interface Connections {
  /**
   * Writes a connection down.
   *
   * @param close Closes it. Called once, and never after it was forgotten.
   * @param address Whose it is; `undefined` for that of a proxy, which is nobody's by itself.
   * @returns The connection, or `undefined` when there is no room: then all are being answered.
   */
  add(close: () => void, address?: string): ClientConnection | undefined;
  /** Closes every connection that has waited too long. */
  sweep(): void;
  /**
   * Closes one, of the address that has most if it can be: the one that has waited longest, or
   * else the one whose body comes slowest. Says whether there was one.
   */
  makeRoom(): boolean;
  /** Closes those that have waited so long for the next request, or for the first. */
  closeIdle(idleMs: number): void;
  /** Closes all of them. */
  closeAll(): void;
  /** How many there are. */
  count(): number;
}

/** How long what was sent may take to be read once the server has closed its side. */
export const LINGER_MS = 2000;

/** A connection that could be closed for another: how idle it is, and how slow. */
interface Candidate {
  readonly entry: Entry;
  readonly isIdle: boolean;
  readonly waitMs: number;
}

interface Entry {
  readonly close: () => void;
  /** The share of its address; `undefined` for a proxy's. */
  share: number | undefined;
  readonly receiving: Receiving[];
  answering: number;
  /** When a request began or was answered last. */
  actedAt: number;
  lingers: boolean;
  waitsSince: number;
  waitsUntil: number;
}

/**
 * Keeps book of connections and of what they wait for.
 *
 * @param limits How long they may wait, and how many there may be.
 * @param now The clock, in milliseconds.
 * @returns The book, empty.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * let time = 0;
 * const limits = { headTimeoutMs: 100, idleTimeoutMs: 1000, maxConnections: 10 };
 * const connections = createConnections(limits, () => time);
 * connections.add(() => {});
 * time = 100;
 * connections.sweep();
 * assertEquals(connections.count(), 0);
 * ```
 */
export function createConnections(
  { headTimeoutMs, idleTimeoutMs, maxConnections }: ConnectionLimits,
  now: () => number,
): Connections {
  const entries = new Set<Entry>();
  const countOf = new Int32Array(SHARE_COUNT);

  function count(share: number | undefined, more: number): void {
    if (share !== undefined) countOf[share] = (countOf[share] ?? 0) + more;
  }

  function forget(entry: Entry): boolean {
    if (!entries.delete(entry)) return false;
    count(entry.share, -1);
    return true;
  }

  function close(entry: Entry): void {
    if (forget(entry)) entry.close();
  }

  function move(entry: Entry, address: string): void {
    const share = shareOf(address);
    if (share === entry.share || !entries.has(entry)) return;
    count(entry.share, -1);
    count(share, 1);
    entry.share = share;
  }

  function crowdOf({ share }: Entry): number {
    return share === undefined ? 0 : countOf[share] ?? 0;
  }

  function candidateOf(entry: Entry): Candidate | undefined {
    if (!isBusy(entry)) return { entry, isIdle: true, waitMs: now() - entry.waitsSince };
    // Who has sent a whole request is answered, whatever else it sends.
    if (entry.receiving.length < entry.answering) return undefined;
    return { entry, isIdle: false, waitMs: Math.max(...entry.receiving.map((one) => one.lagMs())) };
  }

  function goesBefore(one: Candidate, other: Candidate): boolean {
    const more = crowdOf(one.entry) - crowdOf(other.entry);
    if (more !== 0) return more > 0;
    return one.isIdle === other.isIdle ? one.waitMs > other.waitMs : one.isIdle;
  }

  function makeRoom(): boolean {
    let first: Candidate | undefined;
    for (const entry of entries) {
      const candidate = candidateOf(entry);
      if (candidate === undefined) continue;
      if (first === undefined || goesBefore(candidate, first)) first = candidate;
    }
    if (first === undefined) return false;
    close(first.entry);
    return true;
  }

  function wait(entry: Entry, timeoutMs: number): void {
    entry.waitsSince = now();
    entry.waitsUntil = entry.waitsSince + timeoutMs;
  }

  function isBusy({ answering, lingers }: Entry): boolean {
    return answering > 0 && !lingers;
  }

  return {
    add(closeIt, address) {
      if (entries.size >= maxConnections && !makeRoom()) return undefined;
      const entry: Entry = {
        close: closeIt,
        share: address === undefined ? undefined : shareOf(address),
        receiving: [],
        answering: 0,
        actedAt: -Infinity,
        lingers: false,
        waitsSince: 0,
        waitsUntil: 0,
      };
      wait(entry, headTimeoutMs);
      entries.add(entry);
      count(entry.share, 1);
      return {
        begin() {
          entry.answering++;
          entry.actedAt = now();
        },
        receive(body) {
          entry.receiving.push(body);
          move(entry, body.address);
          return () => {
            entry.receiving.splice(entry.receiving.indexOf(body), 1);
          };
        },
        end(isLast) {
          entry.answering--;
          entry.actedAt = now();
          if (!entry.lingers) wait(entry, isLast ? headTimeoutMs : idleTimeoutMs);
        },
        linger() {
          entry.lingers = true;
          wait(entry, LINGER_MS);
        },
        progress(lastBytesAt) {
          if (entry.answering > entry.receiving.length) return "answering";
          if (entry.answering > 0) return "receiving";
          return entry.actedAt >= lastBytesAt ? "answered" : "unknown";
        },
        forget() {
          forget(entry);
        },
      };
    },
    sweep() {
      const time = now();
      for (const entry of [...entries]) {
        if (!isBusy(entry) && entry.waitsUntil <= time) close(entry);
      }
    },
    makeRoom,
    closeIdle(idleMs) {
      const time = now();
      for (const entry of [...entries]) {
        const isIdle = entry.answering === 0 && !entry.lingers;
        if (isIdle && time - entry.waitsSince >= idleMs) close(entry);
      }
    },
    closeAll() {
      for (const entry of [...entries]) close(entry);
    },
    count: () => entries.size,
  };
}

/** What a reader of a mostly silent connection holds. */
const SMALLEST_BUFFER_BYTES = 4 * 1024;
const LARGEST_BUFFER_BYTES = 64 * 1024;
const GROWTH = 4;

/** Where bytes come from. */
export interface ByteSource {
  read(buffer: Uint8Array): Promise<number | null>;
}

/** One end of a connection, as far as bytes go. */
export interface ByteSink extends ByteSource {
  write(bytes: Uint8Array): Promise<number>;
}

/**
 * Copies bytes from one connection to another until there are no more, no faster than they are
 * taken.
 *
 * @param from Where they come from.
 * @param to Where they go.
 * @param first What was read already.
 * @returns Whether it was the receiver that ended it: what it did not take is left unread.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const texts = ["hello ", "world"].map((text) => new TextEncoder().encode(text));
 * const taken: number[] = [];
 * await pump({
 *   read(buffer) {
 *     const bytes = texts.shift();
 *     buffer.set(bytes ?? []);
 *     return Promise.resolve(bytes?.length ?? null);
 *   },
 * }, {
 *   read: () => Promise.resolve(null),
 *   write: (bytes) => Promise.resolve(taken.push(...bytes) && bytes.length),
 * });
 * assertEquals(new TextDecoder().decode(new Uint8Array(taken)), "hello world");
 * ```
 */
export async function pump(
  from: ByteSource,
  to: ByteSink,
  first?: Uint8Array,
): Promise<"source ended" | "receiver ended"> {
  if (first !== undefined && !await writeAll(to, first)) return "receiver ended";
  let buffer = new Uint8Array(SMALLEST_BUFFER_BYTES);
  for (;;) {
    const count = await readOrEnd(from, buffer);
    if (count === null) return "source ended";
    if (!await writeAll(to, buffer.subarray(0, count))) return "receiver ended";
    if (count === buffer.length && count < LARGEST_BUFFER_BYTES) {
      buffer = new Uint8Array(GROWTH * count);
    }
  }
}

/**
 * Waits for the first bytes.
 *
 * @param from Where they come from.
 * @returns The bytes; `null` when there are none, because it was closed or broke off.
 */
export async function readFirst(from: ByteSource): Promise<Uint8Array<ArrayBuffer> | null> {
  const buffer = new Uint8Array(SMALLEST_BUFFER_BYTES);
  const count = await readOrEnd(from, buffer);
  return count === null ? null : buffer.subarray(0, count);
}

/**
 * Reads what nobody wants until there is no more. A connection that is closed with bytes unread is
 * reset, and the other side loses the end of what was sent to it.
 *
 * @param from Where they come from.
 */
export async function discard(from: ByteSource): Promise<void> {
  const buffer = new Uint8Array(LARGEST_BUFFER_BYTES);
  while (await readOrEnd(from, buffer) !== null);
}

/** A connection that was closed or broke off has ended as well. */
async function readOrEnd(from: ByteSource, buffer: Uint8Array): Promise<number | null> {
  try {
    return await from.read(buffer);
  } catch {
    return null;
  }
}

/** Whether all was taken. */
async function writeAll(to: ByteSink, bytes: Uint8Array): Promise<boolean> {
  try {
    for (let written = 0; written < bytes.length;) {
      written += await to.write(bytes.subarray(written));
    }
    return true;
  } catch {
    return false;
  }
}
