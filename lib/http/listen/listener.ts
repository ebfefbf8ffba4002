import { isLoopback } from "../addresses/loopback.ts";
import type { TlsPair } from "../tls/tls_pair.ts";
import type { Answer, Listener, ListenerSettings } from "./contract.ts";
import { listenBehindGate } from "./gated.ts";
import { listeningUrl } from "./listening_url.ts";

/**
 * Listens for requests: directly where only this machine can connect, else behind a gate that
 * limits connections and lets the certificate change.
 *
 * @param settings Where, and the limits of connections.
 * @param answer Answers every request.
 * @param tls The certificate, for HTTPS.
 * @returns The listener; it listens already.
 * @throws {Deno.errors.AddrInUse} When another program listens there.
 */
export function listen(settings: ListenerSettings, answer: Answer, tls?: TlsPair): Listener {
  return tls === undefined && isLoopback(settings.hostname)
    ? listenDirectly(settings, answer)
    : listenBehindGate(settings, answer, tls);
}

function listenDirectly({ hostname, port }: ListenerSettings, answer: Answer): Listener {
  const server = Deno.serve(
    { hostname, port, onListen: () => {} },
    (request, { remoteAddr }) => answer(request, remoteAddr.hostname),
  );
  return {
    url: listeningUrl(server.addr),
    shutdown: () => server.shutdown(),
    renew: () => {},
  };
}
