import type { ReadValue } from "./cel/evaluation.ts";

/** A rule, as it was written when something was decided by it. */
export interface RuleText {
  readonly name: string;
  /** Its condition, names for conditions written out; absent where a journal of earlier days did not keep it. */
  readonly when?: string;
  /** Only where it is a table, which has rows in the place of a condition. */
  readonly table?: TableText;
}

/** A table, as far as every one of its rows says the same. */
export interface TableText {
  /** Its file, as the config names it. */
  readonly file: string;
  /** What is compared with its cells: an expression for each column. */
  readonly inputs: Readonly<Record<string, string>>;
}

/** A row of a table that decided. */
export interface DecidingRow {
  /** The name of the rule that has the table. */
  readonly rule: string;
  /** The line of its file on which it begins. */
  readonly line: number;
  /** What its cells ask for, by the column; those that take anything are left out. */
  readonly cells: Readonly<Record<string, string>>;
  /** What stands in the column `note`. */
  readonly note?: string;
}

/** A rule that failed while it was tried; it counts as no match. */
export interface FailedRule {
  /** The rule's name, as the config gives it. */
  readonly rule: string;
  /** The runtime error, in words. */
  readonly reason: string;
}

/** How a decision was left to a service, and what came of it. Plain JSON. */
export interface AskedService {
  /** Its name. */
  readonly service: string;
  /** How often it was asked; 0 when it was left alone after many failures. */
  readonly attempts: number;
  /** The HTTP status of its answer; `null` where there was none. */
  readonly status: number | null;
  readonly durationMs: number;
  /** What it said of the subject, in the form of its answer. */
  readonly said?: unknown;
  /** The message with which it refused the delivery. */
  readonly refusal?: string;
  /** Why it gave no answer that could be used, for a sentence that begins with its name. */
  readonly failure?: string;
  /** Only with a failure: the outcome that took the place of its answer; `null` without one. */
  readonly onFailure?: object | null;
}

/**
 * An answer's reason: which rule gave which outcome, and what the rules before it said.
 *
 * Rules are tried in order up to the first match, so how many were tried and which of them failed
 * tells all: an order of ten thousand items keeps no list of every rule for every item.
 */
export interface Decision {
  /** What was decided when a delivery holds several subjects: the id of the order item. */
  readonly subject?: string;
  /**
   * The name of the rule that matched, that of a row as {@linkcode rowName} makes it, `otherwise`, or
   * `null` when nothing decided.
   */
  readonly rule: string | null;
  /** Only where a row of a table decided. */
  readonly row?: DecidingRow;
  /** The outcome, as the config writes it; `null` when nothing decided. */
  readonly outcome: object | null;
  /** How many rules were tried, the one that matched included. */
  readonly tried: number;
  /** Those of them that failed. */
  readonly failures: readonly FailedRule[];
  /** The IANA name of the zone in which times were read; only where a rule read some. */
  readonly timeZone?: string;
  /** Only where the outcome is to ask a service. */
  readonly asked?: AskedService;
}

/** What a rule did: see {@linkcode RuleTrace}. */
export type RuleState = "matched" | "not matched" | "failed";

/** What the rules of a decision read, by their names. */
export type RuleEvidence = ReadonlyMap<string, readonly ReadValue[]>;

/** One line of the explanation of a decision. */
export interface RuleTrace {
  readonly rule: string;
  readonly state: RuleState;
  /** The condition, as it was written then; of a table, what its cells are compared with. */
  readonly when?: string;
  /** Set where `when` is no expression, but words about a table and the cells of its rows. */
  readonly isOfTable?: true;
  /** What the author of a row noted. */
  readonly note?: string;
  /** What it read, as far as that can be told. */
  readonly values?: readonly ReadValue[];
  /** Why it failed; of a table that matched all the same, why a column could not be read. */
  readonly reason?: string;
}

/**
 * Tells rule by rule what a decision did.
 *
 * @param decision The decision.
 * @param rules The rules by which it was decided, in order.
 * @param evidence What the rules read.
 * @returns A line for every rule that was tried.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const decision = { rule: "large", outcome: { group: 7 }, tried: 2, failures: [] };
 * assertEquals(traceOf(decision, [{ name: "small", when: "order.total < 5" }, { name: "large" }]), [
 *   { rule: "small", state: "not matched", when: "order.total < 5" },
 *   { rule: "large", state: "matched" },
 * ]);
 * ```
 */
export function traceOf(
  decision: Decision,
  rules: readonly RuleText[],
  evidence?: RuleEvidence,
): readonly RuleTrace[] {
  const { row: decider, tried } = decision;
  // A row may decide about a part of what the rule decided about, as of a tax.
  const isPart = decider !== undefined &&
    !rules.slice(0, tried).some(({ name }) => name === decider.rule);
  const failed = new Map(decision.failures.map((failure) => [failure.rule, failure.reason]));
  if (isPart) {
    const reason = failed.get(decider.rule);
    return [{ ...rowTrace(decision, decider), ...(reason !== undefined && { reason }) }];
  }
  // So may a table of which no row fits.
  const ofParts = decision.failures.filter(({ rule }) =>
    !rules.slice(0, tried).some(({ name }) => name === rule)
  );
  return [...ofParts.map(failureTrace), ...rules.slice(0, tried).map(traceOfRule)];

  function failureTrace({ rule, reason }: FailedRule): RuleTrace {
    const written = rules.find(({ name }) => name === rule);
    const when = written && conditionOf(written, false);
    const isOfTable = written?.table !== undefined;
    return {
      ...{ rule, state: "failed", reason },
      ...(when !== undefined && { when }),
      ...(isOfTable && { isOfTable }),
    };
  }

  function traceOfRule(rule: RuleText): RuleTrace {
    const { name } = rule;
    const reason = failed.get(name);
    const values = evidence?.get(name);
    const more = {
      ...(reason !== undefined && { reason }),
      ...(values !== undefined && { values }),
    };
    if (decider?.rule === name) return { ...rowTrace(decision, decider), ...more };
    const isMatch = reason === undefined && name === decision.rule;
    const when = conditionOf(rule, isMatch);
    return {
      rule: name,
      state: isMatch ? "matched" : reason === undefined ? "not matched" : "failed",
      ...(when !== undefined && { when }),
      ...(rule.table !== undefined && { isOfTable: true }),
      ...more,
    };
  }
}

function rowTrace({ rule }: Decision, { rule: table, cells, note }: DecidingRow): RuleTrace {
  return {
    rule: rule ?? table,
    state: "matched",
    when: cellsInWords(cells),
    isOfTable: true,
    ...(note !== undefined && { note }),
  };
}

function conditionOf({ when, table }: RuleText, isMatch: boolean): string | undefined {
  if (table === undefined) return when;
  // It decides about each item by itself.
  if (isMatch) return `the rows of ${table.file}`;
  const inputs = Object.entries(table.inputs).map(([column, input]) => `${column}: ${input}`);
  return [`no row of ${table.file} fits`, ...inputs].join("; ");
}

/** What a row asks for, as its author wrote it. */
function cellsInWords(cells: DecidingRow["cells"]): string {
  const words = Object.entries(cells).map(([column, cell]) => `${column}: ${cell}`);
  return words.length === 0 ? "whatever comes" : words.join("; ");
}

/**
 * Names a row of a table, which is a rule as any other.
 *
 * @param file The table's file, as the config names it.
 * @param line The line of the file on which the row begins.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(rowName("plants.csv", 14), "plants.csv line 14");
 * ```
 */
export function rowName(file: string, line: number): string {
  return `${file} line ${line}`;
}

/** What decides at an endpoint. */
export interface DecidingRules {
  /** Its rules, in order. */
  readonly rules: readonly RuleText[];
  /** The lines of the rows of a rule that is a table, in order. */
  readonly linesOf?: (rule: string) => readonly number[];
  /** These rows, as decisions tell of them. */
  readonly rowsOf?: (rule: string) => readonly DecidingRow[];
}

/**
 * Lists the names by which decisions name what decided, but for `otherwise`.
 *
 * @param endpoint What decides.
 * @returns The names of the rules in order; in the place of one that is a table, those of its rows.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const rules = [
 *   { name: "large", when: "order.total > 500" },
 *   { name: "plants", table: { file: "plants.csv", inputs: { state: "order.billTo.stateCode" } } },
 * ];
 * assertEquals(namesThatDecide({ rules, linesOf: () => [2, 3] }), [
 *   "large",
 *   "plants.csv line 2",
 *   "plants.csv line 3",
 * ]);
 * ```
 */
export function namesThatDecide({ rules, linesOf }: DecidingRules): readonly string[] {
  return rules.flatMap(({ name, table }) =>
    table === undefined ? [name] : (linesOf?.(name) ?? []).map((line) => rowName(table.file, line))
  );
}

/**
 * Finds the time zone by which something was decided.
 *
 * @param decisions The decisions of one delivery.
 * @returns Its IANA name; `undefined` where no rule asked for it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(timeZoneOf([{}, { timeZone: "Europe/Berlin" }]), "Europe/Berlin");
 * ```
 */
export function timeZoneOf(decisions: readonly Pick<Decision, "timeZone">[]): string | undefined {
  return decisions.find(({ timeZone }) => timeZone !== undefined)?.timeZone;
}

/** A decision is left to services, and nobody is to ask them: it is only explained, or tried. */
export class NotAsked extends Error {
  override readonly name = "NotAsked";

  /** @param decisions What was decided before; what is left to a service says so. */
  constructor(readonly decisions: readonly Decision[]) {
    super("Cannot decide without asking a service");
  }
}

/**
 * Names the services to which decisions are left.
 *
 * @param decisions The decisions of one delivery.
 * @returns The names, each once.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(servicesOf([{ outcome: { ask: "pricing" } }, { outcome: { group: 7 } }]), ["pricing"]);
 * ```
 */
export function servicesOf(decisions: readonly Pick<Decision, "outcome">[]): readonly string[] {
  return [...new Set(decisions.flatMap(({ outcome }) => serviceAskedBy(outcome) ?? []))];
}

function serviceAskedBy(outcome: object | null): string | undefined {
  if (outcome === null || !("ask" in outcome)) return undefined;
  return typeof outcome.ask === "string" ? outcome.ask : undefined;
}

/**
 * Names the rules that decided, each once.
 *
 * @param decisions The decisions of one delivery.
 * @returns Their names; `-` when nothing was decided.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(namesOfRules([{ rule: "a" }, { rule: null }, { rule: "a" }]), "a, no rule");
 * assertEquals(namesOfRules([]), "-");
 * ```
 */
export function namesOfRules(decisions: readonly Pick<Decision, "rule">[]): string {
  return [...new Set(decisions.map(({ rule }) => rule ?? "no rule"))].join(", ") || "-";
}
