/** Conditions of rules as clauses that can be said in words. */
import type { ReadValue } from "../../rules/cel/evaluation.ts";

/** How a clause compares: the name of its text. */
export type ClauseWords =
  | "over"
  | "atLeast"
  | "under"
  | "atMost"
  | "is"
  | "isNot"
  | "isOneOf"
  | "contains"
  | "begins"
  | "ends"
  | "holds"
  | "holdsNot";

/** One part of a condition, as far as it is so simple that words say it better than its text. */
export interface Clause {
  readonly words: ClauseWords;
  /** What is compared, as the rule writes it: `order.total`. */
  readonly path: string;
  /** What stood there; `undefined` where that cannot be told. */
  readonly value: ReadValue["value"] | undefined;
  /** With what it is compared, as the rule writes it but for quotes. */
  readonly limit: string;
}

const COMPARED: Readonly<Record<string, ClauseWords>> = {
  ">": "over",
  ">=": "atLeast",
  "<": "under",
  "<=": "atMost",
  "==": "is",
  "!=": "isNot",
  "in": "isOneOf",
};
const CALLED: Readonly<Record<string, ClauseWords>> = {
  contains: "contains",
  startsWith: "begins",
  endsWith: "ends",
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
 * Reads a condition as clauses that all hold.
 *
 * @param when The condition.
 * @param values What it read.
 * @returns The clauses; `undefined` where it is not so simple.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const values = [{ path: "order.total", value: 612.4 }];
 * assertEquals(readClauses("order.total > 500.0", values), [
 *   { words: "over", path: "order.total", value: 612.4, limit: "500" },
 * ]);
 * assertEquals(readClauses("order.items.exists(i, i.quantity > 5)", []), undefined);
 * ```
 */
export function readClauses(
  when: string,
  values: readonly ReadValue[],
): readonly Clause[] | undefined {
  const clauses: Clause[] = [];
  for (const part of conjunctsOf(when)) {
    const clause = readClause(part, values);
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

function readClause(part: string, values: readonly ReadValue[]): Clause | undefined {
  const compared = COMPARISON.exec(part) ?? MEMBERSHIP.exec(part);
  const [, path = "", operator = "", literal = ""] = compared ?? CALL.exec(part) ?? [];
  const words = COMPARED[operator] ?? CALLED[operator];
  if (words !== undefined) {
    return { words, path, value: valueAt(path, values), limit: plain(literal) };
  }
  const [bare, not = "", name = ""] = BARE.exec(part) ?? [];
  if (bare === undefined || name === "true" || name === "false") return undefined;
  return {
    words: not === "" ? "holds" : "holdsNot",
    path: name,
    value: valueAt(name, values),
    limit: "",
  };
}

function valueAt(path: string, values: readonly ReadValue[]): Clause["value"] {
  return values.find((one) => one.path === path)?.value;
}

/** A literal for people: without quotes, and a whole number without its zeros. */
function plain(literal: string): string {
  return (literal.match(new RegExp(LITERAL, "g")) ?? [])
    .map((one) => one.replace(/^['"]|['"]$/g, "").replace(/^(-?\d+)\.0+$/, "$1"))
    .join(", ");
}
