/** Conditions of rules without what they compare with, where that may be about a person. */
import type { ReadValue } from "../../rules/cel/evaluation.ts";
import { HIDDEN } from "./policy.ts";

/** What fields with these names hold are amounts, which are nobody's. */
const AMOUNTS: ReadonlySet<string> = new Set([
  "total",
  "subtotal",
  "quantity",
  "recipients",
  "copies",
  "tax",
  "price",
  "amount",
  "weight",
]);

/** A raw text ends at the first quote, whatever stands before it. */
const RAW_STRING = String
  .raw`(?:[rR][bB]?|[bB][rR])(?:'''[\s\S]*?'''|"""[\s\S]*?"""|'[^'\n]*'|"[^"\n]*")`;
const STRING = String
  .raw`[bB]?(?:'''(?:[^\\]|\\[\s\S])*?'''|"""(?:[^\\]|\\[\s\S])*?"""|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")`;
const QUOTED_NAME = "`[^`]*`";
const NUMBER = String.raw`0[xX][\da-fA-F]+[uU]?|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[uU]?`;
const PATH = String.raw`[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*`;
const OTHER = String.raw`[<>=!]=|&&|\|\||[-+*/%<>!?:.,()[\]{}]`;
const TOKEN = new RegExp(
  `(?<space>\\s+)|(?<comment>//[^\\n]*)|(?<text>${RAW_STRING}|${STRING}|${QUOTED_NAME})|` +
    `(?<path>${PATH})|(?<number>${NUMBER})|(?<other>${OTHER})`,
  "y",
);

interface Token {
  readonly kind: string;
  readonly text: string;
}

/**
 * Takes out of a condition what may be about a person: every text, and every number but those that
 * an amount is compared with. What it looks at stays.
 *
 * @param when The condition.
 * @returns The same without them; nothing of one that cannot be read.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const when = "order.total > 500.0 && order.user.email == 'jane@example.com'";
 * assertEquals(
 *   withoutLiterals(when),
 *   "order.total > 500.0 && order.user.email == '[hidden]'",
 * );
 * assertEquals(withoutLiterals("order.user.zip == 10115"), "order.user.zip == '[hidden]'");
 * assertEquals(withoutLiterals("size(order.items) > 3 // Jane"), "size(order.items) > 3 ");
 * assertEquals(withoutLiterals("order.total > 'unended"), "[hidden]");
 * ```
 */
export function withoutLiterals(when: string): string {
  const tokens = tokensOf(when);
  if (tokens === undefined) return HIDDEN;
  const read = tokens.filter(({ kind }) => kind !== "space" && kind !== "comment");
  return tokens.map((token) => {
    if (token.kind === "comment") return "";
    const isHidden = token.kind === "text" ||
      (token.kind === "number" && !isOfAmount(read, read.indexOf(token)));
    return isHidden ? `'${HIDDEN}'` : token.text;
  }).join("");
}

function tokensOf(when: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < when.length) {
    const groups = TOKEN.exec(when)?.groups;
    if (groups === undefined) return undefined;
    const [kind, text] = Object.entries(groups).find(([, one]) => one !== undefined) ?? [];
    if (kind === undefined || text === undefined) return undefined;
    tokens.push({ kind, text });
  }
  return tokens;
}

const COMPARISON = /^(?:[<>]=?|[=!]=)$/;

/** Whether an amount, or how many of something there are, is compared with the number. */
function isOfAmount(tokens: readonly Token[], at: number): boolean {
  const text = (index: number) => tokens[index]?.text ?? "";
  const before = text(at - 1) === "-" ? at - 2 : at - 1;
  if (COMPARISON.test(text(before)) && isAmountBefore(tokens, before - 1)) return true;
  const path = text(at + 2);
  const isAlone = text(at + 3) !== "(" && text(at + 3) !== "[";
  return COMPARISON.test(text(at + 1)) &&
    ((isAmount(path) && isAlone) || (path === "size" && text(at + 3) === "("));
}

/** Whether an amount ends there: `order.total`, or `size(order.items)`. */
function isAmountBefore(tokens: readonly Token[], end: number): boolean {
  if (tokens[end]?.kind === "path") {
    // Behind an index and a dot, the name stands alone: `order.items[0].quantity`.
    return isAmount(tokens[end].text);
  }
  if (tokens[end]?.text !== ")") return false;
  let depth = 0;
  for (let at = end; at >= 0; at--) {
    if (tokens[at]?.text === ")") depth++;
    if (tokens[at]?.text === "(") depth--;
    if (depth === 0) return /(?:^|\.)size$/.test(tokens[at - 1]?.text ?? "");
  }
  return false;
}

function isAmount(path: string): boolean {
  return AMOUNTS.has(path.split(".").at(-1) ?? "");
}

/**
 * Takes out of what a rule read all but amounts.
 *
 * @param value What it read.
 * @returns The same with its value hidden where that may be about a person.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const total = { path: "order.total", value: 612.4 };
 * assertEquals(withoutPersonalValue(total), total);
 * const email = { path: "order.user.email", value: "jane@example.com" };
 * assertEquals(withoutPersonalValue(email), { path: "order.user.email", value: "[hidden]" });
 * const property = { path: "item.properties['D'Arcy O'Brien']", value: "yes" };
 * assertEquals(withoutPersonalValue(property).path, "item.properties['[hidden]']");
 * ```
 */
export function withoutPersonalValue(value: ReadValue): ReadValue {
  const isCount = value.isDescription === true && /^\d+ elements?$/.test(String(value.value));
  const isShown = isCount || (isNumber(value.value) && isAmount(value.path));
  return {
    ...value,
    path: withoutNames(value.path),
    ...(isShown ? {} : { value: HIDDEN }),
  };
}

const KNOWN_PLACE = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*|\[\d+\])*/;

/** What is looked up by its name, the document may have named, quotes and all. */
function withoutNames(path: string): string {
  const [known = ""] = KNOWN_PLACE.exec(path) ?? [];
  return known === path ? path : `${known}['${HIDDEN}']`;
}

/** Also one that is written with more digits than a number holds. */
function isNumber(value: unknown): boolean {
  return typeof value === "number" || JSON.isRawJSON(value);
}
