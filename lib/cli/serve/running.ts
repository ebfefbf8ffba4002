import type { Loaded } from "../../config/load.ts";
import { createExportRoutes } from "../../exports/routes.ts";
import { createDestinations } from "../../forward/destinations.ts";
import { type DestinationState, startForwarding } from "../../forward/worker.ts";
import { type AdminServer, startAdmin } from "../../http/admin.ts";
import type { Details, OwnRoutes, Readiness } from "../../http/routes.ts";
import { type RunningServer, startServer } from "../../http/server.ts";
import type { ServedJournal } from "../../journal/configured.ts";
import type { Journal } from "../../journal/journal.ts";
import { keepRetention } from "../../journal/retention.ts";
import type { Meters } from "../../observe/metrics/meters.ts";
import { watchClockJumps } from "../../observe/clock_jumps.ts";
import { readPages } from "../../util/doc_pages.ts";
import { memoizeBriefly } from "../../util/memory.ts";
import { messageOf } from "../../util/words.ts";
import { type ConsoleTools, type RunningConsole, startConsole } from "./console.ts";

/** What of a loaded config is served. */
type Servable =
  & Pick<Loaded, "config" | "endpoints" | "tls">
  & Partial<Pick<Loaded, "secrets" | "warnings">>;

/** What runs beside what is served. */
export interface RunningTools {
  readonly meters: Meters;
  /** What `GET /readyz` tells beside what becomes of forwards. */
  readonly details: Details;
  /** What the console is given; there is none unless given. */
  readonly console?: ConsoleTools;
}

/** All that runs while the program serves. */
export interface Running {
  /** Where the public listener listens. */
  readonly url: string;
  /** Where the listener for the people who run it listens. */
  readonly adminUrl: string;
  /** Makes a link that signs in to the console once; absent where there is no console. */
  readonly consoleLink?: () => Promise<string>;
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
  journal: ServedJournal,
  { meters, details, console: consoleTools }: RunningTools,
): Promise<Running> {
  let destinations = createDestinations(first.config.destinations);
  let { timeZone, server: { publicUrl } } = first.config;
  const exports = createExportRoutes(journal, () => timeZone);
  let runningDestinations: () => readonly DestinationState[] = () => [];
  let readiness = () => Promise.resolve<Readiness>({ ready: false, reason: "starting" });
  const console = consoleTools === undefined ? undefined : startConsole(shown(first), {
    journal,
    readiness: () => readiness(),
    destinations: () => runningDestinations(),
  }, consoleTools);
  const listeners = { journal, exports, meters, details, console, publicUrl: () => publicUrl };
  const { server, admin } = await startListeners(first, listeners).catch(async (error) => {
    await console?.stop();
    throw error;
  });
  readiness = server.readiness;
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
  runningDestinations = forwarding.state;
  const { path, url } = first.config.journal;
  meters.journal.watch({
    path: url === undefined ? path : undefined,
    state: journal.state,
    shared: journal.shared,
  });
  meters.forwards.watch({
    counts: memoizeBriefly(journal.outbox.counts),
    destinations: forwarding.state,
  });
  return {
    url: server.url,
    adminUrl: admin.url,
    ...(console === undefined ? {} : { consoleLink: () => console.link(admin.url) }),
    swap(next) {
      const { config, endpoints, tls } = next;
      // What may throw comes first.
      destinations = createDestinations(config.destinations, destinations);
      ({ timeZone, server: { publicUrl } } = config);
      server.swap(config.server, endpoints, tls);
      forwarding.change(destinations.byName);
      retention.change(config.journal);
      console?.swap(shown(next));
    },
    async stop() {
      await Promise.all([server.stop(), forwarding.stop(), retention.stop()]);
      await console?.stop();
      await journal.close();
      await admin.stop();
    },
  };
}

/** What the console shows of it. */
function shown({ config, endpoints, secrets = [], warnings = [] }: Servable) {
  return { config, endpoints, secrets, warnings };
}

interface Listeners {
  readonly server: RunningServer;
  readonly admin: AdminServer;
}

/** What the listeners serve with. */
interface ListenerTools extends Omit<RunningTools, "console"> {
  readonly journal: Journal;
  readonly exports: OwnRoutes;
  readonly console: RunningConsole | undefined;
  readonly publicUrl: () => string;
}

/** The public one comes second: it takes nothing in unless all the rest is there. */
async function startListeners(
  { config, endpoints, tls }: Servable,
  { journal, exports, meters, details, console, publicUrl }: ListenerTools,
): Promise<Listeners> {
  let server: RunningServer | undefined;
  const readiness = () =>
    server?.readiness() ?? Promise.resolve({ ready: false, reason: "starting" });
  const admin = listen(
    "admin",
    config.admin,
    () =>
      startAdmin({
        ...config.admin,
        publicUrl,
        ...(console === undefined ? {} : { consoleUrl: console.publicUrl }),
      }, {
        metrics: meters.text,
        readiness,
        pages: readPages,
        ...(console === undefined ? {} : { console: console.answer }),
      }),
  );
  try {
    server = listen("server", config.server, () =>
      startServer(config.server, {
        endpoints,
        journal,
        exports,
        details,
        meter: console?.meter(meters.requests) ?? meters.requests,
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
