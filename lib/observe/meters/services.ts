import type { Registry } from "../metrics/registry.ts";
import { remember } from "./remember.ts";

/** A question to a service that came to an end. */
export interface ServiceCall {
  /** The service's name, as the config gives it. */
  readonly service: string;
  /** What came of it, one of few words, e.g. `answered` or `timeout`. */
  readonly outcome: string;
  readonly durationMs: number;
}

/** Counts questions to services. */
export type ObserveServiceCall = (call: ServiceCall) => void;

const DURATIONS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * Makes what counts questions to services.
 *
 * @param registry Where its metrics are added.
 * @returns A function to call after each.
 */
export function createServiceMeter(registry: Registry): ObserveServiceCall {
  const calls = registry.counter({
    name: "storehook_service_calls_total",
    help: "Questions to services, by what came of them.",
    labels: ["service", "outcome"],
  });
  const durations = registry.histogram({
    name: "storehook_service_call_duration_seconds",
    help: "How long services took, retries included.",
    labels: ["service"],
    buckets: DURATIONS,
  });
  const meters = remember((service: string) => ({
    duration: durations.child({ service }),
    outcome: remember((outcome: string) => calls.child({ service, outcome })),
  }));
  return ({ service, outcome, durationMs }) => {
    const meter = meters(service);
    meter.outcome(outcome).inc();
    meter.duration.observe(durationMs / 1000);
  };
}
