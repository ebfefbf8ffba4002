/** Makes the CSV of a table of a sheet in a workbook, so that nobody saves it by hand. */
import readWorkbook from "read-excel-file/universal";
import { cellName } from "../../rules/tables/sheet.ts";
import { describeReadFailure, readSmallFile, retryWhileBusy } from "../../util/files.ts";
import { messageOf, nearest } from "../../util/words.ts";
import { printable } from "../terminal/format.ts";
import { type Terminal, UsageError } from "../terminal/terminal.ts";
import type { Options } from "../terminal/table.ts";

/** A sheet of a workbook; what a formula gave when it was saved stands in its cell. */
interface WorkbookSheet {
  readonly sheet: string;
  readonly data: readonly (readonly unknown[])[];
}

/**
 * `storehook table convert`.
 *
 * @param options Which workbook, which sheet, and where to write.
 * @param terminal Where it is told.
 * @returns 1 when the workbook cannot be read, or a cell of it holds an error.
 */
export async function convertTable(options: Options, terminal: Terminal): Promise<number> {
  const [file = ""] = options.words;
  const out = options.text("out") ?? file.replace(/\.xls[xm]$/i, "") + ".csv";
  const failed = (reason: string) => {
    terminal.err(`Cannot convert ${JSON.stringify(file)}: ${reason}\n`);
    return 1;
  };
  let sheets: readonly WorkbookSheet[];
  try {
    const bytes = await readSmallFile(file);
    if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) {
      return failed("it is no .xlsx workbook. In the spreadsheet: Save as, Excel Workbook");
    }
    sheets = await readWorkbook(bytes.buffer, { trim: false });
  } catch (error) {
    const reason = error instanceof Error && "code" in error
      ? describeReadFailure(error)
      : messageOf(error);
    return failed(printable(reason));
  }
  const chosen = chooseSheet(sheets, options.text("sheet"));
  const errors = findErrors(chosen.data);
  if (errors.length > 0) return failed(`the formula of ${errors.join(", ")}`);
  const text = csvOf(chosen.data);
  if (out === "-") {
    terminal.out(text);
    return 0;
  }
  try {
    await writeWhole(out, text);
  } catch (error) {
    return failed(`${JSON.stringify(out)} cannot be written: ${messageOf(error)}`);
  }
  const rows = Math.max(0, chosen.data.filter(isFilled).length - 1);
  const others = sheets.map(({ sheet }) => sheet).filter((name) => name !== chosen.sheet);
  if (options.flag("json")) {
    terminal.out(`${JSON.stringify({ file: out, sheet: chosen.sheet, rows, others })}\n`);
    return 0;
  }
  const more = others.length === 0
    ? ""
    : `The workbook has other sheets, for --sheet: ${
      others.map((name) => printable(name)).join(", ")
    }\n`;
  terminal.out(
    `${printable(out)}: ${rows === 1 ? "1 row" : `${rows} rows`} of the sheet ` +
      `${JSON.stringify(chosen.sheet)}\n${more}`,
  );
  return 0;
}

function chooseSheet(sheets: readonly WorkbookSheet[], name: string | undefined): WorkbookSheet {
  const names = sheets.map(({ sheet }) => sheet);
  const found = name === undefined
    ? sheets[0]
    : sheets.find(({ sheet }) => sheet.trim().toLowerCase() === name.trim().toLowerCase());
  if (found !== undefined) return found;
  const near = nearest(name ?? "", names);
  const hint = near === undefined
    ? `there is ${names.map((one) => JSON.stringify(one)).join(", ")}`
    : `did you mean ${JSON.stringify(near)}?`;
  throw new UsageError(`The workbook has no sheet ${JSON.stringify(name)}: ${hint}`);
}

/** What a formula gives that cannot be computed. */
const ERROR = /^#(?:N\/A|REF!|VALUE!|DIV\/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!)$/;

function findErrors(data: WorkbookSheet["data"]): readonly string[] {
  return data.flatMap((cells, row) =>
    cells.flatMap((cell, index) =>
      typeof cell === "string" && ERROR.test(cell)
        ? [`${cellName({ number: row + 1 }, index)} gives ${cell}`]
        : []
    )
  );
}

function isFilled(cells: readonly unknown[]): boolean {
  return cells.some((cell) => cell !== null && cell !== "");
}

/** Empty rows stay, so that the lines are those of the sheet; spreadsheets know UTF-8 by its mark. */
function csvOf(data: WorkbookSheet["data"]): string {
  const lines = data.map((cells) => `${cells.map((cell) => quote(textOf(cell))).join(",")}\r\n`);
  return `\uFEFF${lines.join("")}`;
}

function quote(text: string): string {
  return /[",;\t\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Before it, spreadsheets have times of the day without a date. */
const FIRST_YEAR = 1901;

/** Spreadsheets show and keep no more. */
const SHOWN_DIGITS = 15;

const SECOND_MS = 1000;

function textOf(cell: unknown): string {
  if (cell === null || cell === undefined) return "";
  if (typeof cell === "boolean") return cell ? "TRUE" : "FALSE";
  // What a formula gave is exact to so many digits: 0.1 + 0.2 is 0.30000000000000004 in the file. A
  // whole number, such as an id, stays what it is.
  if (typeof cell === "number" && !Number.isInteger(cell)) {
    return String(Number(cell.toPrecision(SHOWN_DIGITS)));
  }
  if (!(cell instanceof Date)) return String(cell);
  // A time is a fraction of a day there, and eight o'clock is a third: 07:59:59.997.
  const shown = new Date(Math.round(cell.getTime() / SECOND_MS) * SECOND_MS);
  // A spreadsheet's times have no zone: the package gives them as those of UTC.
  const [date = "", time = ""] = shown.toISOString().split("T");
  const clock = time.slice(0, time.slice(6, 8) === "00" ? 5 : 8);
  if (shown.getUTCFullYear() < FIRST_YEAR) return clock;
  return clock === "00:00" ? date : `${date} ${clock}`;
}

/** A running server that watches the file sees all of it, or the one before. */
async function writeWhole(file: string, text: string): Promise<void> {
  const partial = `${file}.new`;
  await Deno.writeTextFile(partial, text);
  await retryWhileBusy(() => Deno.rename(partial, file));
}
