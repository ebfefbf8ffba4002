import type { Destination } from "./destination.ts";
import { createFolderDestination } from "./folder/folder.ts";
import { createHttpDestination } from "./http/http.ts";
import type { DestinationSettings } from "./settings.ts";

/**
 * Makes the destinations of a config.
 *
 * @param settings Their settings, by name.
 * @returns They, by name.
 * @throws {RangeError} When a secret can't sign.
 */
export function createDestinations(
  settings: Readonly<Record<string, DestinationSettings>>,
): ReadonlyMap<string, Destination> {
  return new Map(Object.entries(settings).map(([name, one]) => [name, createDestination(one)]));
}

function createDestination(settings: DestinationSettings): Destination {
  return settings.type === "http"
    ? createHttpDestination(settings)
    : createFolderDestination(settings);
}
