import { log } from "../../observe/log.ts";
import type { TlsPair } from "../tls/tls_pair.ts";
import type { Listener, ListenOptions, Respond } from "./contract.ts";
import { type Gate, type Inner, openGate } from "../gate/gate.ts";
import { keepServing } from "./keep_serving.ts";
import { listeningUrl } from "./listening_url.ts";

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
export function listenBehindGate(
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
    connection.begin();
    let isLast = true;
    try {
      const response = await respond(request, client);
      isLast = response.headers.get("connection") === "close";
      return response;
    } finally {
      connection.end(isLast);
    }
  }

  const gate: Gate = openGate(options, () => current, options);
  let current = start(tls);
  let shown = tls;

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
