/** The third parties that rules ask: how they fare. */
import type { Config } from "../../config/schema.ts";
import type { ServiceCallEvent } from "../../services/service.ts";

/** A call of a service, as it is shown. */
export interface ShownCall {
  /** In ISO 8601. */
  readonly at: string;
  readonly outcome: ServiceCallEvent["outcome"];
  readonly attempts: number;
  readonly status: number | null;
  readonly durationMs: number;
}

/** A service and how it fared since the program runs. */
export interface ServiceHealth {
  readonly name: string;
  /** Where it is asked, without what may be secret. */
  readonly url: string;
  readonly calls: number;
  readonly failures: number;
  /** The newest calls, newest first. */
  readonly lastCalls: readonly ShownCall[];
  /** Whether it is left alone because it failed too often. */
  readonly isLeftAlone: boolean;
}

/** Knows how services fare. */
export interface RunningServices {
  /** Notes a call that has ended. */
  readonly note: (event: ServiceCallEvent, now: number) => void;
  readonly of: (name: string) => Omit<ServiceHealth, "name" | "url">;
}

/** So many calls of each service are shown. */
const MOST_CALLS = 20;

/**
 * Makes what notes how services fare.
 *
 * @returns What notes it; nobody was asked yet.
 */
export function watchServices(): RunningServices {
  const known = new Map<string, { calls: number; failures: number; last: ShownCall[] }>();
  return {
    note({ service, outcome, attempts, status, durationMs }, now) {
      const one = known.get(service) ?? { calls: 0, failures: 0, last: [] };
      known.set(service, one);
      one.calls++;
      if (outcome !== "answered" && outcome !== "refused") one.failures++;
      const at = new Date(now).toISOString();
      one.last = [{ at, outcome, attempts, status, durationMs }, ...one.last].slice(0, MOST_CALLS);
    },
    of(name) {
      const { calls = 0, failures = 0, last = [] } = known.get(name) ?? {};
      // With the breaker open nobody is asked at all.
      return { calls, failures, lastCalls: last, isLeftAlone: last[0]?.attempts === 0 };
    },
  };
}

/**
 * Lists the services of a config.
 *
 * @param config The config.
 * @param services How they fare.
 */
export function servicesNow(
  { services: configured }: Pick<Config, "services">,
  services: Pick<RunningServices, "of">,
): readonly ServiceHealth[] {
  return Object.entries(configured).map(([name, { url }]) => ({
    name,
    url: shownUrl(url),
    ...services.of(name),
  }));
}

/**
 * Writes a URL without what may be secret in it: credentials, and the values of its query.
 *
 * @param text The URL.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(shownUrl("https://me:pass@tax.example/a?code=x7"), "https://tax.example/a?code=…");
 * ```
 */
export function shownUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null) return "…";
  const query = [...url.searchParams.keys()].map((name) => `${encodeURIComponent(name)}=…`);
  return `${url.origin}${url.pathname}${query.length === 0 ? "" : `?${query.join("&")}`}`;
}
