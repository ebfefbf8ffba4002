import { describeNotDone } from "../journal/forwards_detail.ts";
import type { Journal } from "../journal/journal.ts";
import { memoizeBriefly } from "../util/memory.ts";
import { keepTimers } from "../util/deadline.ts";
import { type InFlight, trackInFlight } from "../util/waiting.ts";
import type { PipelineTools } from "./pipeline.ts";
import { createClientAddress, type ReportTools, type RequestSender } from "./context.ts";
import { createHostCheck } from "./request.ts";
import { createAddressList } from "../util/addresses.ts";
import type { Endpoint } from "./endpoint.ts";
import { createJudgeElsewhere } from "./judge_elsewhere.ts";
import { type ArrivalLimits, type Arrivals, createArrivals, createCapacity } from "./limits.ts";
import { drainListener } from "./listen/drain.ts";
import { type ListenerSettings, openListener, type Peer } from "./listen/listener.ts";
import {
  createRoutes,
  type Details,
  type OwnRoutes,
  readDetails,
  type Readiness,
} from "./routes.ts";
import { BodyAborted, type BodyLimits, readRequest } from "./body.ts";
import { Problem } from "./problem/problem.ts";
import type { TlsPair } from "./listen/tls.ts";

/** Of those who were cut off when it stopped. */
const CUT_OFF = { "Retry-After": "10", "Connection": "close" };

/** What a server that runs can change. */
export interface ChangeableSettings extends BodyLimits, Omit<ArrivalLimits, "maxConnections"> {
  /** How many requests are worked on at a time. */
  readonly maxInFlight: number;
  /** The reverse proxies that are believed, as addresses and networks. */
  readonly trustedProxies: readonly string[];
  /** How others reach it. */
  readonly publicUrl?: string;
  /** Further names under which it is asked. */
  readonly allowedHosts: readonly string[];
}

/** Where to listen, and the limits of connections and requests. */
export interface ServerSettings extends ChangeableSettings, ListenerSettings {}

/** What a server serves. */
export interface Served extends ReportTools {
  readonly endpoints: readonly Endpoint[];
  /** Where every delivery is recorded before it is answered. */
  readonly journal: Journal;
  /** What shows exported lists. */
  readonly exports: OwnRoutes;
  /** What `GET /readyz` tells beside what becomes of forwards. */
  readonly details?: Details;
  /** The certificate, for HTTPS. */
  readonly tls?: TlsPair | undefined;
}

/** A server that listens. */
export interface RunningServer {
  /** Where it listens, e.g. `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Tells whether it can do its work now. */
  readonly readiness: () => Promise<Readiness>;
  /**
   * Serves other endpoints from the next request on. Requests that are in end as they began.
   *
   * @param settings The limits of requests.
   * @param endpoints The endpoints.
   * @param tls The certificate that new connections get, where it speaks HTTPS.
   */
  swap(settings: ChangeableSettings, endpoints: readonly Endpoint[], tls?: TlsPair): void;
  /** Lets the requests that are in finish, within limits, then closes every connection. */
  stop(): Promise<void>;
}

/**
 * Starts the public listener.
 *
 * @param firstSettings Where to listen, and the limits of connections and requests.
 * @param served What it serves at first.
 * @returns The server; it listens already.
 * @throws {Deno.errors.AddrInUse} When another program listens there.
 */
export function startServer(
  firstSettings: ServerSettings,
  {
    endpoints: firstEndpoints,
    journal,
    exports,
    details = {},
    meter,
    docsUrl,
    tls: firstTls,
  }: Served,
): RunningServer {
  const ending: Ending = { isDraining: false, isLate: false };
  // Whoever asks all the time must not have the journal read all the time.
  const forwards = memoizeBriefly(() => describeNotDone(journal.outbox));
  async function readiness(): Promise<Readiness> {
    // Nothing else matters then, and the journal is about to be closed.
    if (ending.isDraining) return { ready: false, reason: "draining" };
    const told = { details: await readDetails({ forwards, ...details }) };
    const state = journal.state();
    return state.writable
      ? { ready: true, ...told }
      : { ready: false, part: "journal", reason: `journal: ${state.reason}`, ...told };
  }

  const requests = trackInFlight();
  const bodies = trackInFlight();
  const arrivals = createArrivals(() => performance.now());
  const { maxConnections } = firstSettings;
  meter?.watch(requests.count);
  function routesOf(settings: ChangeableSettings, endpoints: readonly Endpoint[]) {
    const limits = { ...settings, maxConnections };
    const tools = {
      readBody: createBodyReader(limits, { arrivals, bodies, ending }),
      journal,
      capacity: createCapacity(settings.maxInFlight),
      judgeElsewhere: createJudgeElsewhere(endpoints),
      ...(meter === undefined ? {} : { meter }),
      ...(docsUrl === undefined ? {} : { docsUrl }),
    };
    const checkHost = createHostCheck({
      hostname: firstSettings.hostname,
      publicUrl: settings.publicUrl,
      allowedHosts: settings.allowedHosts,
      setting: "server.allowedHosts",
    });
    const addressOf = createClientAddress(settings.trustedProxies);
    const proxies = createAddressList(settings.trustedProxies);
    const route = createRoutes({ endpoints, tools, exports, checkHost, readiness });
    return {
      settings,
      isProxy: (address: string) => proxies.has(address),
      async respond(request: Request, { remoteAddress, connection, isLate = false }: Peer) {
        const sender: RequestSender = {
          address: addressOf(remoteAddress, request.headers),
          ...{ connection, isLate },
          arrival: undefined,
        };
        try {
          const response = await route(request, sender);
          if (ending.isDraining) response.headers.set("Connection", "close");
          return response;
        } finally {
          sender.arrival?.release();
        }
      },
    };
  }
  let current = routesOf(firstSettings, firstEndpoints);
  const listener = openListener(
    { ...firstSettings, isProxy: (address) => current.isProxy(address) },
    (request, peer) => requests.track(() => current.respond(request, peer)),
    firstTls,
  );
  const letGoOfTimers = keepTimers();

  let drained: Promise<void> | undefined;
  return {
    url: listener.url,
    readiness,
    swap(settings, endpoints, tls) {
      if (tls !== undefined) listener.renew(tls);
      current = routesOf(settings, endpoints);
    },
    stop() {
      ending.isDraining = true;
      const waitForNoMore = () => void (ending.isLate = true);
      drained ??= drainListener(
        { listener, requests, bodies, waitForNoMore },
        current.settings.bodyTimeoutMs,
      ).finally(letGoOfTimers);
      return drained;
    },
  };
}

/** How far a server is with its end. */
interface Ending {
  isDraining: boolean;
  /** Whether bodies that begin are not waited for any more. */
  isLate: boolean;
}

/** What knows of the bodies on their way. */
interface BodyBooks {
  readonly arrivals: Arrivals;
  readonly bodies: InFlight;
  readonly ending: Readonly<Ending>;
}

/** Makes what reads the body of a request, and keeps book of it while it is on its way. */
function createBodyReader(
  limits: BodyLimits & ArrivalLimits,
  { arrivals, bodies, ending }: BodyBooks,
): PipelineTools["readBody"] {
  return async (request, sender) => {
    if (sender.isLate === true) throw new Problem("unavailable", { headers: CUT_OFF });
    const arrival = arrivals.begin(sender.address, limits);
    sender.arrival = arrival;
    const received = sender.connection?.receive({
      address: sender.address,
      lagMs: arrival.lagMs,
    });
    const read = () => readRequest(request, limits, arrival);
    try {
      return await (ending.isLate ? read() : bodies.track(read));
    } catch (error) {
      // It was not the sender who went away.
      if (!ending.isDraining || !(error instanceof BodyAborted)) throw error;
      throw new Problem("unavailable", { headers: CUT_OFF, cause: error });
    } finally {
      arrival.complete();
      received?.();
    }
  };
}
