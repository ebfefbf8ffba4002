/** What listens for requests: the runtime by itself, or behind a gate. */
import { log } from "../../observe/log.ts";
import { isLoopback } from "../../util/addresses.ts";
import type { ClientConnection, ConnectionLimits } from "./connections.ts";
import { type Gate, type GateOptions, type Inner, openGate } from "./gate.ts";
import type { TlsPair } from "./tls.ts";

/**
 * Listens for requests: directly where only this machine can connect, else behind a gate that
 * limits connections and lets the certificate change.
 *
 * @param options Where, the limits of connections, and whose they are.
 * @param respond Answers every request.
 * @param tls The certificate, for HTTPS.
 * @returns The listener; it listens already.
 * @throws {Deno.errors.AddrInUse} When another program listens there.
 */
export function openListener(options: ListenOptions, respond: Respond, tls?: TlsPair): Listener {
  return tls === undefined && isLoopback(options.hostname)
    ? listenDirectly(options, respond)
    : listenBehindGate(options, respond, tls);
}

function listenDirectly({ hostname, port }: ListenOptions, respond: Respond): Listener {
  const server = keepServing((onPort) =>
    Deno.serve(
      { hostname, port: onPort, onListen: () => {} },
      (request, { remoteAddr }) => respond(request, { remoteAddress: remoteAddr.hostname }),
    ), port);
  return {
    url: listeningUrl(server.addr),
    shutdown: () => server.shutdown(),
    renew: () => {},
  };
}

/** A connection of a client. */
export interface Peer {
  readonly remoteAddress: string;
  /** What is told of bodies on their way, where connections are limited. */
  readonly connection?: Pick<ClientConnection, "receive">;
  /** Whether it goes on asking although the listener is closed: it is to be refused. */
  readonly isLate?: boolean;
}

/** Answers a request of a connection. */
export type Respond = (request: Request, peer: Peer) => Promise<Response>;

/** Where to listen, and the limits of connections. */
export interface ListenerSettings extends ConnectionLimits {
  readonly hostname: string;
  /** 0 takes a free one. */
  readonly port: number;
}

/** Where to listen, the limits of connections, and whose they are. */
export interface ListenOptions extends ListenerSettings, Pick<GateOptions, "isProxy"> {}

/** What listens. */
export interface Listener {
  /** Where, e.g. `https://192.0.2.7:8443`. */
  readonly url: string;
  /**
   * Takes no more connections, while requests of those that are there go on; `undefined` where the
   * runtime can't. What is returned closes connections that have been without a request for so
   * long, and says how many stay.
   */
  readonly close?: () => (idleMs: number) => number;
  /** Takes no more connections, lets requests finish, closes every connection. */
  shutdown(): Promise<void>;
  /**
   * Shows new connections another certificate; those that are there keep theirs. Nothing changes
   * where it is the one in use, or where no HTTPS is spoken.
   */
  renew(tls: TlsPair): void;
}

/** So long after the listener was closed, nobody need go on asking. */
const LATE_MS = 1000;

/** One of the servers behind a gate. */
interface InnerServer extends Inner {
  /** Ends it when its last connection has; at once when there is none. */
  retire(): void;
  shutdown(): Promise<void>;
}

/**
 * Listens behind a gate. Of a new certificate comes a new server, to which new connections go; the
 * one before lives as long as its connections, so that no request is lost.
 *
 * @param options Where, the limits of connections, and whose they are.
 * @param respond Answers every request.
 * @param tls The certificate, for HTTPS.
 * @returns The listener; it listens already.
 * @throws {Deno.errors.AddrInUse} When another program listens there.
 */
function listenBehindGate(
  options: ListenOptions,
  respond: Respond,
  tls?: TlsPair,
): Listener {
  const servers = new Set<InnerServer>();

  function start(pair: TlsPair | undefined): InnerServer {
    const server = startInner(pair, handle, () => servers.delete(server));
    servers.add(server);
    return server;
  }

  async function handle(
    request: Request,
    { remoteAddr }: Deno.ServeHandlerInfo<Deno.NetAddr>,
  ): Promise<Response> {
    const client = gate.clientAt(remoteAddr.port);
    // Some other program of this machine, that found the inner port.
    if (client === undefined) return new Response(null, { status: 404 });
    const { connection } = client;
    // Not counted: whoever asks for ever would keep the connection, and with it the program.
    if (isLate(connection)) return await respond(request, { ...client, isLate: true });
    connection.begin();
    let isLast = true;
    try {
      const response = await respond(request, client);
      isLast = response.headers.get("connection") === "close";
      return response;
    } finally {
      connection.end(isLast);
      if (closedAt !== undefined) answeredLast.add(connection);
    }
  }

  /** By HTTP/1.1 a connection ends with its last answer; by HTTP/2 nothing tells a client so. */
  function isLate(connection: object): boolean {
    return closedAt !== undefined && performance.now() - closedAt > LATE_MS &&
      answeredLast.has(connection);
  }

  const gate: Gate = openGate(options, () => current, options);
  let current = start(tls);
  let shown = tls;
  let closedAt: number | undefined;
  /** Connections that had an answer since then. */
  const answeredLast = new WeakSet<object>();

  return {
    url: listeningUrl(gate.addr, tls === undefined ? "http" : "https"),
    renew(pair) {
      if (shown === undefined || isSame(shown, pair)) return;
      const next = start(pair);
      current.retire();
      current = next;
      shown = pair;
      const validTo = pair.validTo.toISOString();
      log.info("New connections get the new certificate, which is valid to {validTo}", { validTo });
    },
    close() {
      gate.close();
      closedAt ??= performance.now();
      return gate.closeIdle;
    },
    async shutdown() {
      gate.close();
      await Promise.all([...servers].map((server) => server.shutdown()));
      await gate.closeAll();
    },
  };
}

function isSame(one: TlsPair, other: TlsPair): boolean {
  return one.certificate === other.certificate && one.key === other.key;
}

function startInner(
  tls: TlsPair | undefined,
  handle: Deno.ServeHandler<Deno.NetAddr>,
  ended: () => void,
): InnerServer {
  const server = keepServing((port) => {
    const address = { hostname: "127.0.0.1", port, onListen: () => {} };
    return tls === undefined
      ? Deno.serve(address, handle)
      : Deno.serve({ ...address, cert: tls.certificate, key: tls.key }, handle);
  }, 0);
  let connections = 0;
  let isRetired = false;
  let ending: Promise<void> | undefined;

  function shutdown(): Promise<void> {
    return ending ??= server.shutdown().finally(ended);
  }

  function endWhenUnused(): void {
    if (isRetired && connections === 0) shutdown();
  }

  return {
    port: server.addr.port,
    hold() {
      connections++;
      return () => {
        connections--;
        endWhenUnused();
      };
    },
    retire() {
      isRetired = true;
      endWhenUnused();
    },
    shutdown,
  };
}

/**
 * Writes where a listener listens.
 *
 * @param address Its address.
 * @param scheme How it is reached.
 * @returns The URL, without a slash at its end.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(listeningUrl({ hostname: "::1", port: 80 }), "http://[::1]:80");
 * assertEquals(listeningUrl({ hostname: "127.0.0.1", port: 1 }, "https"), "https://127.0.0.1:1");
 * ```
 */
export function listeningUrl(
  { hostname, port }: { readonly hostname: string; readonly port: number },
  scheme: "http" | "https" = "http",
): string {
  return `${scheme}://${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
}

/** A server that begins again when it ends by itself. */
export interface KeptServer {
  readonly addr: Deno.NetAddr;
  /** Takes no more connections, and resolves when all requests are answered. */
  shutdown(): Promise<void>;
}

const PAUSE_MS = 100;

/**
 * Keeps a server of the runtime going. It ends with an error when a connection can't be taken
 * because too many files are open, and with it the program would.
 *
 * @param serve Starts it on a port.
 * @param port The first one; 0 takes a free one, which it keeps.
 * @returns The server; it listens already.
 * @throws {Deno.errors.AddrInUse} When another program listens there.
 */
export function keepServing(
  serve: (port: number) => Deno.HttpServer<Deno.NetAddr>,
  port: number,
): KeptServer {
  let server = serve(port);
  const { addr } = server;
  let isEnding = false;

  function watch(): void {
    server.finished.catch((error: unknown) => {
      if (isEnding) return;
      log.error("Cannot take connections: {error}; beginning again", { error });
      return beginAgain();
    });
  }

  async function beginAgain(): Promise<void> {
    while (!isEnding) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      if (isEnding) return;
      try {
        server = serve(addr.port);
        return watch();
      } catch {
        // What was the reason before is the reason still; it is told already.
      }
    }
  }

  watch();
  return {
    addr,
    shutdown() {
      isEnding = true;
      // One that has ended by itself has nothing to wait for.
      return server.shutdown().catch(() => undefined);
    },
  };
}
