/** Conditions of rules as clauses that can be said in words. */
import type { ReadValue } from "../../rules/cel/evaluation.ts";

/** How a part of a condition compares. */
export type Relation =
  | "over"
  | "at least"
  | "under"
  | "at most"
  | "is"
  | "is not"
  | "is one of"
  | "contains"
  | "begins with"
  | "ends with"
  | "holds"
  | "does not hold";

/** A part of a condition, with what it read: `order.total`, over, `500`, where it was `612.4`. */
export interface ReasonClause {
  /** What is compared, as the rule writes it. */
  readonly path: string;
  readonly relation: Relation;
  /** With what it is compared, as the rule writes it but for quotes. */
  readonly limit: string;
  /** What stood there, as people write it. */
  readonly value: string;
}

const COMPARED: Readonly<Record<string, Relation>> = {
  ">": "over",
  ">=": "at least",
  "<": "under",
  "<=": "at most",
  "==": "is",
  "!=": "is not",
  "in": "is one of",
};
const CALLED: Readonly<Record<string, Relation>> = {
  contains: "contains",
  startsWith: "begins with",
  endsWith: "ends with",
};

const PATH = String.raw`[A-Za-z_][\w.]*?`;
/** What makes case and spaces not count says nothing that a reader wants to know. */
const LENIENT = String.raw`(?:\.(?:lowerAscii|lower|upperAscii|upper|trim)\(\))*`;
const TEXT = String.raw`'[^'\\]*'|"[^"\\]*"`;
const LITERAL = String.raw`${TEXT}|-?\d+(?:\.\d+)?|true|false`;
const COMPARISON = new RegExp(
  `^(${PATH})${LENIENT}\\s*(>=|<=|==|!=|>|<)\\s*(${LITERAL})$`,
);
const MEMBERSHIP = new RegExp(
  `^(${PATH})${LENIENT}\\s+(in)\\s+\\[\\s*((?:${LITERAL})(?:\\s*,\\s*(?:${LITERAL}))*)\\s*,?\\s*\\]$`,
);
const CALL = new RegExp(`^(${PATH})${LENIENT}\\.(contains|startsWith|endsWith)\\((${TEXT})\\)$`);
const BARE = new RegExp(`^(!?)\\s*(${PATH})$`);

/**
 * Reads a condition as parts that all hold.
 *
 * @param when The condition.
 * @param values What it read.
 * @param total The total of the order with its currency, as people write it.
 * @returns The parts; `undefined` where its text says it better, or where it is not known what it
 * read.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const values = [{ path: "order.total", value: 612.4 }];
 * assertEquals(readClauses("order.total > 500.0", values, "612.40 USD"), [
 *   { path: "order.total", relation: "over", limit: "500", value: "612.40 USD" },
 * ]);
 * assertEquals(readClauses("order.items.exists(i, i.quantity > 5)", []), undefined);
 * ```
 */
export function readClauses(
  when: string,
  values: readonly ReadValue[],
  total?: string,
): readonly ReasonClause[] | undefined {
  const clauses: ReasonClause[] = [];
  for (const part of conjunctsOf(when)) {
    const clause = readClause(part, values, total);
    if (clause === undefined) return undefined;
    clauses.push(clause);
  }
  return clauses;
}

/** The parts between `&&`; what stands in quotes or parentheses is one. */
function conjunctsOf(when: string): readonly string[] {
  // What is quoted stays as it is, and an operator within it is none.
  const tokens = when.match(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|&&|[\s\S]/g) ?? [];
  const parts = [""];
  let depth = 0;
  for (const token of tokens) {
    if ("([{".includes(token)) depth++;
    if (")]}".includes(token)) depth--;
    if (token === "&&" && depth === 0) parts.push("");
    else parts.push((parts.pop() ?? "") + token);
  }
  return parts.map((part) => part.trim());
}

function readClause(
  part: string,
  values: readonly ReadValue[],
  total: string | undefined,
): ReasonClause | undefined {
  const compared = COMPARISON.exec(part) ?? MEMBERSHIP.exec(part);
  const [, path = "", operator = "", literal = ""] = compared ?? CALL.exec(part) ?? [];
  const relation = COMPARED[operator] ?? CALLED[operator];
  if (relation !== undefined) {
    const value = valueAt(path, values, total);
    return value === undefined ? undefined : { path, relation, limit: plain(literal), value };
  }
  const [bare, not = "", name = ""] = BARE.exec(part) ?? [];
  const value = valueAt(name, values, total);
  if (bare === undefined || value === undefined) return undefined;
  return { path: name, relation: not === "" ? "holds" : "does not hold", limit: "", value };
}

/** What stood at a path; the total of an order is told with its currency, as the order writes it. */
function valueAt(
  path: string,
  values: readonly ReadValue[],
  total: string | undefined,
): string | undefined {
  const read = values.find((one) => one.path === path);
  if (read === undefined) return undefined;
  const isTotal = path.endsWith(".total") && total !== undefined &&
    Number(total.split(" ")[0]) === Number(read.value);
  return isTotal ? total : String(read.value);
}

/** A literal for people: without quotes, and a whole number without its zeros. */
function plain(literal: string): string {
  return (literal.match(new RegExp(LITERAL, "g")) ?? [])
    .map((one) => one.replace(/^['"]|['"]$/g, "").replace(/^(-?\d+)\.0+$/, "$1"))
    .join(", ");
}
