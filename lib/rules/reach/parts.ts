/** The parts of a condition that have a value, and the values that they can have at all. */
import type { ASTNode } from "@marcbachmann/cel-js";
import { checkedTypeOf, childrenOf } from "../cel/syntax_tree.ts";
import { rewrite } from "../cel/rewrite.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { ALL_DAYS } from "./days.ts";
import { canFail } from "./failing.ts";
import { isMap, type Literal, literalOf } from "./operands.ts";
import {
  bothOf,
  type Comparison,
  isNone,
  justThese,
  MIRRORED,
  type ValueSet,
  valuesThat,
} from "./value_set.ts";

/** A part of a condition, by its canonical text. */
export interface ConditionPart {
  readonly key: string;
  /** Whether it can fail, e.g. for a property that is not there. */
  readonly canFail: boolean;
  /** The values that it can have; all of its type unless given. */
  readonly domain?: ValueSet | undefined;
}

/**
 * Names a part of a condition.
 *
 * @param vocabulary What the condition may speak of.
 * @param node A node of it that has a value.
 */
export function partOf(vocabulary: Vocabulary, node: ASTNode): ConditionPart {
  if (node.op === "." && isMap(vocabulary, node.args[0])) {
    return entryOf(node.args[0], node.args[1]);
  }
  if (node.op === "[]" && isMap(vocabulary, node.args[0])) {
    const key = literalOf(node.args[1]);
    if (typeof key === "string") return entryOf(node.args[0], key);
  }
  return {
    key: rewrite(node),
    canFail: canFail(vocabulary, node),
    domain: domainOf(node)?.values,
  };
}

/** The entry of a map. */
export function entryOf(map: ASTNode, key: string): ConditionPart {
  return { key: `${rewrite(map)}[${JSON.stringify(key)}]`, canFail: true };
}

/** The values that something can have, and how to say so. */
interface Domain {
  readonly values: ValueSet;
  /** What it gives, for a sentence. */
  readonly words: string;
}

const WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

const DATE_WORDS = "a date such as 2026-12-24";

/** What methods of times give, from and to. */
const CLOCKS: ReadonlyMap<string, readonly [from: number, to: number]> = new Map([
  ["hour", [0, 23]],
  ["minute", [0, 59]],
  ["getHours", [0, 23]],
  ["getMinutes", [0, 59]],
  ["getSeconds", [0, 59]],
  ["getMilliseconds", [0, 999]],
  ["getDate", [1, 31]],
  ["getDayOfMonth", [0, 30]],
  ["getDayOfWeek", [0, 6]],
  ["getDayOfYear", [0, 365]],
  ["getMonth", [0, 11]],
]);

/** The values that a call can give; `undefined` where that may be all of its type. */
function domainOf(node: ASTNode): Domain | undefined {
  if (node.op === "call" && node.args[0] === "size") {
    return { values: valuesThat(">=", 0), words: "0 and more" };
  }
  if (node.op !== "rcall") return undefined;
  const [name, receiver] = node.args;
  if (name === "size") return { values: valuesThat(">=", 0), words: "0 and more" };
  if (!/^string$|Timestamp$/.test(checkedTypeOf(receiver)?.name ?? "")) return undefined;
  if (name === "date") return { values: ALL_DAYS, words: DATE_WORDS };
  if (name === "weekday") return { values: justThese(WEEKDAYS), words: WEEKDAYS.join(", ") };
  const clock = CLOCKS.get(name);
  if (clock === undefined) return undefined;
  const [from, to] = clock;
  const values = justThese(Array.from({ length: to - from + 1 }, (_, index) => from + index));
  return { values, words: `${from} to ${to}` };
}

/** What something never is. */
interface Never {
  /** Said of the part, e.g. `order.created.hour() is never 25`. */
  readonly message: string;
  /** What it can be, for a sentence. */
  readonly words: string;
}

/** What methods that give texts never give. */
const NEVER: ReadonlyMap<string, readonly [never: RegExp, words: string]> = new Map([
  ["lower", [/[A-Z]/, "lower case"]],
  ["lowerAscii", [/[A-Z]/, "lower case"]],
  ["upper", [/[a-z]/, "upper case"]],
  ["upperAscii", [/[a-z]/, "upper case"]],
  ["trim", [/^\s|\s$/, "text without spaces around it"]],
  ["date", [/^(?!-?\d{3,}-\d\d-\d\d$)/, DATE_WORDS]],
]);

/** Of those, what holds of each part of their texts too. */
const CASE_METHODS = /^(?:lower|upper)/;

/**
 * Tells whether something can have a value.
 *
 * @param vocabulary What the condition may speak of.
 * @param node What has a value.
 * @param value The value.
 * @returns Why it never has it; `undefined` where it may.
 */
export function neverIs(vocabulary: Vocabulary, node: ASTNode, value: Literal): Never | undefined {
  const domain = domainOf(node);
  if (domain !== undefined && typeof value !== "boolean") {
    const { values, words } = domain;
    const isIn = values.kind !== "flags" &&
      values.spans.some(({ from, to }) =>
        (from === undefined || value >= from) && (to === undefined || value <= to)
      );
    if (!isIn) return neverSaid(node, JSON.stringify(value), words);
  }
  if (typeof value !== "string") return undefined;
  return neverGives(node, value, "all") ?? neverLeft(vocabulary, node, value);
}

function neverGives(node: ASTNode, text: string, which: "all" | "part"): Never | undefined {
  if (node.op !== "rcall" || node.args[2].length > 0) return undefined;
  const [name] = node.args;
  const [never, words] = NEVER.get(name) ?? [];
  if (never === undefined || words === undefined || !never.test(text)) return undefined;
  if (which === "part" && !CASE_METHODS.test(name)) return undefined;
  return neverSaid(node, JSON.stringify(text), words);
}

/** `country` is `DE` where `Germany` is sent. */
function neverLeft({ definition }: Vocabulary, node: ASTNode, text: string): Never | undefined {
  if (node.op !== ".") return undefined;
  const field = `${checkedTypeOf(node.args[0])?.name}.${node.args[1]}`;
  const { normalized = {} } = definition;
  const given = Object.hasOwn(normalized, field) ? normalized[field]?.(text) : undefined;
  if (given === undefined || given === text) return undefined;
  return neverSaid(node, JSON.stringify(text), `${JSON.stringify(given)} where that is sent`);
}

function neverSaid(node: ASTNode, what: string, words: string): Never {
  return { message: `${written(node)} is never ${what}`, words };
}

/** A part as it is written, on one line. */
function written(node: ASTNode): string {
  return node.input.slice(node.start, node.end).replaceAll(/\s+/g, " ");
}

/**
 * Finds where a condition compares something with what it never is.
 *
 * @param vocabulary What the condition may speak of.
 * @param node The root of a condition that passed the type check.
 */
export function findNever(vocabulary: Vocabulary, node: ASTNode): readonly Never[] {
  const below = childrenOf(node).flatMap((one) => findNever(vocabulary, one));
  return [...neverIn(vocabulary, node), ...below];
}

/** What a node itself compares so. */
export function neverIn(vocabulary: Vocabulary, node: ASTNode): readonly Never[] {
  switch (node.op) {
    case "==":
    case "!=": {
      const [left, right] = node.args;
      const [onLeft, onRight] = [literalOf(left), literalOf(right)];
      if (onRight !== undefined) return [neverIs(vocabulary, left, onRight) ?? []].flat();
      return onLeft === undefined ? [] : [neverIs(vocabulary, right, onLeft) ?? []].flat();
    }
    case "<":
    case "<=":
    case ">":
    case ">=":
      return [
        neverCompares(node.args[0], node.op, node.args[1]) ??
          neverCompares(node.args[1], MIRRORED[node.op], node.args[0]) ?? [],
      ].flat();
    case "in": {
      const [left, right] = node.args;
      if (right.op !== "list") return [];
      return right.args.flatMap((one) => {
        const value = literalOf(one);
        return value === undefined ? [] : neverIs(vocabulary, left, value) ?? [];
      });
    }
    case "rcall": {
      const [name, receiver, [first]] = node.args;
      if (first === undefined || !/^(?:contains|startsWith|endsWith)$/.test(name)) return [];
      const text = literalOf(first);
      return typeof text === "string" ? [neverGives(receiver, text, "part") ?? []].flat() : [];
    }
    default:
      return [];
  }
}

/** `hour() > 25`, `date() >= '24.12.2026'` */
function neverCompares(left: ASTNode, comparison: Comparison, right: ASTNode): Never | undefined {
  const [domain, value] = [domainOf(left), literalOf(right)];
  if (domain === undefined || value === undefined) return undefined;
  const { values, words } = domain;
  if (words === DATE_WORDS && typeof value === "string" && !COMPARED_WITH_DATE.test(value)) {
    return { message: `${written(left)} is compared with ${JSON.stringify(value)}`, words };
  }
  if (values.kind !== "numbers" || typeof value !== "number") return undefined;
  if (!isNone(bothOf(values, valuesThat(comparison, value)))) return undefined;
  return neverSaid(left, `${comparison} ${value}`, words);
}

/** A year or a month has its days behind it. */
const COMPARED_WITH_DATE = /^(?:\d{4}(?:-\d\d(?:-\d\d)?)?)?$/;
