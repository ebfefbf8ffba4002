/** Which row of a table of today a recorded one is: rows that are put above others move them. */
import { type DecidingRow, type DecidingRules, type Decision, rowName } from "../rules/decision.ts";

/** By what is counted what decided. */
export interface CountedName {
  /** The name of a rule or of a row; `null` for what nothing decided. */
  readonly rule: string | null;
  /** Whether it is none that stood in a table and does no more. */
  readonly isThere: boolean;
}

/** Tells by which name of today a decision is counted. */
export type FindRow = (decision: Pick<Decision, "rule" | "row">) => CountedName;

/**
 * Makes what finds the rows of recorded decisions among those of today. A row is the one that asks
 * for the same; where columns have other names now, the one on its line with the same cells.
 *
 * @param endpoint What decides today.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const rules = [{ name: "plants", table: { file: "plants.csv", inputs: {} } }];
 * const cells = { state: "NY" };
 * const rowsOf = () => [{ rule: "plants", line: 3, cells }];
 * const find = createRowFinder({ rules, rowsOf });
 * const row = { rule: "plants", line: 2, cells };
 * assertEquals(find({ rule: "plants.csv line 2", row }), { rule: "plants.csv line 3", isThere: true });
 * ```
 */
export function createRowFinder({ rules, rowsOf }: DecidingRules): FindRow {
  const tables = new Map(
    rules.flatMap(({ name, table }) => table === undefined ? [] : [[name, table.file] as const]),
  );
  const indexes = new Map<string, RowIndexOfToday>();
  function indexOf(rule: string): RowIndexOfToday {
    let index = indexes.get(rule);
    if (index === undefined) indexes.set(rule, index = indexRows(rowsOf?.(rule) ?? []));
    return index;
  }
  return ({ rule, row }) => {
    const file = row === undefined ? undefined : tables.get(row.rule);
    if (row === undefined || file === undefined) return { rule, isThere: true };
    const { byLine, byCells } = indexOf(row.rule);
    const there = byLine.get(row.line);
    const key = keyOf(row);
    const line = there !== undefined && (keyOf(there) === key || isRenamed(row, there))
      ? row.line
      : byCells.get(key);
    return line === undefined
      ? { rule, isThere: false }
      : { rule: rowName(file, line), isThere: true };
  };
}

interface RowIndexOfToday {
  readonly byLine: ReadonlyMap<number, DecidingRow>;
  readonly byCells: ReadonlyMap<string, number>;
}

function indexRows(rows: readonly DecidingRow[]): RowIndexOfToday {
  const byCells = new Map<string, number>();
  for (const row of rows) {
    const key = keyOf(row);
    // Of two that ask for the same the first decides.
    if (!byCells.has(key)) byCells.set(key, row.line);
  }
  return { byLine: new Map(rows.map((row) => [row.line, row])), byCells };
}

function keyOf({ cells }: DecidingRow): string {
  return JSON.stringify(Object.entries(cells).toSorted(([a], [b]) => a < b ? -1 : 1));
}

/** Whether the same is asked for in columns of other names. */
function isRenamed({ cells }: DecidingRow, { cells: others }: DecidingRow): boolean {
  const isSameText = (a: readonly string[], b: readonly string[]) =>
    a.toSorted().join("\0") === b.toSorted().join("\0");
  return isSameText(Object.values(cells), Object.values(others)) &&
    !isSameText(Object.keys(cells), Object.keys(others));
}
