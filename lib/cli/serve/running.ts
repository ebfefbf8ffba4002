import type { Loaded } from "../../config/load.ts";
import { createExportRoutes } from "../../exports/routes.ts";
import { createDestinations } from "../../forward/destinations.ts";
import { startForwarding } from "../../forward/worker.ts";
import { type AdminServer, startAdmin } from "../../http/admin.ts";
import type { Details, OwnRoutes } from "../../http/routes.ts";
import { type RunningServer, startServer } from "../../http/server.ts";
import type { Journal } from "../../journal/journal.ts";
import { keepRetention } from "../../journal/retention.ts";
import type { Meters } from "../../observe/metrics/meters.ts";
import { watchClockJumps } from "../../observe/clock_jumps.ts";
import { readPages } from "../../util/doc_pages.ts";
import { memoizeBriefly } from "../../util/memory.ts";
import { messageOf } from "../../util/words.ts";

/** What of a loaded config is served. */
type Servable = Pick<Loaded, "config" | "endpoints" | "tls">;

/** What runs beside what is served. */
export interface RunningTools {
  readonly meters: Meters;
  /** What `GET /readyz` tells beside what becomes of forwards. */
  readonly details: Details;
}

/** All that runs while the program serves. */
export interface Running {
  /** Where the public listener listens. */
  readonly url: string;
  /** Where the listener for the people who run it listens. */
  readonly adminUrl: string;
  /**
   * Serves another config from the next request on. What needs a restart stays as it is; see
   * `findKept()`.
   *
   * @param next The config and its endpoints.
   * @throws {RangeError} When it can't be served; nothing has changed then.
   */
  swap(next: Servable): void;
  /** Lets what is in finish, within limits, and ends all of it; what tells how it goes is last. */
  stop(): Promise<void>;
}

/**
 * Starts all that serves a config: the listeners, the forwarding and the retention.
 *
 * @param first The config and its endpoints.
 * @param journal Where deliveries are recorded; {@linkcode Running.stop} closes it.
 * @param tools What counts all of it, and what `GET /readyz` tells.
 * @returns What runs.
 * @throws {NotListening} When a listener can't be started; the journal is left open.
 */
export async function startRunning(
  first: Servable,
  journal: Journal,
  { meters, details }: RunningTools,
): Promise<Running> {
  let destinations = createDestinations(first.config.destinations);
  let { timeZone } = first.config;
  const exports = createExportRoutes(journal, () => timeZone);
  const { server, admin } = await startListeners(first, { journal, exports, meters, details });
  // One for both, so that a jump is told once.
  const clock = watchClockJumps();
  const retention = keepRetention(journal, first.config.journal, {
    clock,
    onGivenUp: meters.forwards.givenUp,
  });
  const forwarding = startForwarding({
    outbox: journal.outbox,
    owner: journal.leaseOwner,
    destinations: destinations.byName,
    clock,
    wasReached: async (destination) => {
      const { list } = journal.outbox;
      const { forwards } = await list({ destination, state: "delivered", limit: 1 });
      return forwards.length > 0;
    },
    onAttempt: meters.forwards.attempted,
  });
  meters.journal.watch({ path: first.config.journal.path, state: journal.state });
  meters.forwards.watch({
    counts: memoizeBriefly(journal.outbox.counts),
    destinations: forwarding.state,
  });
  return {
    url: server.url,
    adminUrl: admin.url,
    swap({ config, endpoints, tls }) {
      // What may throw comes first.
      destinations = createDestinations(config.destinations, destinations);
      timeZone = config.timeZone;
      server.swap(config.server, endpoints, tls);
      forwarding.change(destinations.byName);
      retention.change(config.journal);
    },
    async stop() {
      await Promise.all([server.stop(), forwarding.stop(), retention.stop()]);
      await journal.close();
      await admin.stop();
    },
  };
}

interface Listeners {
  readonly server: RunningServer;
  readonly admin: AdminServer;
}

/** What the listeners serve with. */
interface ListenerTools extends RunningTools {
  readonly journal: Journal;
  readonly exports: OwnRoutes;
}

/** The public one comes second: it takes nothing in unless all the rest is there. */
async function startListeners(
  { config, endpoints, tls }: Servable,
  { journal, exports, meters, details }: ListenerTools,
): Promise<Listeners> {
  let server: RunningServer | undefined;
  const readiness = () =>
    server?.readiness() ?? Promise.resolve({ ready: false, reason: "starting" });
  const admin = listen(
    "admin",
    config.admin,
    () =>
      startAdmin({ ...config.admin, publicUrl: config.server.publicUrl }, {
        metrics: meters.text,
        readiness,
        pages: readPages,
      }),
  );
  try {
    server = listen("server", config.server, () =>
      startServer(config.server, {
        endpoints,
        journal,
        exports,
        details,
        meter: meters.requests,
        docsUrl: admin.docsUrl,
        tls,
      }));
    return { server, admin };
  } catch (error) {
    await admin.stop();
    throw error;
  }
}

/** A listener that could not be started. */
export class NotListening extends Error {
  override readonly name = "NotListening";
}

/** Which listener, and what stands above its settings. */
const LISTENERS = {
  server: {
    words: "",
    port: "server.port, STOREHOOK_SERVER_PORT or --port",
    hostname: "server.hostname, STOREHOOK_SERVER_HOSTNAME or --hostname",
  },
  admin: {
    words: ", for admin",
    port: "admin.port, or STOREHOOK_ADMIN_PORT,",
    hostname: "admin.hostname, or STOREHOOK_ADMIN_HOSTNAME,",
  },
} as const;

/** Below it, systems let administrators alone listen. */
const FIRST_FREE_PORT = 1024;

/**
 * Starts a listener.
 *
 * @param section The section of the config that says where it listens.
 * @param settings What it says.
 * @param start Starts it.
 * @returns What was started.
 * @throws {NotListening} When it can't listen there.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 *
 * const fail = () => {
 *   throw new Deno.errors.AddrInUse("Address already in use");
 * };
 * assertThrows(
 *   () => listen("admin", { hostname: "127.0.0.1", port: 8081 }, fail),
 *   NotListening,
 *   "Cannot listen on 127.0.0.1, port 8081, for admin: Address already in use; stop",
 * );
 * ```
 */
export function listen<Started>(
  section: keyof typeof LISTENERS,
  { hostname, port }: { readonly hostname: string; readonly port: number },
  start: () => Started,
): Started {
  try {
    return start();
  } catch (error) {
    const reason = messageOf(error);
    const where = `${hostname}, port ${port}${LISTENERS[section].words}`;
    const hint = hintFor(section, port, error);
    throw new NotListening(`Cannot listen on ${where}: ${reason}${hint}`, { cause: error });
  }
}

/** What to do about it. */
function hintFor(section: keyof typeof LISTENERS, port: number, error: unknown): string {
  const settings = LISTENERS[section];
  if (error instanceof Deno.errors.AddrInUse) {
    return `; stop the program that listens there, or set ${settings.port} to another port`;
  }
  if (error instanceof Deno.errors.AddrNotAvailable) {
    return `; set ${settings.hostname} to an address of this machine, such as 127.0.0.1, or to ` +
      "0.0.0.0 for all of them";
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return port < FIRST_FREE_PORT
      ? `; set ${settings.port} to ${FIRST_FREE_PORT} or more, or let the account listen on this one`
      : `; set ${settings.port} to one that the system has not kept for itself`;
  }
  return `; see ${settings.hostname}`;
}
