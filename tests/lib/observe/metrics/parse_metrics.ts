/** A strict reader of the text format of Prometheus: it takes nothing that is not quite right. */

/** One line with a value. */
export interface ParsedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** One metric. */
export interface ParsedFamily {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly samples: readonly ParsedSample[];
}

const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  counter: [""],
  gauge: [""],
  histogram: ["_bucket", "_sum", "_count"],
};
const NUMBER = /^(?:[+-]Inf|NaN|-?\d+(?:\.\d+)?(?:e[+-]\d+)?)$/;

/**
 * Reads metrics.
 *
 * @param text What `GET /metrics` answers.
 * @throws {SyntaxError} When it is not of the format, or not consistent in itself.
 */
export function parseMetrics(text: string): ReadonlyMap<string, ParsedFamily> {
  if (text !== "" && !text.endsWith("\n")) throw new SyntaxError("The last line has no end");
  const families = new Map<string, ParsedFamily & { samples: ParsedSample[] }>();
  const seen = new Set<string>();
  const lines = text.split("\n").slice(0, -1);
  for (let at = 0; at < lines.length;) {
    const [, name = "", help = ""] = /^# HELP (\w+) (.*)$/s.exec(lines[at] ?? "") ??
      fail(lines[at]);
    const [, typed, type = ""] = /^# TYPE (\w+) (\w+)$/.exec(lines[at + 1] ?? "") ??
      fail(lines[at + 1]);
    if (typed !== name || families.has(name) || SUFFIXES[type] === undefined) fail(lines[at + 1]);
    const samples: ParsedSample[] = [];
    for (at += 2; at < lines.length && !(lines[at] ?? "").startsWith("# "); at++) {
      const sample = parseSample(lines[at] ?? "");
      if (!SUFFIXES[type]?.some((suffix) => sample.name === `${name}${suffix}`)) fail(lines[at]);
      const series = JSON.stringify([sample.name, Object.entries(sample.labels).toSorted()]);
      if (seen.has(series)) fail(lines[at]);
      seen.add(series);
      samples.push(sample);
    }
    if (type === "histogram") checkHistogram(name, samples);
    families.set(name, { name, help: unescape(help, /\\([\\n])/g, help), type, samples });
  }
  return families;
}

/**
 * Finds one value.
 *
 * @param text What `GET /metrics` answers.
 * @param name The name of a sample, with its suffix.
 * @param labels All of its labels.
 * @returns The value, or `undefined` when there is no such sample.
 */
export function valueOf(
  text: string,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  const wanted = JSON.stringify(Object.entries(labels).toSorted());
  return [...parseMetrics(text).values()]
    .flatMap(({ samples }) => samples)
    .find((sample) =>
      sample.name === name && JSON.stringify(Object.entries(sample.labels).toSorted()) === wanted
    )?.value;
}

function parseSample(line: string): ParsedSample {
  const [, name = "", , inBraces = "", value = ""] =
    /^([a-zA-Z_]\w*)(\{(.*)\})? (\S+)$/s.exec(line) ?? fail(line);
  if (!NUMBER.test(value)) fail(line);
  const labels: Record<string, string> = {};
  let rest = inBraces;
  while (rest !== "") {
    const [all, label = "", text = "", comma = ""] =
      /^([a-zA-Z_]\w*)="((?:[^"\\\n]|\\[\\n"])*)"(,|$)/s.exec(rest) ?? fail(line);
    if (label in labels || (comma === "," && all.length === rest.length)) fail(line);
    labels[label] = unescape(text, /\\([\\n"])/g, line);
    rest = rest.slice(all.length);
  }
  return { name, labels, value: Number(value.replace("Inf", "Infinity")) };
}

function unescape(text: string, escapes: RegExp, line: string): string {
  if (/\\/.test(text.replace(escapes, ""))) fail(line);
  return text.replace(escapes, (_, escaped: string) => escaped === "n" ? "\n" : escaped);
}

/** Of each part, the buckets rise up to one of everything, which is the count. */
function checkHistogram(name: string, samples: readonly ParsedSample[]): void {
  const parts = Map.groupBy(samples, ({ labels: { le: _, ...labels } }) => JSON.stringify(labels));
  for (const part of parts.values()) {
    const buckets = part.filter((sample) => sample.name === `${name}_bucket`);
    const bounds = buckets.map(({ labels }) => Number(labels["le"]?.replace("Inf", "Infinity")));
    const values = buckets.map(({ value }) => value);
    const rises = (figures: readonly number[], strictly: boolean) =>
      figures.every((figure, index) => {
        const before = figures[index - 1] ?? -Infinity;
        return strictly ? figure > before : figure >= before;
      });
    const count = part.find((sample) => sample.name === `${name}_count`)?.value;
    const hasSum = part.some((sample) => sample.name === `${name}_sum`);
    const isWhole = bounds.at(-1) === Infinity && values.at(-1) === count;
    if (!rises(bounds, true) || !rises(values, false) || !isWhole || !hasSum) fail(name);
  }
}

function fail(line: string | undefined): never {
  throw new SyntaxError(`Cannot read metrics: found ${JSON.stringify(line)}`);
}
