/** What check tells of the rules of an endpoint and of the rows of its tables. */
import { utcMethodIn } from "../cel/times.ts";
import type { CompiledRules } from "../rules.ts";
import { ofLine } from "../tables/rule_table.ts";
import type { CompiledTable, InputColumn } from "../tables/table.ts";
import { ROWS_A_STEP, type Steps } from "../../util/waiting.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { areApart } from "./cases.ts";
import { findNever } from "./parts.ts";
import { findNeverCells, findOverlappingRows } from "./table_cells.ts";
import { casesOfRow, describeCase, findTakenRows } from "./table_reach.ts";
import {
  casesOrNone,
  type Decider,
  deciderOf,
  EVERY_DOCUMENT,
  leftByAll,
  type NamedCondition,
  unreachableAt,
} from "./unreachable.ts";

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
export function* warnOfRules(
  { vocabulary, written, compiled, hasOtherwise }: JudgedRules,
  { warn, note }: { readonly warn: Tell; readonly note: Tell },
): Steps<void> {
  if (compiled.length < written.length) return;
  const deciders: Decider[] = [];
  const inputs: InputColumn[] = [];
  for (const rule of compiled) {
    yield;
    const { index } = rule;
    if (rule.table === undefined) {
      deciders.push(deciderOf(vocabulary, rule, index));
      const found = unreachableAt(deciders, deciders.length - 1);
      if (found !== undefined) warn(["rules", index, "when"], found.message, found.hint);
      warnOfNever(vocabulary, rule, index, found !== undefined, warn);
      noteUtc(rule, index, note);
      continue;
    }
    inputs.push(...rule.table.inputs);
    yield* judgeTable(vocabulary, rule.table, index, deciders, { warn, note });
  }
  if (hasOtherwise) return;
  const [some] = yield* leftByAll(deciders);
  if (some === undefined) return;
  const example = some.size > 0 && inputs.length > 0 ? `, e.g. ${describeCase(some, inputs)}` : "";
  warn(
    ["otherwise"],
    `found no "otherwise": what no rule matches is refused${example}`,
    'Say what is to be done then: "otherwise" takes what "then" of a rule takes',
  );
}

/** What a condition compares with what it never is, though it can be met otherwise. */
function warnOfNever(
  vocabulary: Vocabulary,
  { name, when }: NamedCondition,
  index: number,
  isTold: boolean,
  warn: Tell,
): void {
  if (isTold) return;
  for (const { message, words } of findNever(vocabulary, when.ast)) {
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
function* judgeTable(
  vocabulary: Vocabulary,
  compiled: CompiledTable<unknown>,
  index: number,
  deciders: Decider[],
  { warn, note }: { readonly warn: Tell; readonly note: Tell },
): Steps<void> {
  const { table, inputs, rows } = compiled;
  const { named } = vocabulary;
  const taken = new Set<number>();
  for (const finding of yield* findNeverCells(vocabulary, compiled)) {
    // That the row may never match follows from it.
    if (finding.place !== undefined) taken.add(finding.place.line);
    named?.warn(finding);
  }
  if (table.hit === "unique") {
    for (const { earlier, later } of yield* findOverlappingRows(vocabulary, compiled)) {
      named?.tell(ofLine(
        table,
        later,
        `this row and that of line ${earlier} can both fit, while "hit" is "unique"`,
        'Let one of them ask for more, or write "hit": "first" for the first to decide',
      ));
    }
  } else {
    for (const { earlier, later } of yield* findTakenRows(compiled)) {
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
  for (const [at, row] of rows.entries()) {
    // What is compared with those before it takes its time.
    if (rows.length <= MAX_ROWS || at % ROWS_A_STEP === 0) yield;
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
  const [gap] = yield* leftByAll(own);
  if (gap === undefined || gap.size === 0) return;
  note(
    ["rules", index, "table"],
    `no row of ${table.file} fits ${describeCase(gap, inputs)}: what follows decides there`,
    "A row with nothing but an outcome, at the end, takes all that is left",
  );
}

/** Where two rows both fit, none of them decides. */
function isAlone(one: Decider, all: readonly Decider[]): boolean {
  return all.every((other) =>
    one === other ||
    (one.cases ?? EVERY_DOCUMENT).every((own) =>
      (other.cases ?? EVERY_DOCUMENT).every((its) => areApart(own, its))
    )
  );
}
