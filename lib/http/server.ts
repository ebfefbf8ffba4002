import { describeNotDone } from "../journal/forwards_detail.ts";
import type { Journal } from "../journal/journal.ts";
import { keepBriefly } from "../keep_briefly.ts";
import type { RequestMeter } from "../observe/meters/requests.ts";
import type { Endpoint } from "./endpoint.ts";
import { trackInFlight } from "./listen/in_flight.ts";
import { listeningUrl } from "./listen/listening_url.ts";
import { waitAtMost } from "./listen/wait_at_most.ts";
import { type Details, readDetails, type Readiness } from "./readiness.ts";
import type { BodyLimits } from "./request/body.ts";
import { createRoutes, type OwnRoutes } from "./routes.ts";

/** Where to listen, and the limits of a body. */
export interface ServerSettings extends BodyLimits {
  readonly hostname: string;
  /** 0 takes a free one. */
  readonly port: number;
}

/** What a server serves. */
export interface Served {
  readonly endpoints: readonly Endpoint[];
  /** Where every delivery is recorded before it is answered. */
  readonly journal: Journal;
  /** What shows exported lists. */
  readonly exports: OwnRoutes;
  /** What `GET /readyz` tells beside what becomes of forwards. */
  readonly details?: Details;
  /** Counts what is answered. */
  readonly meter?: RequestMeter;
}

/** A server that listens. */
export interface RunningServer {
  /** Where it listens, e.g. `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Tells whether it can do its work now. */
  readonly readiness: () => Readiness;
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
 * @param settings Where to listen, and the limits of a body.
 * @param served What it serves.
 * @returns The server; it listens already.
 * @throws {Deno.errors.AddrInUse} When another program listens there.
 */
export function startServer(
  { hostname, port, maxBodyBytes, bodyTimeoutMs }: ServerSettings,
  { endpoints, journal, exports, details = {}, meter }: Served,
): RunningServer {
  let isDraining = false;
  // Whoever asks all the time must not have the journal read all the time.
  const forwards = keepBriefly(() => describeNotDone(journal.outbox));
  function readiness(): Readiness {
    // Nothing else matters then, and the journal is about to be closed.
    if (isDraining) return { ready: false, reason: "draining" };
    const told = { details: readDetails({ forwards, ...details }) };
    const state = journal.state();
    return state.writable
      ? { ready: true, ...told }
      : { ready: false, reason: `journal: ${state.reason}`, ...told };
  }
  const routes = createRoutes({
    endpoints,
    tools: {
      limits: { maxBodyBytes, bodyTimeoutMs },
      journal,
      ...(meter === undefined ? {} : { meter }),
    },
    exports,
    readiness,
  });
  const { track, count, idle } = trackInFlight();
  meter?.watch(count);
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
    url: listeningUrl(server.addr),
    readiness,
    finished: stopped.promise,
    stop: () => draining ??= drain().then(stopped.resolve, stopped.reject),
  };
}
