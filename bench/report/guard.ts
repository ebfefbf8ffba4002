/**
 * What fell since the page of figures was written. Only ratios within one run are compared: they
 * hold on other machines, too. They are read from the tables of both, so that the page alone says
 * what is guarded.
 */
import { table } from "./table.ts";

/** A ratio, and which way it should go. */
export interface Ratio {
  readonly value: number;
  readonly better: "more" | "less";
}

/** A ratio that is worse than it was. */
export interface Fallen {
  readonly name: string;
  readonly before: number;
  readonly now: number;
}

/** A ratio that fell by so much is told: less is chance. */
const TENTH = 0.1;

type Cells = readonly string[];

/** A table of a page, with the headings above it. */
interface PageTable {
  readonly title: string;
  readonly heads: Cells;
  readonly rows: readonly Cells[];
}

/**
 * Finds every ratio in the tables of a page.
 *
 * @param page The page, or a part of it, in Markdown.
 * @returns The ratios by their names: headings, row, column.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ratiosIn } from "./guard.ts";
 *
 * const page = "## A full journal\n\n| 10 deliveries |  |\n| --- | --: |\n| throughput, ratio | 0.96 |\n";
 * assertEquals([...ratiosIn(page)], [
 *   ["A full journal: throughput, ratio", { value: 0.96, better: "more" }],
 * ]);
 * ```
 */
export function ratiosIn(page: string): ReadonlyMap<string, Ratio> {
  const found = tablesIn(page).flatMap((one) => [
    ...wantedRatios(one),
    ...namedRatios(one),
    ...ratiosToFirst(one),
    ...flatness(one),
  ]);
  return new Map(found.filter(([, { value }]) => Number.isFinite(value)));
}

/**
 * Tells what fell by more than a tenth.
 *
 * @param before The page that stands in the repository.
 * @param now What was measured now, in the same form.
 * @returns The ratios that fell, by how much, the worst first. What only one of them has is left out.
 */
export function findFallen(before: string, now: string): readonly Fallen[] {
  const measured = ratiosIn(now);
  return [...ratiosIn(before)].flatMap(([name, then]) => {
    const found = measured.get(name);
    return found === undefined || lossOf(then, found) <= TENTH
      ? []
      : { name, before: then.value, now: found.value, loss: lossOf(then, found) };
  }).toSorted((a, b) => b.loss - a.loss).map(({ name, before, now }) => ({ name, before, now }));
}

/** Which part of what was is gone. */
function lossOf({ value, better }: Ratio, now: Ratio): number {
  return better === "more" ? 1 - now.value / value : 1 - value / now.value;
}

/** Writes what fell. */
export function fallenTable(fallen: readonly Fallen[]): string {
  const rows = fallen.map(({ name, before, now }) => [name, before.toFixed(2), now.toFixed(2)]);
  return table(["fell by more than a tenth", "was", "is"], rows);
}

function tablesIn(page: string): readonly PageTable[] {
  const tables: { title: string; heads: Cells; rows: Cells[] }[] = [];
  let [head, part] = ["", ""];
  let isInTable = false;
  for (const line of page.split("\n")) {
    const [, level, title = ""] = /^(##+) (.*)$/.exec(line) ?? [];
    if (level === "##") [head, part] = [title, ""];
    else if (level !== undefined) part = title;
    const cells = /^\|(.*)\|$/.exec(line)?.[1]?.split("|").map((cell) => cell.trim());
    if (cells === undefined) isInTable = false;
    else if (!isInTable) {
      tables.push({ title: part === "" ? head : `${head}, ${part}`, heads: cells, rows: [] });
      isInTable = true;
    } else if (!cells.every((cell) => /^:?-+:?$/.test(cell))) tables.at(-1)?.rows.push(cells);
  }
  return tables;
}

type Named = readonly [name: string, ratio: Ratio];

/** Goals: the column before says which way. */
function wantedRatios({ title, heads, rows }: PageTable): readonly Named[] {
  const [wanted, found] = [heads.indexOf("wanted"), heads.indexOf("found")];
  if (wanted === -1 || found === -1) return [];
  return rows.map((row): Named => [`${title}: ${row[0]}`, {
    value: figureIn(row[found]),
    better: row[wanted]?.startsWith("at least") ? "more" : "less",
  }]);
}

/** Rows and columns that say that they are ratios. */
function namedRatios({ title, heads, rows }: PageTable): readonly Named[] {
  const column = heads.indexOf("ratio");
  return rows.flatMap((row): readonly Named[] => {
    const name = row[0] ?? "";
    const text = /\bratio$/.test(name) ? row[1] : column > 0 ? row[column] : undefined;
    if (text === undefined) return [];
    const better = name.startsWith("throughput") ? "more" : "less";
    return [[`${title}: ${name}`, { value: figureIn(text), better }]];
  });
}

/** Figures of contenders: the first of them is the program, and each other one is held against it. */
const OF_CONTENDERS: Readonly<Record<string, Ratio["better"]>> = {
  "requests a second": "more",
  "processor µs a request": "less",
  "processor µs": "less",
  "most memory, MiB": "less",
};

function ratiosToFirst({ title, heads, rows }: PageTable): readonly Named[] {
  const connections = heads.indexOf("connections");
  if (heads[0] !== "" || rows.length < 2) return [];
  const groups = Map.groupBy(rows, (row) => row[connections] ?? "");
  return [...groups].flatMap(([count, [first, ...others]]) =>
    others.flatMap((other) =>
      heads.flatMap((head, column): readonly Named[] => {
        const better = OF_CONTENDERS[head];
        if (better === undefined) return [];
        const at = count === "" ? "" : ` on ${count} connections`;
        const value = figureIn(first?.[column]) / figureIn(other[column]);
        return [[`${title}: ${head}, over that of ${other[0]}${at}`, { value, better }]];
      })
    )
  );
}

/** What each further one costs among many, over what it costs among few. */
function flatness({ title, heads, rows }: PageTable): readonly Named[] {
  const column = heads.findIndex((head) => head.startsWith("µs for each further"));
  if (column === -1) return [];
  const each = rows.map((row) => figureIn(row[column])).filter(Number.isFinite);
  const value = (each.at(-1) ?? NaN) / (each.at(1) ?? NaN);
  return [[`${title}: each further one among many over among few`, { value, better: "less" }]];
}

function figureIn(text: string | undefined): number {
  return text === undefined || text === "" ? NaN : Number(text);
}
