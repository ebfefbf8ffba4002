/** How long connections may wait, and how many there may be. */
export interface ConnectionLimits {
  /**
   * For the head of the first request, in milliseconds; a TLS handshake is part of it. As long may
   * the last answer take to be read.
   */
  readonly headTimeoutMs: number;
  /** Between an answer and the end of the next request's head, in milliseconds. */
  readonly idleTimeoutMs: number;
  /** Beyond, the one that has waited longest is closed for a new one. */
  readonly maxConnections: number;
}

/** A connection in the book. */
export interface Connection {
  /** A request of it is answered from now on: it waits for nothing. */
  begin(): void;
  /**
   * The answer is there.
   *
   * @param isLast Whether the other side is told to close the connection: it need not do so.
   */
  end(isLast: boolean): void;
  /** It only has to take what was sent: it is closed soon. */
  linger(): void;
  /** It is closed; the book forgets it. */
  forget(): void;
}

/** The book of all connections. */
export interface Connections {
  /**
   * Writes a connection down.
   *
   * @param close Closes it. Called once, and never after it was forgotten.
   * @returns The connection, or `undefined` when there is no room: then all are being answered.
   */
  add(close: () => void): Connection | undefined;
  /** Closes every connection that has waited too long. */
  sweep(): void;
  /** Closes the one that has waited longest, and says whether there was one. */
  closeIdlest(): boolean;
  /** Closes all of them. */
  closeAll(): void;
  /** How many there are. */
  count(): number;
}

/** How long what was sent may take to be read once the server has closed its side. */
export const LINGER_MS = 2000;

interface Entry {
  readonly close: () => void;
  answering: number;
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

  function close(entry: Entry): void {
    if (entries.delete(entry)) entry.close();
  }

  function closeIdlest(): boolean {
    let idlest: Entry | undefined;
    for (const entry of entries) {
      if (isBusy(entry)) continue;
      if (idlest === undefined || entry.waitsSince < idlest.waitsSince) idlest = entry;
    }
    if (idlest === undefined) return false;
    close(idlest);
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
    add(closeIt) {
      if (entries.size >= maxConnections && !closeIdlest()) return undefined;
      const entry: Entry = {
        close: closeIt,
        answering: 0,
        lingers: false,
        waitsSince: 0,
        waitsUntil: 0,
      };
      wait(entry, headTimeoutMs);
      entries.add(entry);
      return {
        begin() {
          entry.answering++;
        },
        end(isLast) {
          entry.answering--;
          if (!entry.lingers) wait(entry, isLast ? headTimeoutMs : idleTimeoutMs);
        },
        linger() {
          entry.lingers = true;
          wait(entry, LINGER_MS);
        },
        forget() {
          entries.delete(entry);
        },
      };
    },
    sweep() {
      const time = now();
      for (const entry of [...entries]) {
        if (!isBusy(entry) && entry.waitsUntil <= time) close(entry);
      }
    },
    closeIdlest,
    closeAll() {
      for (const entry of [...entries]) close(entry);
    },
    count: () => entries.size,
  };
}
