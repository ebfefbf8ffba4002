import { log } from "../../observe/log.ts";
import { type ConnectionLimits, createConnections } from "./connections.ts";
import { discard, pump } from "./pump.ts";

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
  /** A request of it is answered from now on. What is returned is called when it is. */
  begin(): (isLast: boolean) => void;
}

/** What stands between the clients and a server. */
export interface Gate {
  readonly addr: Deno.NetAddr;
  /** Who is behind a connection that the server got, by its remote port. */
  clientAt(port: number): Client | undefined;
  /** Takes no more connections. */
  close(): void;
  /** Closes all connections, when what their servers wrote before they ended is passed on. */
  closeAll(): Promise<void>;
}

const LONGEST_SWEEP_MS = 1000;
const SWEEPS_A_TIMEOUT = 4;
const ACCEPT_PAUSE_MS = 100;

/**
 * Opens a gate: connections are taken here and passed on, byte by byte, to a server that listens
 * on this machine alone. `Deno.serve` has no limit to how long a client may take for the head of a
 * request or stay without one, and cannot change its certificate; a gate closes who waits too
 * long, and passes new connections on to another server when there is one.
 *
 * @param address Where it listens.
 * @param inner Gives the server that a new connection goes to.
 * @param limits How long connections may wait, and how many there may be.
 * @returns The gate; it is open already.
 * @throws {Deno.errors.AddrInUse} When another program listens there.
 */
export function openGate(
  { hostname, port }: { readonly hostname: string; readonly port: number },
  inner: () => Inner,
  limits: ConnectionLimits,
): Gate {
  const listener = Deno.listen({ hostname, port });
  const connections = createConnections(limits, () => performance.now());
  const clients = new Map<number, Client>();
  const answers = new Set<Promise<void>>();
  const sweeping = setInterval(
    () => connections.sweep(),
    Math.min(
      LONGEST_SWEEP_MS,
      Math.min(limits.headTimeoutMs, limits.idleTimeoutMs) / SWEEPS_A_TIMEOUT,
    ),
  );
  let isOpen = true;

  async function acceptAll(): Promise<void> {
    while (isOpen) {
      try {
        const outside = await listener.accept();
        pass(outside).catch((error: unknown) => {
          log.warn("Cannot pass a connection on: {error}", { error });
        });
      } catch (error) {
        if (!isOpen) return;
        // Too many files are open, for one. What waits longest makes room, or time does.
        log.warn("Cannot accept a connection: {error}", { error });
        connections.closeIdlest();
        await new Promise((resolve) => setTimeout(resolve, ACCEPT_PAUSE_MS));
      }
    }
  }

  async function pass(outside: Deno.TcpConn): Promise<void> {
    const ends: Deno.TcpConn[] = [outside];
    const connection = connections.add(() => ends.forEach(close));
    if (connection === undefined) return close(outside);
    const server = inner();
    const release = server.hold();
    try {
      const inside = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
      ends.push(inside);
      const { port } = inside.localAddr;
      clients.set(port, {
        remoteAddress: outside.remoteAddr.hostname,
        begin() {
          connection.begin();
          return connection.end;
        },
      });
      try {
        outside.setNoDelay();
        inside.setNoDelay();
        const answering = passAnswers(inside, outside).then(connection.linger);
        answers.add(answering);
        answering.finally(() => answers.delete(answering));
        await Promise.all([passRequests(outside, inside), answering]);
      } finally {
        clients.delete(port);
      }
    } finally {
      connection.forget();
      ends.forEach(close);
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
    async closeAll() {
      await Promise.all(answers);
      clearInterval(sweeping);
      connections.closeAll();
    },
  };
}

async function passRequests(outside: Deno.TcpConn, inside: Deno.TcpConn): Promise<void> {
  const ended = await pump(outside, inside);
  if (ended === "receiver ended") await discard(outside);
  else await closeWrite(inside);
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
