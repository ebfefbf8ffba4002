import type { Loaded } from "../../config/load.ts";
import { createExportRoutes } from "../../exports/routes.ts";
import { createDestinations } from "../../forward/destinations.ts";
import { startForwarding } from "../../forward/worker.ts";
import { startServer } from "../../http/server.ts";
import type { Journal } from "../../journal/journal.ts";
import { keepRetention } from "../../journal/retention.ts";

/** All that runs while the program serves. */
export interface Running {
  /** Where the public listener listens. */
  readonly url: string;
  /** Lets what is in finish and ends all of it, the journal last. */
  stop(): Promise<void>;
}

/**
 * Starts all that serves a config: the listener, the forwarding and the retention.
 *
 * @param loaded The config and its endpoints.
 * @param journal Where deliveries are recorded; {@linkcode Running.stop} closes it.
 * @returns What runs.
 * @throws {Deno.errors.AddrInUse} When another program listens there; the journal is left open.
 */
export function startRunning({ config, endpoints }: Loaded, journal: Journal): Running {
  const server = startServer(config.server, {
    endpoints,
    journal,
    exports: createExportRoutes(journal),
  });
  const retention = keepRetention(journal, config.journal);
  const forwarding = startForwarding({
    outbox: journal.outbox,
    destinations: createDestinations(config.destinations),
  });
  return {
    url: server.url,
    async stop() {
      await server.stop();
      await Promise.all([retention.stop(), forwarding.stop()]);
      await journal.close();
    },
  };
}
