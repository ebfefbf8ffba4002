/** Numbers, dates and truths in cells, as spreadsheets of several countries write them. */

/** What is wrong with a cell. */
export interface CellMistake {
  readonly message: string;
  readonly hint?: string;
}

/** How a sheet writes. */
export interface SheetStyle {
  /** Whether a comma stands before decimal places: where cells are separated by semicolons. */
  readonly hasDecimalComma: boolean;
}

const PLAIN = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;
const DECIMAL_COMMA = /^[-+]?\d*,\d+$/;
/** `1.000`, `12,345`: a thousand and more, or three decimal places. */
const AMBIGUOUS = /^[-+]?[1-9]\d{0,2}[.,]\d{3}$/;
const GROUPED = /^[-+]?\d{1,3}(?:([.,'’ \u00a0\u202f])\d{3})+(?:[.,]\d+)?$/;
const SIGNIFICANT_DIGITS = 15;

/**
 * Reads a number.
 *
 * @param text What stands in the cell.
 * @param style How its sheet writes.
 * @returns The number, or what is wrong: one that can be read in two ways is not guessed.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(readNumberCell("99,90", { hasDecimalComma: true }), 99.9);
 * assertEquals(readNumberCell("1.000,50", { hasDecimalComma: true }), {
 *   message: 'found "1.000,50", wanted a number without separators of thousands',
 *   hint: "Write 1000.50",
 * });
 * ```
 */
export function readNumberCell(text: string, style: SheetStyle): number | CellMistake {
  const cell = text.trim().replace(/^[−–]/, "-");
  const found = `found ${JSON.stringify(text)}`;
  const isComma = DECIMAL_COMMA.test(cell);
  if (AMBIGUOUS.test(cell) && (isComma || style.hasDecimalComma)) {
    const [whole, thousands] = [cell.replace(/[.,]/, ""), cell.replace(",", ".")];
    return {
      message: `${found}, which can be read in two ways, wanted a number`,
      hint: `Write ${whole}, or ${thousands}0 where three decimal places are meant`,
    };
  }
  if (PLAIN.test(cell)) return asNumber(cell, found);
  if (isComma && style.hasDecimalComma) return asNumber(cell.replace(",", "."), found);
  if (isComma) {
    return {
      message: `${found}, wanted a number with a decimal point`,
      hint: `Write ${cell.replace(",", ".")}`,
    };
  }
  if (GROUPED.test(cell)) {
    const separator = GROUPED.exec(cell)?.[1] ?? "";
    const plain = cell.replaceAll(separator, "").replace(",", ".");
    return {
      message: `${found}, wanted a number without separators of thousands`,
      hint: `Write ${plain}`,
    };
  }
  return { message: `${found}, wanted a number`, ...hintForNumber(cell) };
}

function asNumber(text: string, found: string): number | CellMistake {
  const digits = text.replace(/[eE].*$/, "").replaceAll(/[-+.]/g, "").replace(/^0+/, "");
  const value = Number(text);
  if (digits.replace(/0+$/, "").length > SIGNIFICANT_DIGITS || !Number.isFinite(value)) {
    return {
      message: `${found}, which has more than ${SIGNIFICANT_DIGITS} digits`,
      hint: "Compare what is so long as text: string(…) in the table's inputs",
    };
  }
  return value === 0 ? 0 : value;
}

function hintForNumber(cell: string): { readonly hint?: string } {
  if (cell === "") return { hint: "Write a number there, as in >= 1000" };
  if (cell.includes("..")) return { hint: "A range has two ends, as in 100..500" };
  const between = /^(-?[\d.,]+)\s*(?:-|–|—|bis|to|à|a|עד)\s*(-?[\d.,]+)$/i.exec(cell);
  if (between !== null) return { hint: `Write ${between[1]}..${between[2]}` };
  if (/\d\s*(?:&|,?\s*(?:and|und|et|y)\s)/i.test(cell)) {
    return { hint: "A cell takes one range, e.g. 500..1000; two conditions take two columns" };
  }
  const amount = /^[^\d-]*(-?\d[\d.,]*)\s*(%?)[^\d]*$/.exec(cell);
  if (amount === null) return {};
  return { hint: `Write the number alone: ${amount[1]}` };
}

/** As spreadsheets write them in the languages in which the program speaks, and some more. */
const TRUTHS: ReadonlyMap<string, boolean> = new Map([
  ...["true", "wahr", "vrai", "verdadero", "vero", "waar", "אמת"].map((word) =>
    [word, true] as const
  ),
  ...["false", "falsch", "faux", "falso", "onwaar", "שקר"].map((word) => [word, false] as const),
]);

/** Reads `true` and `false`, in any case and in the language of the spreadsheet. */
export function readTruthCell(text: string): boolean | CellMistake {
  const value = TRUTHS.get(text.trim().toLowerCase());
  if (value !== undefined) return value;
  const found = `found ${JSON.stringify(text)}, wanted true or false`;
  return /^(?:1|x|yes|ja|oui|sí|si|j|y)$/i.test(text.trim())
    ? { message: found, hint: "Write true" }
    : /^(?:0|no|nein|non|n)$/i.test(text.trim())
    ? { message: found, hint: "Write false" }
    : { message: found };
}

const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?))?$/;
/** The day comes first wherever points stand between. */
const POINTED = /^(\d{1,2})\.(\d{1,2})\.(\d{4})(?: (\d{2}:\d{2}(?::\d{2})?))?$/;

/**
 * Reads a date, or a time with its date.
 *
 * @param text What stands in the cell.
 * @returns It as `2026-12-24` or `2026-12-24T08:00`, or what is wrong: of `12/24/2026` nobody knows
 * which number is the month.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(readDateCell("24.12.2026"), "2026-12-24");
 * ```
 */
export function readDateCell(text: string): string | CellMistake {
  const cell = text.trim();
  const iso = ISO.exec(cell);
  const pointed = POINTED.exec(cell);
  const [year = "", month = "", day = "", time] = iso?.slice(1) ??
    [pointed?.[3], pointed?.[2], pointed?.[1], pointed?.[4]];
  const found = `found ${JSON.stringify(text)}, wanted a date`;
  if (year === "") {
    return { message: found, hint: "Write it as 2026-12-24, or with a time as 2026-12-24 08:00" };
  }
  const date = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  const isThere = new Date(`${date}T00:00:00Z`).toJSON()?.slice(0, 10) === date &&
    (time === undefined || /^(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?$/.test(time));
  if (!isThere) return { message: `${found} that there is` };
  return time === undefined ? date : `${date}T${time}`;
}
