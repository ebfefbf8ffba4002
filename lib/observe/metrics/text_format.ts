import type { Family, Sample } from "./family.ts";
import { formatNumber } from "./format_number.ts";

/** The media type of the text: that of Prometheus' exposition format. */
export const TEXT_FORMAT = "text/plain; version=0.0.4; charset=utf-8";

/**
 * Writes metrics in the text format of Prometheus, version 0.0.4.
 *
 * @param families The metrics.
 * @returns The text; a metric of which there is no part yet is told by its help and type alone.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { createCounter } from "./counter.ts";
 *
 * const sold = createCounter({ name: "sold_total", help: "Sold.", labels: ["kind"] });
 * sold.child({ kind: 'the "best"' }).inc();
 * assertEquals(
 *   formatMetrics([sold]),
 *   '# HELP sold_total Sold.\n# TYPE sold_total counter\nsold_total{kind="the \\"best\\""} 1\n',
 * );
 * ```
 */
export function formatMetrics(families: Iterable<Family>): string {
  const lines: string[] = [];
  for (const { name, help, type, samples } of families) {
    lines.push(`# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n`);
    for (const sample of samples()) lines.push(`${name}${formatSample(sample)}\n`);
  }
  return lines.join("");
}

function formatSample({ suffix, labels, value }: Sample): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapeValue(text)}"`);
  const inBraces = pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
  return `${suffix}${inBraces} ${formatNumber(value)}`;
}

function escapeHelp(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").toWellFormed();
}

function escapeValue(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"');
}
