import { createService, type ServiceTools } from "./service.ts";
import type { Service } from "./reply.ts";
import type { ServiceSettings } from "./settings.ts";

/**
 * Makes the services of a config.
 *
 * @param settings Their settings, by name.
 * @param tools What they work with.
 * @returns They, by name.
 */
export async function createServices(
  settings: ReadonlyMap<string, ServiceSettings>,
  tools: ServiceTools = {},
): Promise<ReadonlyMap<string, Service>> {
  return new Map(
    await Promise.all(
      [...settings].map(async ([name, one]) =>
        [name, await createService(name, one, tools)] as const
      ),
    ),
  );
}
