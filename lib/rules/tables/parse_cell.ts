/** Reads what is written in the cell of a decision table. */
import { writtenPattern } from "../cel/text.ts";
import { hintForPattern } from "../mistakes/run_time.ts";
import { messageOf } from "../../util/words.ts";
import { type CellCondition, type CellType, type CellValue, timeRange } from "./cell.ts";
import {
  type CellMistake,
  readDateCell,
  readNumberCell,
  readTruthCell,
  type SheetStyle,
} from "./numbers.ts";

/** Most of what one cell lists. */
const MAX_ALTERNATIVES = 2000;

/**
 * Reads a cell.
 *
 * @param text What stands in it.
 * @param type The type of what it is compared with.
 * @param style How its sheet writes numbers.
 * @returns What it asks for, or what is wrong with it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const style = { hasDecimalComma: false };
 * assertEquals(parseCell("", "text", style), { kind: "any" });
 * assertEquals(parseCell("75*", "text", style), { kind: "prefix", prefix: "75" });
 * assertEquals(parseCell("75*", "number", style), {
 *   message: 'found "75*": beginnings fit texts, and this column is a number',
 *   hint: "Write a range, e.g. 100..500",
 * });
 * ```
 */
export function parseCell(
  text: string,
  type: CellType,
  style: SheetStyle,
): CellCondition | CellMistake {
  const cell = text.trim();
  if (cell === "" || cell === "*") return { kind: "any" };
  if (cell.startsWith("~")) return parsePattern(cell, type);
  const negated = /^(?:!=|!|<>|≠)\s*(.*)$/s.exec(cell)?.[1];
  if (negated !== undefined) return parseNegation(cell, negated, type, style);
  const parts = splitAlternatives(cell);
  if (parts.length > MAX_ALTERNATIVES) {
    return { message: `found ${parts.length} values in one cell, at most ${MAX_ALTERNATIVES}` };
  }
  const conditions: CellCondition[] = [];
  for (const part of parts) {
    const parsed = parts.length > 1 && part === ""
      ? emptyPart(cell)
      : parts.length > 1 && part.startsWith("!")
      ? mixedNegation(cell, parts)
      : parts.length > 1 && part.startsWith("~")
      ? parsePattern(part, type)
      : parsePart(part, type, style);
    if ("message" in parsed) return parsed;
    conditions.push(parsed);
  }
  const [only] = conditions;
  if (conditions.length === 1 && only !== undefined) return only;
  return conditions.some(({ kind }) => kind === "any") ? { kind: "any" } : {
    kind: "or",
    conditions,
  };
}

function parseNegation(
  cell: string,
  rest: string,
  type: CellType,
  style: SheetStyle,
): CellCondition | CellMistake {
  const inner = isWrapped(rest) ? rest.slice(1, -1) : undefined;
  if (inner === undefined && !rest.startsWith("~")) {
    const parts = splitAlternatives(rest);
    if (parts.length > 1) return mixedNegation(cell, parts);
  }
  const parsed = parseCell(inner ?? rest, type, style);
  if ("message" in parsed) return parsed;
  if (parsed.kind !== "any") return { kind: "not", condition: parsed };
  return {
    message: `found ${JSON.stringify(cell)}, which nothing fits`,
    hint: 'Write what is not to be, e.g. !DE; a text that is not empty is !""',
  };
}

/** Whether one pair of parentheses stands around all of it. */
function isWrapped(text: string): boolean {
  if (!text.startsWith("(") || !text.endsWith(")")) return false;
  let depth = 0;
  for (const [index, sign] of [...text.slice(0, -1)].entries()) {
    if (sign === "(") depth++;
    if (sign === ")" && --depth === 0 && index > 0) return false;
  }
  return true;
}

function mixedNegation(cell: string, parts: readonly string[]): CellMistake {
  const names = parts.map((part) => part.replace(/^!\s*/, "")).join(" | ");
  return {
    message: `found ${JSON.stringify(cell)}, which can be read in two ways`,
    hint: `Write !(${names}) for none of them`,
  };
}

function emptyPart(cell: string): CellMistake {
  return {
    message: `found ${JSON.stringify(cell)}, which has nothing beside a |`,
    hint: 'Write what else fits, or "" for an empty text',
  };
}

function parsePattern(cell: string, type: CellType): CellCondition | CellMistake {
  const source = cell.slice(1).trim();
  if (type !== "text") return { ...wrongKind(cell, "patterns fit texts", type) };
  if (source === "") {
    return { message: 'found "~" without a pattern', hint: "For example: ~ ^LF-\\d+" };
  }
  try {
    return { kind: "pattern", source, pattern: writtenPattern(source) };
  } catch (error) {
    const reason = messageOf(error);
    return {
      message: `Cannot read the pattern ${JSON.stringify(source)}: ${reason}`,
      hint: hintForPattern(source, reason),
    };
  }
}

const COMPARISON = /^(>=|=>|≥|<=|=<|≤|>|<)\s*(.*)$/s;
const RANGE = /^(.*?)\s*(?:\.{2,3}|…)\s*(.*)$/s;
const QUOTED = /^"((?:[^"]|"")*)"$/s;

function parsePart(
  written: string,
  type: CellType,
  style: SheetStyle,
): CellCondition | CellMistake {
  // `= NY`, `== NY`, and what spreadsheets make of a text that is to stay one: `="01067"`.
  const part = written.replace(/^==?(?![<>])\s*/, "");
  const quoted = QUOTED.exec(part)?.[1];
  if (quoted !== undefined) return literal(quoted.replaceAll('""', '"'), type, style);
  if (part.startsWith('"')) {
    return {
      message: `found ${JSON.stringify(part)}, whose quotes do not end`,
      hint: 'Write a quote within quotes twice: ""',
    };
  }
  const comparison = COMPARISON.exec(part);
  if (comparison !== null) {
    const [, sign = "", rest = ""] = comparison;
    const isUpper = /[<≤]/.test(sign);
    const isWith = /[=≤≥]/.test(sign);
    return isUpper
      ? range(part, undefined, rest, { hasFrom: true, hasTo: isWith }, type, style)
      : range(part, rest, undefined, { hasFrom: isWith, hasTo: true }, type, style);
  }
  const ends = RANGE.exec(part);
  if (ends !== null && !isDecimal(part)) {
    const [, from = "", to = ""] = ends;
    if (from === "" && to === "") {
      return { message: `found ${JSON.stringify(part)}`, hint: "Write a range, e.g. 100..500" };
    }
    const both = { hasFrom: true, hasTo: true };
    return range(part, from || undefined, to || undefined, both, type, style);
  }
  return literalOrPrefix(part, type, style);
}

/** `.5` and the like hold no range. */
function isDecimal(part: string): boolean {
  return /^-?\d*\.\d+$/.test(part);
}

function literalOrPrefix(
  text: string,
  type: CellType,
  style: SheetStyle,
): CellCondition | CellMistake {
  if (!text.includes("*")) return literal(text, type, style);
  if (type !== "text") return wrongKind(text, "beginnings fit texts", type);
  if (text.indexOf("*") === text.length - 1) return { kind: "prefix", prefix: text.slice(0, -1) };
  const pattern = text.replaceAll(/[.+?^${}()[\]\\]/g, "\\$&").replaceAll("*", ".*");
  return {
    message: `found ${JSON.stringify(text)}: a * stands at the end alone, as in 75*`,
    hint: `Write the pattern ~ ^${pattern}$, or in quotes what is meant as it stands`,
  };
}

function literal(text: string, type: CellType, style: SheetStyle): CellCondition | CellMistake {
  const value = readValue(text, type, style);
  if (typeof value === "object") return value;
  if (type === "time" && typeof value === "string") return { kind: "prefix", prefix: value };
  return { kind: "value", value };
}

function readValue(text: string, type: CellType, style: SheetStyle): CellValue | CellMistake {
  switch (type) {
    case "number":
      return readNumberCell(text, style);
    case "bool":
      return readTruthCell(text);
    case "date":
    case "time":
      return readDateCell(text);
    case "text":
      if (!/^\d[.,]\d+E\+\d+$/.test(text)) return text;
      return {
        message: `found ${JSON.stringify(text)}: a spreadsheet has shortened a long number`,
        hint: "Format the column as text, and write the number again",
      };
  }
}

function range(
  part: string,
  first: string | undefined,
  last: string | undefined,
  ends: { readonly hasFrom: boolean; readonly hasTo: boolean },
  type: CellType,
  style: SheetStyle,
): CellCondition | CellMistake {
  if (type === "bool") return wrongKind(part, "ranges fit numbers and dates", type);
  if (type === "text") return textRange(part, first, last, ends);
  const from = first === undefined ? undefined : readValue(first, type, style);
  const to = last === undefined ? undefined : readValue(last, type, style);
  if (typeof from === "object") return from;
  if (typeof to === "object") return to;
  if (typeof from === "boolean" || typeof to === "boolean") return wrongKind(part, "", type);
  // All of a day is in a range that ends with it, whatever time it begins at.
  const isWithin = type === "time" && from !== undefined && String(from).startsWith(String(to));
  if (from !== undefined && to !== undefined && from > to && !isWithin) {
    return {
      message: `found ${JSON.stringify(part)}, in which nothing is`,
      hint: `Write the smaller end first: ${last}..${first}`,
    };
  }
  if (type === "number") return { kind: "range", from, to, ...ends };
  const [start, end] = [from?.toString(), to?.toString()];
  return timeRange(start, end, ends);
}

const DAY = /^\d{4}-\d{2}-\d{2}/;

/** Postcodes of one length, and times as stores send them. */
function textRange(
  part: string,
  first: string | undefined,
  last: string | undefined,
  ends: { readonly hasFrom: boolean; readonly hasTo: boolean },
): CellCondition | CellMistake {
  if ([first, last].every((end) => end === undefined || DAY.test(end))) {
    return range(part, first, last, ends, "time", { hasDecimalComma: false });
  }
  if (first !== undefined && last !== undefined && /^\d+$/.test(first) && /^\d+$/.test(last)) {
    if (first.length === last.length && first <= last) {
      return { kind: "digits", from: first, to: last };
    }
    return {
      message: `found ${JSON.stringify(part)}: the ends of such a range of text have as many ` +
        "digits, the smaller one first",
      hint: "For example 01000..09999; for numbers, write number(…) in the table's inputs",
    };
  }
  return {
    message: `found ${JSON.stringify(part)}: this column is text, which has no such ranges`,
    hint: "Write number(…) around it in the table's inputs to compare numbers, or put what is " +
      'meant as it stands in quotes: "…"',
  };
}

const TYPE_WORDS: Readonly<Record<CellType, string>> = {
  number: "a number",
  text: "text",
  bool: "true or false",
  date: "a date",
  time: "a time",
};

function wrongKind(part: string, what: string, type: CellType): CellMistake {
  return {
    message: `found ${JSON.stringify(part)}: ${what}, and this column is ${TYPE_WORDS[type]}`,
    ...(type === "number" && { hint: "Write a range, e.g. 100..500" }),
  };
}

/** Where quotes may begin: one behind other text, as of 12", is a sign as any. */
const BEFORE_QUOTES = /^\s*(?:==?\s*)?$/;

/** Cuts at each `|` that is not in quotes. */
function splitAlternatives(cell: string): readonly string[] {
  if (!cell.includes("|")) return [cell];
  const parts: string[] = [];
  let [start, isQuoted] = [0, false];
  for (let at = 0; at < cell.length; at++) {
    const sign = cell[at];
    if (sign === '"' && isQuoted && cell[at + 1] === '"') at++;
    else if (sign === '"') isQuoted = !isQuoted && BEFORE_QUOTES.test(cell.slice(start, at));
    if (sign !== "|" || isQuoted) continue;
    parts.push(cell.slice(start, at).trim());
    start = at + 1;
  }
  return [...parts, cell.slice(start).trim()];
}
