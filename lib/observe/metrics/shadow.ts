import type { Registry } from "./registry.ts";

/** What came of a delivery that a shadow was to decide. */
export type ShadowResult = "same" | "answer" | "rule" | "ask" | "failed" | "dropped";

/** Counts deliveries that a shadow was to decide. */
export type ObserveShadow = (result: ShadowResult, count: number) => void;

/**
 * Makes what counts how a shadow decides.
 *
 * @param registry Where its metric is added.
 */
export function createShadowMeter(registry: Registry): ObserveShadow {
  const deliveries = registry.counter({
    name: "storehook_shadow_deliveries_total",
    help:
      "Deliveries by what the config of serve --shadow would make of them. The result is same, " +
      "answer, rule, ask, failed or dropped (too much was waiting).",
    labels: ["result"],
  });
  return (result, count) => {
    if (count > 0) deliveries.child({ result }).inc(count);
  };
}
