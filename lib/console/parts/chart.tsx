import type { JSX } from "preact";
import { fillText } from "../texts/texts.ts";
import { CHART_TEXTS } from "../texts/overview.ts";
import { useNumber, useReader, useSay } from "./reader.tsx";
import { formatTime } from "./time_format.ts";
import { Time } from "./values.tsx";

/** One of the things that are counted; they stand upon each other. */
export interface ChartSeries {
  readonly name: string;
  readonly tone: "ok" | "warn" | "bad";
  /** One for each step of time. */
  readonly counts: readonly number[];
}

/** What was counted over a time. */
export interface ChartData {
  /** When the first step begins, in milliseconds since the epoch. */
  readonly since: number;
  readonly stepMs: number;
  readonly series: readonly ChartSeries[];
}

/** Units of the drawing: it is stretched to where it stands. */
const HEIGHT = 100;
const COLUMN = 10;
const GAP = 1.5;
const TICKS = 5;
const DAY_MS = 86_400_000;

/** One path for each series: thousands of elements would weigh more than all the rest. */
function pathOf(
  series: readonly ChartSeries[],
  index: number,
  top: number,
): string {
  const own = series[index]?.counts ?? [];
  return own.map((count, column) => {
    if (count === 0) return "";
    const below = series.slice(0, index).reduce(
      (sum, { counts }) => sum + (counts[column] ?? 0),
      0,
    );
    const height = round(count / top * HEIGHT);
    const y = round(HEIGHT - below / top * HEIGHT - height);
    return `M${round(column * COLUMN + GAP / 2)} ${y}h${COLUMN - GAP}v${height}h-${COLUMN - GAP}z`;
  }).join("");
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function totalsOf(series: readonly ChartSeries[]): readonly number[] {
  const length = series[0]?.counts.length ?? 0;
  return Array.from(
    { length },
    (_, column) => series.reduce((sum, { counts }) => sum + (counts[column] ?? 0), 0),
  );
}

/** A small chart without words, beside the number that says it. */
export function Spark({ data, label }: {
  readonly data: ChartData;
  readonly label: string;
}): JSX.Element {
  const totals = totalsOf(data.series);
  const top = Math.max(1, ...totals);
  return (
    <div class="chart spark">
      <svg
        viewBox={`0 0 ${Math.max(1, totals.length) * COLUMN} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={label}
      >
        {data.series.map(({ tone }, index) => (
          <path key={tone} class={`b-${tone}`} d={pathOf(data.series, index, top)} />
        ))}
      </svg>
    </div>
  );
}

/** Columns over time, with what they count, and a table of the same behind a word. */
export function Chart({ data, label }: {
  readonly data: ChartData;
  readonly label: string;
}): JSX.Element {
  const { language, timeZone, now } = useReader();
  const say = useSay(CHART_TEXTS);
  const number = useNumber();
  const totals = totalsOf(data.series);
  const most = Math.max(0, ...totals);
  // The line above is that of the highest column, of which it is said how many it counts.
  const top = Math.max(1, most);
  const width = Math.max(1, totals.length) * COLUMN;
  const whole = totals.reduce((sum, one) => sum + one, 0);
  const isOfDays = totals.length * data.stepMs > 2 * DAY_MS;
  const ticks = Array.from(
    { length: TICKS },
    (_, index) => data.since + Math.round(index / (TICKS - 1) * totals.length) * data.stepMs,
  );
  return (
    <figure
      class="chart"
      data-chart
      data-since={data.since}
      data-step={data.stepMs}
      data-counts={JSON.stringify(data.series.map(({ counts }) => counts))}
      data-names={JSON.stringify(data.series.map(({ name }) => name))}
    >
      <figcaption>
        {data.series.map(({ name, tone, counts }) => (
          <span key={tone} class={`key ${tone}`}>
            {name} {number(counts.reduce((sum, one) => sum + one, 0))}
          </span>
        ))}
        <output aria-live="polite">{fillText(say.most, { count: number(most) })}</output>
      </figcaption>
      <svg
        viewBox={`0 0 ${width} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${label}: ${
          fillText(say.whole, { count: number(whole), most: number(most) })
        }`}
      >
        <path class="grid-line" d={`M0 0H${width}M0 ${HEIGHT / 2}H${width}`} />
        {data.series.map(({ tone }, index) => (
          <path key={tone} class={`b-${tone}`} d={pathOf(data.series, index, top)} />
        ))}
      </svg>
      <div class="ticks" aria-hidden="true">
        {ticks.map((at) => <Time key={at} at={at} form={isOfDays ? "day" : "hour"} />)}
      </div>
      <details>
        <summary>{say.asTable}</summary>
        <div class="scroll">
          <table>
            <caption class="only-read">{label}</caption>
            <thead>
              <tr>
                <th scope="col">{say.from}</th>
                {data.series.map(({ name }) => <th key={name} scope="col" class="number">{name}
                </th>)}
              </tr>
            </thead>
            <tbody>
              {totals.map((total, column) =>
                total === 0 ? null : (
                  <tr key={column}>
                    <td>
                      {formatTime(data.since + column * data.stepMs, "short", {
                        language,
                        timeZone,
                        now,
                      })}
                    </td>
                    {data.series.map(({ tone, counts }) => (
                      <td key={tone} class="number">{number(counts[column] ?? 0)}</td>
                    ))}
                  </tr>
                )
              )}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}
