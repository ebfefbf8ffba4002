/** A library over the small vocabulary, for the tests of tables and names. */
import * as z from "zod";
import { createRuleLibrary, type RuleLibrary } from "../../../../lib/rules/names/library.ts";
import { type CompiledRules, compileRules, type Rule } from "../../../../lib/rules/rules.ts";
import { outcomeColumns } from "../../../../lib/rules/tables/outcome.ts";
import type { RuleTable } from "../../../../lib/rules/tables/rule_table.ts";
import { readSheet } from "../../../../lib/rules/tables/sheet.ts";
import type { Vocabulary } from "../../../../lib/rules/vocabulary.ts";
import { warnOfRules } from "../../../../lib/rules/reach/judge_rules.ts";
import { SHOP } from "../shop.ts";
import { atOnce } from "../../../../lib/util/waiting.ts";

/** The outcomes of the tests. */
export const OUTCOMES = outcomeColumns(z.union([
  z.strictObject({ group: z.int().min(0) }),
  z.strictObject({ approve: z.literal(true) }),
  z.strictObject({ reject: z.union([z.string(), z.record(z.string(), z.string())]) }),
]));

/** What an outcome of the tests is. */
export type Outcome = { group: number } | { approve: true } | {
  reject: string | Record<string, string>;
};

/** A table of which the sheet is given as text. */
export type WrittenTable = Partial<Omit<RuleTable, "sheet" | "name">> & { readonly csv: string };

/** What a small config gives. */
export interface World {
  readonly library: RuleLibrary;
  readonly vocabulary: Vocabulary;
  readonly rules: CompiledRules<Outcome>;
  /** What was told of the rules themselves, and of tables and names. */
  readonly told: readonly string[];
  readonly warned: readonly string[];
}

/** Opens a small config. */
export function openWorld(
  { define = {}, tables = {}, rules = [], hasOtherwise = true }: {
    readonly define?: Readonly<Record<string, string>>;
    readonly tables?: Readonly<Record<string, WrittenTable>>;
    readonly rules?: readonly Rule<Outcome>[];
    readonly hasOtherwise?: boolean;
  },
): World {
  const library = createRuleLibrary({
    defines: define,
    vocabularies: [SHOP],
    tables: Object.entries(tables).map(([name, { csv, ...rest }]) => ({
      ...{ name, file: `${name}.csv`, hit: "first", inputs: {} },
      ...rest,
      sheet: atOnce(readSheet(csv)),
    })),
  });
  const vocabulary = library.vocabulary(SHOP);
  const told: string[] = [];
  const warned: string[] = [];
  const compiled = atOnce(compileRules<Outcome>(vocabulary, rules, (_at, message, hint) => {
    told.push(hint === undefined ? message : `${message}. ${hint}`);
  }, OUTCOMES));
  atOnce(warnOfRules({ vocabulary, written: rules, compiled, hasOtherwise }, {
    warn: (_at, message) => warned.push(message),
    note: () => {},
  }));
  const { mistakes, warnings } = library.findings();
  const inWords = ({ at, message, hint }: typeof mistakes[number]) =>
    `${at.join(".")}: ${message}${hint === undefined ? "" : `. ${hint}`}`;
  return {
    ...{ library, vocabulary, rules: compiled },
    told: [...told, ...mistakes.map(inWords)],
    warned: [...warned, ...warnings.map(inWords)],
  };
}

/** The inputs of the table `plants`. */
export const INPUTS = { state: "item.shipTo.stateCode", quantity: "item.quantity" };

/** The rule that asks it. */
export const RULE = { name: "plants", table: "plants" };

/** Opens a config with that rule and table, but for what is given. */
export function openPlants(csv: string, more: Parameters<typeof openWorld>[0] = {}) {
  return openWorld({
    tables: { plants: { csv, inputs: INPUTS } },
    rules: [RULE],
    ...more,
  });
}
