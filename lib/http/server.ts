import type { Config } from "../config/config.ts";
import { createExportRoutes } from "../exports/routes.ts";
import type { Journal } from "../journal/journal.ts";
import type { Endpoint } from "./endpoint.ts";
import { trackInFlight } from "./in_flight.ts";
import { createRoutes, type Readiness } from "./routes.ts";

/** A server that listens. */
export interface RunningServer {
  /** Where it listens, e.g. `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Resolves when it has stopped. */
  readonly finished: Promise<void>;
  /** Lets the requests that are in finish, then closes every connection. */
  stop(): Promise<void>;
}

/** How long a request may take beyond its body, and how long its answer may take to be written. */
const GRACE_MS = 1000;

/**
 * Starts the public listener.
 *
 * @param config Where to listen, and the limits of a body. Port 0 takes a free one.
 * @param endpoints What it serves.
 * @param journal Where every delivery is recorded before it is answered.
 * @returns The server; it listens already.
 * @throws {Deno.errors.AddrInUse} When another program listens there.
 */
export function startServer(
  { hostname, port, maxBodyBytes, bodyTimeoutMs }: Config["server"],
  endpoints: readonly Endpoint[],
  journal: Journal,
): RunningServer {
  let isDraining = false;
  function readiness(): Readiness {
    if (isDraining) return { ready: false, reason: "draining" };
    const state = journal.state();
    return state.writable ? { ready: true } : { ready: false, reason: `journal: ${state.reason}` };
  }
  const routes = createRoutes({
    endpoints,
    tools: { limits: { maxBodyBytes, bodyTimeoutMs }, journal },
    exports: createExportRoutes(journal),
    readiness,
  });
  const { track, idle } = trackInFlight();
  const server = Deno.serve(
    { hostname, port, onListen: () => {} },
    (request, { remoteAddr }) => track(() => routes(request, remoteAddr.hostname)),
  );

  async function drain(): Promise<void> {
    isDraining = true;
    // Deno's own shutdown cuts off bodies that are still on their way, so it comes second.
    await waitAtMost(bodyTimeoutMs + GRACE_MS, idle());
    // It waits for clients that never finish a refused body too: they are not waited for.
    await waitAtMost(GRACE_MS, server.shutdown());
  }

  const stopped = Promise.withResolvers<void>();
  let draining: Promise<void> | undefined;
  return {
    url: urlOf(server.addr),
    finished: stopped.promise,
    stop: () => draining ??= drain().then(stopped.resolve, stopped.reject),
  };
}

async function waitAtMost(durationMs: number, waited: Promise<void>): Promise<void> {
  const deadline = Promise.withResolvers<void>();
  const timer = setTimeout(deadline.resolve, durationMs);
  try {
    await Promise.race([waited, deadline.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function urlOf({ hostname, port }: Deno.NetAddr): string {
  return `http://${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
}
