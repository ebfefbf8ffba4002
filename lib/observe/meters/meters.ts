import type { Family } from "../metrics/family.ts";
import { createRegistry } from "../metrics/registry.ts";
import { createForwardMeter, type ForwardMeter } from "./forwards.ts";
import { createJournalMeter, type JournalMeter } from "./journal.ts";
import { addProcessMetrics } from "./process.ts";
import { createReloadMeter, type ObserveReload } from "./reloads.ts";
import { createRequestMeter, type RequestMeter } from "./requests.ts";
import { createServiceMeter, type ObserveServiceCall } from "./services.ts";

/** All that the running program counts. */
export interface Meters {
  readonly requests: RequestMeter;
  readonly journal: JournalMeter;
  readonly forwards: ForwardMeter;
  readonly observeServiceCall: ObserveServiceCall;
  readonly observeReload: ObserveReload;
  /** The metrics, for those who list them. */
  families(): readonly Family[];
  /** Reads all of it, in the text format of Prometheus. */
  text(): Promise<string>;
}

/**
 * Makes the program's metrics.
 *
 * @param version The program's version.
 * @returns What counts them, and reads them.
 *
 * @example
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 *
 * const meters = createMeters("1.2.3");
 * meters.observeReload(true);
 * assertStringIncludes(
 *   await meters.text(),
 *   '\nstorehook_config_reloads_total{result="success"} 1\n',
 * );
 * ```
 */
export function createMeters(version: string): Meters {
  const registry = createRegistry();
  const requests = createRequestMeter(registry);
  const journal = createJournalMeter(registry);
  const forwards = createForwardMeter(registry);
  const observeServiceCall = createServiceMeter(registry);
  const observeReload = createReloadMeter(registry);
  addProcessMetrics(registry, version);
  return {
    requests,
    journal,
    forwards,
    observeServiceCall,
    observeReload,
    families: registry.families,
    text: registry.text,
  };
}
