import type { Loaded } from "../../config/load.ts";
import { createExportRoutes } from "../../exports/routes.ts";
import { createDestinations } from "../../forward/destinations.ts";
import { startForwarding } from "../../forward/worker.ts";
import { type AdminServer, startAdmin } from "../../http/admin.ts";
import { type RunningServer, startServer } from "../../http/server.ts";
import type { Journal } from "../../journal/journal.ts";
import { keepBriefly } from "../../keep_briefly.ts";
import { keepRetention } from "../../journal/retention.ts";
import type { Meters } from "../../observe/meters/meters.ts";
import { listen } from "./not_listening.ts";

/** All that runs while the program serves. */
export interface Running {
  /** Where the public listener listens. */
  readonly url: string;
  /** Where the listener for the people who run it listens. */
  readonly adminUrl: string;
  /** Lets what is in finish and ends all of it; what tells how it goes comes last. */
  stop(): Promise<void>;
}

/**
 * Starts all that serves a config: the listeners, the forwarding and the retention.
 *
 * @param loaded The config and its endpoints.
 * @param journal Where deliveries are recorded; {@linkcode Running.stop} closes it.
 * @param meters What counts all of it.
 * @returns What runs.
 * @throws {NotListening} When a listener can't be started; the journal is left open.
 */
export async function startRunning(
  loaded: Loaded,
  journal: Journal,
  meters: Meters,
): Promise<Running> {
  const { config } = loaded;
  const { server, admin } = await startListeners(loaded, journal, meters);
  const retention = keepRetention(journal, config.journal);
  const forwarding = startForwarding({
    outbox: journal.outbox,
    destinations: createDestinations(config.destinations),
    onAttempt: meters.forwards.attempted,
  });
  meters.journal.watch({ path: config.journal.path, state: journal.state });
  meters.forwards.watch({
    counts: keepBriefly(journal.outbox.counts),
    destinations: forwarding.state,
  });
  return {
    url: server.url,
    adminUrl: admin.url,
    async stop() {
      await server.stop();
      await Promise.all([retention.stop(), forwarding.stop()]);
      await journal.close();
      await admin.stop();
    },
  };
}

interface Listeners {
  readonly server: RunningServer;
  readonly admin: AdminServer;
}

/** The public one comes second: it takes nothing in unless all the rest is there. */
async function startListeners(
  { config, endpoints }: Loaded,
  journal: Journal,
  meters: Meters,
): Promise<Listeners> {
  let server: RunningServer | undefined;
  const readiness = () => server?.readiness() ?? { ready: false, reason: "starting" };
  const admin = listen(
    "admin",
    config.admin,
    () => startAdmin(config.admin, { metrics: meters.text, readiness }),
  );
  try {
    server = listen("server", config.server, () =>
      startServer(config.server, {
        endpoints,
        journal,
        exports: createExportRoutes(journal),
        meter: meters.requests,
      }));
    return { server, admin };
  } catch (error) {
    await admin.stop();
    throw error;
  }
}
