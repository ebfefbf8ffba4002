/** The services of a config, for the endpoints that ask them. */
import type * as z from "zod";
import { nearest } from "../../util/nearest.ts";
import { createServices, type Service, type ServiceCallEvent } from "../../services/service.ts";
import { type ServiceSettings, serviceSettings } from "../../services/settings.ts";
import { isObject } from "../file/config_path.ts";
import { listOf } from "../messages/wanted.ts";
import { judge } from "../messages/zod_messages.ts";
import type { Mistake } from "../mistake.ts";
import type { Origins } from "../values/secrets.ts";
import type { OpenContext, ServiceReference } from "./endpoint_kind.ts";

/** A service of the config, whose settings may have mistakes that are told elsewhere. */
interface ConfiguredService {
  readonly service: Service | undefined;
  /** What the config says of its `onFailure`. */
  readonly onFailure: unknown;
}

/** The services of a config by name. */
export type ConfiguredServices = ReadonlyMap<string, ConfiguredService>;

/**
 * Opens the services of a config, as far as they have no mistakes.
 *
 * @param section What the config says, with text from outside turned into numbers.
 * @param onCall Told of every call.
 * @param authorities The certificates of each `caFile`, by its text in the config.
 * @returns All that are named.
 */
export async function openServices(
  section: unknown,
  onCall?: (event: ServiceCallEvent) => void,
  authorities: ReadonlyMap<string, string> = new Map(),
): Promise<ConfiguredServices> {
  const entries = isObject(section) ? Object.entries(section) : [];
  const sound = new Map<string, ServiceSettings>();
  for (const [name, raw] of entries) {
    const { data } = serviceSettings.safeParse(raw);
    if (data === undefined) continue;
    sound.set(name, { ...data, authority: authorities.get(data.caFile ?? "") });
  }
  const services = await createServices(sound, { onCall });
  return new Map(entries.map(([name, raw]) => {
    const onFailure = isObject(raw) ? raw.onFailure : undefined;
    return [name, { service: services.get(name), onFailure }];
  }));
}

/** What an endpoint needs to find the services that its outcomes ask. */
export interface ServiceFinder {
  readonly services: ConfiguredServices;
  /** The endpoint's path, for messages. */
  readonly endpoint: string;
  readonly origins: Origins;
  /** Reports a mistake of the endpoint. */
  readonly report: OpenContext["report"];
  /** Reports a mistake that stands elsewhere in the config. */
  readonly reportElsewhere: (mistake: Mistake) => void;
}

/**
 * Makes what finds the services that an endpoint's outcomes ask.
 *
 * @param finder The services, and where mistakes go.
 * @returns The `service()` of the endpoint's context.
 */
export function serviceFinder(finder: ServiceFinder): OpenContext["service"] {
  const { services, endpoint, origins, report, reportElsewhere } = finder;
  const hint = `${endpoint} asks this service: another kind of endpoint needs one of its own`;

  function outcomeOf<Outcome>(name: string, found: unknown, schema: z.ZodType<Outcome>) {
    if (found === undefined) return undefined;
    const path = ["services", name, "onFailure"];
    const judged = judge(schema, found, { path, origins });
    if ("data" in judged) return judged.data;
    for (const mistake of judged.mistakes) reportElsewhere({ hint, ...mistake });
    return undefined;
  }

  return <Outcome>(
    name: string,
    at: readonly (string | number)[],
    onFailure: z.ZodType<Outcome>,
  ): ServiceReference<Outcome> | undefined => {
    const found = services.get(name);
    if (found === undefined) {
      report(at, `found ${JSON.stringify(name)}, wanted the name of a service`, hintFor(name));
      return undefined;
    }
    const outcome = outcomeOf(name, found.onFailure, onFailure);
    if (found.service === undefined) return undefined;
    return {
      service: found.service,
      onFailure: outcome,
      report: (below, message, fix) =>
        reportElsewhere({
          path: ["services", name, "onFailure", ...below],
          message,
          ...(fix !== undefined && { hint: fix }),
        }),
    };
  };

  function hintFor(name: string): string {
    const known = [...services.keys()];
    const near = nearest(name, known);
    if (near !== undefined) return `Did you mean ${JSON.stringify(near)}?`;
    return known.length === 0
      ? "There are no services in this config"
      : `There is ${listOf(known)}`;
  }
}
