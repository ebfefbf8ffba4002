import type { Destination } from "./attempt.ts";
import { createFolderDestination } from "./folder_destination.ts";
import { createHttpDestination } from "./http_destination.ts";
import type { DestinationSettings } from "./settings.ts";

/** Destinations, and what they were made of. */
export interface MadeDestinations {
  readonly settings: Readonly<Record<string, DestinationSettings>>;
  readonly byName: ReadonlyMap<string, Destination>;
}

/**
 * Makes the destinations of a config.
 *
 * @param settings Their settings, by name.
 * @param before Those of the config before: what has the same name and settings is taken over.
 * @returns They.
 * @throws {RangeError} When a secret can't sign.
 */
export function createDestinations(
  settings: Readonly<Record<string, DestinationSettings>>,
  before?: MadeDestinations,
): MadeDestinations {
  const byName = Object.entries(settings).map(([name, one]) => {
    const isSame = JSON.stringify(before?.settings[name]) === JSON.stringify(one);
    const kept = isSame ? before?.byName.get(name) : undefined;
    return [name, kept ?? createDestination(one)] as const;
  });
  return { settings, byName: new Map(byName) };
}

function createDestination(settings: DestinationSettings): Destination {
  return settings.type === "http"
    ? createHttpDestination(settings)
    : createFolderDestination(settings);
}
