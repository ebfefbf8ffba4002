import { log } from "../../observe/log.ts";
import { trackInFlight } from "../../util/waiting.ts";
import {
  type ClientConnection,
  type ConnectionLimits,
  type ConnectionProgress,
  createConnections,
  discard,
  pump,
  readFirst,
} from "./connections.ts";

/** A server on this machine, to which a gate passes connections on. */
export interface Inner {
  /** Its port on 127.0.0.1. */
  readonly port: number;
  /** A connection to it begins. What is returned is called when it has ended. */
  hold(): () => void;
}

/** A client behind the gate. */
export interface Client {
  readonly remoteAddress: string;
  /** Its connection: who answers a request of it says when. */
  readonly connection: Pick<ClientConnection, "begin" | "end" | "receive">;
}

/** What a gate works with. */
export interface GateOptions extends ConnectionLimits {
  /** Whether connections of an address are those of a proxy, through which many come. */
  isProxy(address: string): boolean;
}

/** What stands between the clients and a server. */
export interface Gate {
  readonly addr: Deno.NetAddr;
  /** Who is behind a connection that the server got, by its remote port. */
  clientAt(port: number): Client | undefined;
  /** Takes no more connections. */
  close(): void;
  /** Closes the connections that have been without a request for so long; says how many stay. */
  closeIdle(idleMs: number): number;
  /** Closes all connections, when what their servers wrote before they ended is passed on. */
  closeAll(): Promise<void>;
}

const LONGEST_SWEEP_MS = 1000;
const SWEEPS_A_TIMEOUT = 4;
const ACCEPT_PAUSE_MS = 100;
const WARNING_PAUSE_MS = 1000;
/** What a client sent before it closed its side is looked for so long. */
const HALF_CLOSED_MS = 1000;
const NEXT_REQUEST_MS = 20;
const LOOK_EVERY_MS = 10;
/** So many accepts may fail in a row before others get a turn. */
const FAILURES_A_TURN = 1000;

/**
 * Opens a gate: connections are taken here and passed on, byte by byte, to a server that listens
 * on this machine alone. `Deno.serve` has no limit to how long a client may take for the head of a
 * request or stay without one, and cannot change its certificate; a gate closes who waits too
 * long, and passes new connections on to another server when there is one.
 *
 * @param address Where it listens.
 * @param inner Gives the server that a new connection goes to.
 * @param options How long connections may wait, how many there may be, and whose they are.
 * @returns The gate; it is open already.
 * @throws {Deno.errors.AddrInUse} When another program listens there.
 */
export function openGate(
  { hostname, port }: { readonly hostname: string; readonly port: number },
  inner: () => Inner,
  options: GateOptions,
): Gate {
  const listener = Deno.listen({ hostname, port });
  const connections = createConnections(options, () => performance.now());
  const clients = new Map<number, Client>();
  const answers = trackInFlight();
  const passing = trackInFlight();
  const sweeping = setInterval(
    () => connections.sweep(),
    Math.min(
      LONGEST_SWEEP_MS,
      Math.min(options.headTimeoutMs, options.idleTimeoutMs) / SWEEPS_A_TIMEOUT,
    ),
  );
  let isOpen = true;

  let warnedAt = -Infinity;

  /** Where one fails, many do. */
  function warnSeldom(message: string, error: unknown): void {
    const now = performance.now();
    if (now - warnedAt < WARNING_PAUSE_MS) return;
    warnedAt = now;
    log.warn(message, { error });
  }

  async function recover(message: string, error: unknown): Promise<void> {
    warnSeldom(message, error);
    connections.makeRoom();
    await new Promise((resolve) => setTimeout(resolve, ACCEPT_PAUSE_MS));
  }

  async function acceptAll(): Promise<void> {
    for (let failures = 0; isOpen;) {
      try {
        const outside = await listener.accept();
        failures = 0;
        passing.track(() => pass(outside)).catch((error: unknown) => {
          warnSeldom("Cannot pass a connection on: {error}", error);
          if (isShortOfDescriptors(error)) connections.makeRoom();
        });
      } catch (error) {
        if (!isOpen) return;
        // One that was reset before it was taken is the fault of its client: no reason to wait.
        if (isShortOfDescriptors(error) || ++failures % FAILURES_A_TURN === 0) {
          await recover("Cannot accept a connection: {error}", error);
        }
      }
    }
  }

  async function pass(outside: Deno.TcpConn): Promise<void> {
    const ends: Deno.TcpConn[] = [outside];
    const { hostname } = outside.remoteAddr;
    const connection = connections.add(
      () => ends.forEach(close),
      options.isProxy(hostname) ? undefined : hostname,
    );
    if (connection === undefined) return close(outside);
    try {
      // Who sends nothing costs this one connection.
      const first = await readFirst(outside);
      if (first !== null) await passOn(outside, first, connection, ends);
    } finally {
      connection.forget();
      ends.forEach(close);
    }
  }

  async function passOn(
    outside: Deno.TcpConn,
    first: Uint8Array<ArrayBuffer>,
    connection: ClientConnection,
    ends: Deno.TcpConn[],
  ): Promise<void> {
    const server = inner();
    const release = server.hold();
    try {
      const inside = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
      ends.push(inside);
      const { port } = inside.localAddr;
      clients.set(port, { remoteAddress: outside.remoteAddr.hostname, connection });
      try {
        outside.setNoDelay();
        inside.setNoDelay();
        let isEnded = false;
        const answering = answers.track(async () => {
          await passAnswers(inside, outside);
          isEnded = true;
          connection.linger();
        });
        const requesting = passRequests(
          outside,
          inside,
          first,
          (lastBytesAt) => isEnded ? "answered" : connection.progress(lastBytesAt),
        );
        await Promise.all([requesting, answering]);
      } finally {
        clients.delete(port);
      }
    } finally {
      release();
    }
  }

  acceptAll();
  return {
    addr: listener.addr,
    clientAt: (remotePort) => clients.get(remotePort),
    close() {
      if (!isOpen) return;
      isOpen = false;
      listener.close();
    },
    closeIdle(idleMs) {
      connections.closeIdle(idleMs);
      return connections.count();
    },
    async closeAll() {
      await answers.idle();
      clearInterval(sweeping);
      connections.closeAll();
      await passing.idle();
    },
  };
}

async function passRequests(
  outside: Deno.TcpConn,
  inside: Deno.TcpConn,
  first: Uint8Array<ArrayBuffer>,
  progress: (lastBytesAt: number) => ConnectionProgress,
): Promise<void> {
  let lastBytesAt = performance.now();
  const from = {
    async read(buffer: Uint8Array) {
      const count = await outside.read(buffer);
      if (count !== null) lastBytesAt = performance.now();
      return count;
    },
  };
  const ended = await pump(from, inside, first);
  if (ended === "receiver ended") return await discard(outside);
  await untilAnswered(() => progress(lastBytesAt));
  await closeWrite(inside);
}

/**
 * Waits until what came is answered. A client may say that it sends nothing more and read its
 * answer all the same; the runtime takes it for gone as soon as it hears of it, and answers nothing.
 */
async function untilAnswered(progress: () => ConnectionProgress): Promise<void> {
  const limit = performance.now() + HALF_CLOSED_MS;
  for (let answeredSince = Infinity;;) {
    const state = progress();
    const now = performance.now();
    if (state === "answered") answeredSince = Math.min(answeredSince, now);
    else answeredSince = Infinity;
    // The next of several requests begins when the one before is answered.
    if (now - answeredSince >= NEXT_REQUEST_MS) return;
    if (state !== "answering" && state !== "answered" && now >= limit) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

async function passAnswers(inside: Deno.TcpConn, outside: Deno.TcpConn): Promise<void> {
  const ended = await pump(inside, outside);
  if (ended === "receiver ended") close(inside);
  else await closeWrite(outside);
}

async function closeWrite(end: Deno.TcpConn): Promise<void> {
  try {
    await end.closeWrite();
  } catch {
    // It is closed altogether.
  }
}

function close(end: Deno.TcpConn): void {
  try {
    end.close();
  } catch {
    // It is closed already.
  }
}

/** The codes of systems for "too many files are open" and "no memory for another". */
const CODES: ReadonlySet<string> = new Set(["EMFILE", "ENFILE", "ENOBUFS", "ENOMEM"]);
/** The numbers of Windows for the same, which has no such codes. */
const NUMBERS = /\(os error (?:10024|10055)\)/;

/**
 * Tells whether there are no descriptors left: the one fault of `accept()` that time and closed
 * connections mend. Any other is that of the connection, which its client had reset, for one.
 *
 * @param error What it failed with.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const tooMany = Object.assign(new Error("Too many open files (os error 24)"), { code: "EMFILE" });
 * assertEquals(isShortOfDescriptors(tooMany), true);
 * assertEquals(isShortOfDescriptors(new Deno.errors.ConnectionReset()), false);
 * ```
 */
export function isShortOfDescriptors(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ("code" in error && typeof error.code === "string" && CODES.has(error.code)) return true;
  return NUMBERS.test(error.message) || /too many open files/i.test(error.message);
}
