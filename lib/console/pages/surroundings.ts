import type { ConsoleContext } from "../context.ts";
import { namesThatDecide } from "../../rules/decision.ts";
import type { Readiness } from "../../http/routes.ts";

/** A table may have thousands of rows, each of which is a rule; a list to choose from ends before. */
const MOST_RULES = 200;

/** What pages show of the server around what they are about. */
export interface Surroundings {
  /** The IANA name of the zone of the server. */
  readonly timeZone: string;
  /** What counts as now, in milliseconds since the epoch. */
  readonly now: number;
  readonly readiness: Pick<Readiness, "ready" | "reason" | "part">;
  readonly endpoints: readonly ShownEndpoint[];
  /** How platforms reach the server. */
  readonly publicUrl: string;
  /** The names of the destinations. */
  readonly destinations: readonly string[];
}

/** An endpoint of the config, to be chosen. */
export interface ShownEndpoint {
  readonly path: string;
  readonly kind: string;
  /** The names of its rules, in order. */
  readonly rules: readonly string[];
  readonly takesEvents: boolean;
}

/**
 * Tells what pages show of the server around what they are about.
 *
 * @param context What the console is given.
 */
export async function surroundingsOf(
  { served, readiness, now }: Pick<ConsoleContext, "served" | "readiness" | "now">,
): Promise<Surroundings> {
  const { config, endpoints } = served();
  return {
    timeZone: config.timeZone,
    now: now(),
    readiness: await readiness(),
    endpoints: endpoints.map((endpoint) => ({
      path: endpoint.path,
      kind: endpoint.kind,
      rules: namesThatDecide(endpoint).slice(0, MOST_RULES),
      takesEvents: endpoint.ingestion !== undefined,
    })),
    publicUrl: config.server.publicUrl,
    destinations: Object.keys(config.destinations),
  };
}
