import type { Registry } from "../metrics/registry.ts";

/** Counts changed configs: whether one was taken over, or the old one kept. */
export type ObserveReload = (ok: boolean) => void;

/**
 * Makes what counts reloads of the config.
 *
 * @param registry Where its metrics are added.
 * @param now Tells the time, in milliseconds since the epoch; the clock unless given.
 * @returns A function to call after each.
 */
export function createReloadMeter(
  registry: Registry,
  now: () => number = Date.now,
): ObserveReload {
  const reloads = registry.counter({
    name: "storehook_config_reloads_total",
    help: "Changed configs that were read. The result is success or failure (the old one is kept).",
    labels: ["result"],
  });
  const [succeeded, failed] = [
    reloads.child({ result: "success" }),
    reloads.child({ result: "failure" }),
  ];
  const isGood = registry.gauge({
    name: "storehook_config_last_reload_successful",
    help: "0 while the file of the config has mistakes and an older one is served, else 1.",
  }).child({});
  const loadedAt = registry.gauge({
    name: "storehook_config_loaded_timestamp_seconds",
    help: "When the config that is served was read, in seconds since 1970.",
  }).child({});
  isGood.set(1);
  loadedAt.set(now() / 1000);
  return (ok) => {
    (ok ? succeeded : failed).inc();
    isGood.set(ok ? 1 : 0);
    if (ok) loadedAt.set(now() / 1000);
  };
}
