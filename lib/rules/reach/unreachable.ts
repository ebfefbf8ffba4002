/** Rules that can never decide. Told only where no document whatever could prove it wrong. */
import type { CompiledRules } from "../rules.ts";
import type { CompiledTable, InputColumn } from "../tables/table.ts";
import { ofLine } from "../tables/rule_table.ts";
import { utcMethodIn } from "../cel/times.ts";
import type { Expression } from "../expression.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { areApart, type Case, casesOf, TooManyCases, without } from "./cases.ts";
import { findNever } from "./parts.ts";
import { findNeverCells, findOverlappingRows } from "./table_cells.ts";
import { casesOfRow, describeCase, findTakenRows } from "./table_reach.ts";

/** A rule as far as it matters here. */
interface NamedCondition {
  readonly name: string;
  readonly when: Pick<Expression, "ast">;
}

/** A rule, or a row of a table. */
interface Decider {
  /** How a sentence calls it, e.g. `rule "large"`. */
  readonly name: string;
  /** The same with its place. */
  readonly place: string;
  /** When it decides; `undefined` where too little is known of that. */
  readonly cases: readonly Case[] | undefined;
  /** Why nothing can meet it, where more can be said than that. */
  readonly never?: string | undefined;
}

/** A rule that can never decide. */
export interface UnreachableRule {
  /** Its position. */
  readonly index: number;
  /** Why, in one sentence that begins with its name. */
  readonly message: string;
  readonly hint: string;
}

/** What is known of the rules of an endpoint. */
export interface Reach {
  readonly unreachable: readonly UnreachableRule[];
  /** Whether there may be documents that none of them matches. */
  readonly leavesSome: boolean;
}

/** Every document. */
const ALL: readonly Case[] = [new Map()];

/**
 * Finds rules that can never decide.
 *
 * @param vocabulary What they may speak of.
 * @param rules All rules of an endpoint, in order.
 * @returns Those that no document meets, or only such that a rule before them has matched.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { compileExpression } from "../expression.ts";
 * import { createVocabulary } from "../vocabulary.ts";
 *
 * const vocabulary = createVocabulary({
 *   types: { Order: { total: "number" } },
 *   variables: { order: "Order" },
 * });
 * const rules = ["order.total > 500", "order.total > 1000"].flatMap((source, index) => {
 *   const when = compileExpression(vocabulary, source);
 *   return "ast" in when ? [{ name: String(index), when }] : [];
 * });
 * assertEquals(reachOf(vocabulary, rules).unreachable.map(({ index }) => index), [1]);
 * ```
 */
export function reachOf(vocabulary: Vocabulary, rules: readonly NamedCondition[]): Reach {
  const deciders = rules.map((rule, index) => deciderOf(vocabulary, rule, index));
  const unreachable = deciders.flatMap((_, index) => unreachableAt(deciders, index) ?? []);
  return { unreachable, leavesSome: left(ALL, deciders).length > 0 };
}

function deciderOf(
  vocabulary: Vocabulary,
  { name, when }: NamedCondition,
  index: number,
): Decider {
  const quoted = `rule ${JSON.stringify(name)}`;
  const [never] = findNever(when.ast);
  return {
    name: quoted,
    place: `${quoted} (rules[${index}])`,
    cases: casesOrNone(() => casesOf(vocabulary, when.ast)),
    never: never && `${never.message}, it is ${never.words}`,
  };
}

function unreachableAt(
  deciders: readonly Decider[],
  index: number,
): UnreachableRule | undefined {
  const decider = deciders[index];
  const cases = decider?.cases;
  if (decider === undefined || cases === undefined) return undefined;
  const name = decider.name.charAt(0).toUpperCase() + decider.name.slice(1);
  if (cases.length === 0) {
    return {
      index,
      message: `${name} never matches: ${decider.never ?? "nothing can meet its condition"}`,
      hint: "Correct the condition, or take the rule out",
    };
  }
  const why = whyTaken(cases, deciders.slice(0, index));
  if (why === undefined) return undefined;
  return {
    index,
    message: `${name} is never reached: ${why}`,
    hint: "Put it before that rule, correct the conditions, or take it out",
  };
}

function whyTaken(cases: readonly Case[], before: readonly Decider[]): string | undefined {
  const near = before.filter((earlier) =>
    (earlier.cases ?? []).some((one) => cases.some((own) => !areApart(one, own)))
  );
  // One rule that takes all of it says more than several that take it together.
  for (const earlier of near) {
    if (left(cases, [earlier]).length > 0) continue;
    if (left(ALL, [earlier]).length === 0) return `${earlier.place} before it matches always`;
    const isSame = left(earlier.cases ?? [], [{ ...earlier, cases }]).length === 0;
    return isSame
      ? `${earlier.place} before it has the same condition`
      : `${earlier.place} before it matches whatever it would match`;
  }
  if (left(cases, near).length > 0) return undefined;
  return `${inWords(near.map(({ place }) => place))} before it match whatever it would match`;
}

/** The most that a sentence names. */
const MOST_NAMED = 4;

function inWords(places: readonly string[]): string {
  if (places.length <= MOST_NAMED) return places.join(" and ");
  return `${places.slice(0, MOST_NAMED).join(", ")} and ${places.length - MOST_NAMED} more`;
}

/** What rules leave of cases; one of which too little is known takes nothing. */
function left(cases: readonly Case[], rules: readonly Pick<Decider, "cases">[]): readonly Case[] {
  try {
    return rules.flatMap((rule) => rule.cases ?? []).reduce(without, cases);
  } catch (error) {
    if (error instanceof TooManyCases) return ALL;
    throw error;
  }
}

function casesOrNone(list: () => readonly Case[]): readonly Case[] | undefined {
  try {
    return list();
  } catch (error) {
    if (error instanceof TooManyCases) return undefined;
    throw error;
  }
}

/** Where what was found is told; the path begins with `rules`. */
type Tell = (at: readonly (string | number)[], message: string, hint?: string) => void;

/** What rules are judged by when all of them can be read. */
export interface JudgedRules {
  readonly vocabulary: Vocabulary;
  /** As the config writes them. */
  readonly written: readonly unknown[];
  /** Those that can be read. */
  readonly compiled: CompiledRules<unknown>;
  /** Whether something decides where no rule does. */
  readonly hasOtherwise: boolean;
}

/** More rows are compared by the values alone that they list. */
const MAX_ROWS = 1000;

/**
 * Warns of rules that can never decide, and of documents for which nothing decides; notes where a
 * condition reads the clocks of UTC.
 *
 * @param rules The rules of an endpoint.
 * @param tell Where it is told.
 */
export function warnOfRules(
  { vocabulary, written, compiled, hasOtherwise }: JudgedRules,
  { warn, note }: { readonly warn: Tell; readonly note: Tell },
): void {
  if (compiled.length < written.length) return;
  const deciders: Decider[] = [];
  const inputs: InputColumn[] = [];
  for (const rule of compiled) {
    const { index } = rule;
    if (rule.table === undefined) {
      deciders.push(deciderOf(vocabulary, rule, index));
      const found = unreachableAt(deciders, deciders.length - 1);
      if (found !== undefined) warn(["rules", index, "when"], found.message, found.hint);
      warnOfNever(rule, index, found !== undefined, warn);
      noteUtc(rule, index, note);
      continue;
    }
    inputs.push(...rule.table.inputs);
    judgeTable(vocabulary, rule.table, index, deciders, warn);
  }
  const rest = left(ALL, deciders);
  const [some] = rest;
  if (hasOtherwise || some === undefined) return;
  const example = some.size > 0 && inputs.length > 0 ? `, e.g. ${describeCase(some, inputs)}` : "";
  warn(
    ["otherwise"],
    `found no "otherwise": what no rule matches is refused${example}`,
    'Say what is to be done then: "otherwise" takes what "then" of a rule takes',
  );
}

/** What a condition compares with what it never is, though it can be met otherwise. */
function warnOfNever(
  { name, when }: NamedCondition,
  index: number,
  isTold: boolean,
  warn: Tell,
): void {
  if (isTold) return;
  for (const { message, words } of findNever(when.ast)) {
    warn(
      ["rules", index, "when"],
      `In rule ${JSON.stringify(name)}, ${message}`,
      `It is ${words}`,
    );
  }
}

function noteUtc({ name, when }: NamedCondition, index: number, note: Tell): void {
  const method = utcMethodIn(when.ast);
  if (method === undefined) return;
  note(
    ["rules", index, "when"],
    `Rule ${JSON.stringify(name)} reads the clocks of UTC by ${method}()`,
    "Those of the store show hour(), weekday() and date()",
  );
}

/** Judges the rows of a table, and adds them to what decides before what follows. */
function judgeTable(
  vocabulary: Vocabulary,
  compiled: CompiledTable<unknown>,
  index: number,
  deciders: Decider[],
  warn: Tell,
): void {
  const { table, inputs, rows } = compiled;
  const { named } = vocabulary;
  const taken = new Set<number>();
  for (const finding of findNeverCells(compiled)) {
    // That the row may never match follows from it.
    if (finding.place !== undefined) taken.add(finding.place.line);
    named?.warn(finding);
  }
  if (table.hit === "unique") {
    for (const { earlier, later } of findOverlappingRows(vocabulary, compiled)) {
      named?.tell(ofLine(
        table,
        later,
        `this row and that of line ${earlier} can both fit, while "hit" is "unique"`,
        'Let one of them ask for more, or write "hit": "first" for the first to decide',
      ));
    }
  } else {
    for (const { earlier, later } of findTakenRows(compiled)) {
      taken.add(later);
      named?.warn(ofLine(
        table,
        later,
        `this row is never reached: line ${earlier} before it fits whatever it would fit`,
        "Put it before that line, correct one of them, or take it out",
      ));
    }
  }
  const own: Decider[] = [];
  for (const row of rows) {
    const isKnown = rows.length <= MAX_ROWS || row.conditions.every(({ kind }) => kind === "any");
    if (!isKnown) continue;
    const name = `line ${row.line} of ${table.file}`;
    const cases = casesOrNone(() => casesOfRow(vocabulary, inputs, row));
    const decider = { name, place: name, cases };
    const isFirst = table.hit === "first";
    const inTable = unreachableAt(
      isFirst ? [...own, decider] : [decider],
      isFirst ? own.length : 0,
    );
    own.push(decider);
    if (taken.has(row.line)) continue;
    if (inTable !== undefined) {
      const message = inTable.message.replace(
        /^.*? (?=is never reached|never matches)/,
        "",
      );
      const hint = inTable.hint.replace("that rule", "that line").replace("the rule", "the row");
      named?.warn(ofLine(table, row.line, `this row ${message}`, hint));
      continue;
    }
    const found = unreachableAt([...deciders, decider], deciders.length);
    if (found !== undefined) warn(["rules", index, "table"], found.message, found.hint);
  }
  deciders.push(...(table.hit === "first" ? own : own.filter((one) => isAlone(one, own))));
}

/** Where two rows both fit, none of them decides. */
function isAlone(one: Decider, all: readonly Decider[]): boolean {
  return all.every((other) =>
    one === other ||
    (one.cases ?? ALL).every((own) => (other.cases ?? ALL).every((its) => areApart(own, its)))
  );
}
