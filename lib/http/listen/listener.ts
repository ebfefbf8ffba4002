import { isLoopback } from "../../util/addresses.ts";
import type { TlsPair } from "../tls/tls_pair.ts";
import type { Listener, ListenOptions, Respond } from "./contract.ts";
import { listenBehindGate } from "./gated.ts";
import { keepServing } from "./keep_serving.ts";
import { listeningUrl } from "./listening_url.ts";

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
export function listen(options: ListenOptions, respond: Respond, tls?: TlsPair): Listener {
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
