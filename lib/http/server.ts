import type { Config } from "../config/config.ts";
import { createRoutes, type Readiness } from "./routes.ts";
import type { Endpoint } from "./endpoint.ts";

/** A server that listens. */
export interface RunningServer {
  /** Where it listens, e.g. `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Resolves when it has stopped. */
  readonly finished: Promise<void>;
  /** Takes no new connections and lets the requests that are in finish. */
  stop(): Promise<void>;
}

/**
 * Starts the public listener.
 *
 * @param config Where to listen, and the limits of a body. Port 0 takes a free one.
 * @param endpoints What it serves.
 * @returns The server; it listens already.
 * @throws {Deno.errors.AddrInUse} When another program listens there.
 */
export function startServer(
  { hostname, port, maxBodyBytes, bodyTimeoutMs }: Config["server"],
  endpoints: readonly Endpoint[],
): RunningServer {
  let readiness: Readiness = { ready: true };
  const routes = createRoutes({
    endpoints,
    limits: { maxBodyBytes, bodyTimeoutMs },
    readiness: () => readiness,
  });
  const server = Deno.serve({ hostname, port, onListen: () => {} }, routes);
  return {
    url: urlOf(server.addr),
    finished: server.finished,
    stop() {
      readiness = { ready: false, reason: "draining" };
      return server.shutdown();
    },
  };
}

function urlOf({ hostname, port }: Deno.NetAddr): string {
  return `http://${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
}
