/** The columns of a decision table that say what follows. */
import * as z from "zod";
import { quoteCell } from "./sheet.ts";
import { type CellMistake, readNumberCell, readTruthCell, type SheetStyle } from "./numbers.ts";

/** The outcomes that a kind of endpoint knows, as columns of a table. */
export interface OutcomeColumns<Outcome> {
  /** The names of the columns. */
  readonly names: readonly string[];
  /**
   * Reads the outcome of a row.
   *
   * @param cells What stands in the columns, by their names; without empty ones.
   * @param style How the sheet writes numbers.
   */
  read(
    cells: ReadonlyMap<string, string>,
    style: SheetStyle,
  ): { readonly outcome: Outcome } | OutcomeMistake;
}

/** What is wrong with the outcome of a row, and in which column. */
export interface OutcomeMistake extends CellMistake {
  /** Absent where it is none of one column. */
  readonly column?: string;
}

/** A message in one language stands in a column such as `reject.de`. */
const LANGUAGE_COLUMN = /^(reject)\.([A-Za-z][A-Za-z0-9-]*)$/;

/** What people write beside `true` into a column that says yes or no. */
const YES = /^(?:x|✓|✔|yes|y|ja|j|oui|sí|si|1|כן)$/i;
const NO = /^(?:-|–|no|n|nein|non|0|לא)$/i;

/** No code is made for schemas that judge one cell at a time: it would take longer. */
const PLAINLY = { jitless: true };

/**
 * Makes columns of the outcomes of a kind.
 *
 * @param schema One object of few keys, or a union of such.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import * as z from "zod";
 *
 * const columns = outcomeColumns(z.union([
 *   z.strictObject({ group: z.int() }),
 *   z.strictObject({ approve: z.literal(true) }),
 * ]));
 * const style = { hasDecimalComma: false };
 * assertEquals(columns.read(new Map([["group", "7"]]), style), { outcome: { group: 7 } });
 * assertEquals(columns.read(new Map([["approve", "x"]]), style), { outcome: { approve: true } });
 * ```
 */
export function outcomeColumns<Outcome>(schema: z.ZodType<Outcome>): OutcomeColumns<Outcome> {
  const columns = new Map(shapesOf(schema).flatMap((shape) => Object.entries(shape)));
  const names = [...columns.keys()];

  function readCell(
    name: string,
    cell: string,
    style: SheetStyle,
  ): { readonly value?: unknown } | CellMistake {
    const column = columns.get(name);
    if (column === undefined) return {};
    const value = valueOf(column, cell, style);
    if (value === undefined) return {};
    if (isMistake(value)) return value;
    const { error } = column.safeParse(value, PLAINLY);
    if (error === undefined) return { value };
    return { message: `found ${quoteCell(cell)}, ${inWords(error)}` };
  }

  return {
    names,
    read(cells, style) {
      const outcome: Record<string, unknown> = {};
      const texts: Record<string, string> = {};
      for (const [name, cell] of cells) {
        const language = LANGUAGE_COLUMN.exec(name)?.[2];
        if (language !== undefined) {
          texts[language] = cell;
          continue;
        }
        const read = readCell(name, cell, style);
        if ("message" in read) return { ...read, column: name };
        if (read.value !== undefined) outcome[name] = read.value;
      }
      if (Object.keys(texts).length > 0) {
        if (outcome.reject !== undefined) return twoOutcomes(["reject", "reject.…"]);
        outcome.reject = texts;
      }
      const given = Object.keys(outcome);
      if (given.length === 0) {
        return { message: `found no outcome, wanted one of ${names.join(", ")}` };
      }
      const { data, success } = schema.safeParse(outcome, PLAINLY);
      return success ? { outcome: data } : twoOutcomes(given);
    },
  };
}

/** Whether a column is one of an outcome. */
export function isOutcomeColumn(name: string, { names }: OutcomeColumns<unknown>): boolean {
  return names.includes(LANGUAGE_COLUMN.exec(name)?.[1] ?? name);
}

function twoOutcomes(given: readonly string[]): OutcomeMistake {
  if (given.length === 1) return { message: `found ${given[0]} alone, which is no outcome` };
  return {
    message: `found ${given.join(" and ")}, wanted one outcome`,
    hint: "Empty all of these cells but one, or make several rows of it",
  };
}

function shapesOf(schema: z.core.$ZodType): readonly Readonly<Record<string, z.ZodType>>[] {
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(shapesOf);
  if (!(schema instanceof z.ZodObject)) return [];
  const entries = Object.entries(schema.shape).flatMap(([name, one]) =>
    one instanceof z.ZodType ? [[name, one] as const] : []
  );
  return [Object.fromEntries(entries)];
}

/** `undefined` of a cell that says no. */
function valueOf(column: z.ZodType, cell: string, style: SheetStyle): unknown {
  if (column.safeParse(true, PLAINLY).success) {
    if (YES.test(cell)) return true;
    const truth = NO.test(cell) ? false : readTruthCell(cell);
    return truth === false ? undefined : truth;
  }
  if (column.safeParse("a", PLAINLY).success) return cell;
  return readNumberCell(cell, style);
}

function isMistake(value: unknown): value is CellMistake {
  return typeof value === "object" && value !== null && "message" in value;
}

function inWords({ issues: [issue] }: z.ZodError): string {
  switch (issue?.code) {
    case "invalid_type":
      return issue.expected === "int" ? "wanted a whole number" : `wanted ${issue.expected}`;
    case "too_big":
      return `wanted at most ${issue.maximum}`;
    case "too_small":
      return `wanted at least ${issue.minimum}`;
    default:
      return issue?.message ?? "which is no outcome";
  }
}
