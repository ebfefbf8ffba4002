/** What charts show of the deliveries that came. */
import type { TrafficCount, TrafficResult } from "../journal/console.ts";

/** The spans of time that charts show, with the steps in which they do. */
export const CHART_SPANS = {
  hour: { spanMs: 3_600_000, stepMs: 60_000, counted: "minute" },
  day: { spanMs: 86_400_000, stepMs: 900_000, counted: "minute" },
  month: { spanMs: 30 * 86_400_000, stepMs: 6 * 3_600_000, counted: "hour" },
} as const;

/** The name of such a span. */
export type ChartSpan = keyof typeof CHART_SPANS;

/** How many deliveries came in each step of a span, for a chart. */
export interface TrafficSeries {
  readonly span: ChartSpan;
  readonly stepMs: number;
  /** When each step begins, in ISO 8601. */
  readonly times: readonly string[];
  readonly endpoints: readonly TrafficOfEndpoint[];
}

/** The same for one endpoint: a number for each step. */
export type TrafficOfEndpoint =
  & { readonly endpoint: string }
  & Readonly<Record<TrafficResult, readonly number[]>>;

/**
 * Makes a series of counts.
 *
 * @param span What the chart shows.
 * @param from When its first step begins, in milliseconds since the epoch.
 * @param counts What came; what lies outside of the span is left out.
 */
export function seriesOf(
  span: ChartSpan,
  from: number,
  counts: readonly TrafficCount[],
): TrafficSeries {
  const { spanMs, stepMs } = CHART_SPANS[span];
  const steps = spanMs / stepMs;
  const byEndpoint = new Map<string, Record<TrafficResult, number[]>>();
  for (const { at, endpoint, result, count } of counts) {
    const step = Math.floor((at - from) / stepMs);
    if (step < 0 || step >= steps) continue;
    let results = byEndpoint.get(endpoint);
    if (results === undefined) {
      const none = () => Array.from({ length: steps }, () => 0);
      results = { answered: none(), refused: none(), failed: none() };
      byEndpoint.set(endpoint, results);
    }
    results[result][step] = (results[result][step] ?? 0) + count;
  }
  return {
    span,
    stepMs,
    times: Array.from({ length: steps }, (_, step) => new Date(from + step * stepMs).toISOString()),
    endpoints: [...byEndpoint].sort(([a], [b]) => a < b ? -1 : 1)
      .map(([endpoint, results]) => ({ endpoint, ...results })),
  };
}
