/** A figure after so many requests. */
export interface Sample {
  readonly requests: number;
  readonly value: number;
}

/**
 * Tells how much a figure grew over all samples, by the line that fits them best: a single high
 * sample is no growth.
 *
 * @param samples In the order in which they were taken.
 * @returns The growth from the first to the last; 0 where there are fewer than two.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const samples = [10, 20, 30].map((value, requests) => ({ value, requests }));
 * assertEquals(growth(samples), 20);
 * ```
 */
export function growth(samples: readonly Sample[]): number {
  const meanRequests = mean(samples.map(({ requests }) => requests));
  const meanValue = mean(samples.map(({ value }) => value));
  let covariance = 0;
  let variance = 0;
  for (const { requests, value } of samples) {
    covariance += (requests - meanRequests) * (value - meanValue);
    variance += (requests - meanRequests) ** 2;
  }
  const [first, last] = [samples.at(0), samples.at(-1)];
  if (first === undefined || last === undefined || variance === 0) return 0;
  return covariance / variance * (last.requests - first.requests);
}

function mean(figures: readonly number[]): number {
  return figures.reduce((sum, figure) => sum + figure, 0) / figures.length;
}
