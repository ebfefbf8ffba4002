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
export function createServices(
  settings: ReadonlyMap<string, ServiceSettings>,
  tools: ServiceTools = {},
): ReadonlyMap<string, Service> {
  return new Map([...settings].map(([name, one]) => [name, createService(name, one, tools)]));
}
