/** Tables of the config that give each item its rate of tax: their inputs speak of `item`. */
import * as z from "zod";
import type { OpenContext } from "../../lib/config/endpoints/endpoint_kind.ts";
import { freeNames } from "../../lib/rules/cel/syntax_tree.ts";
import type { EvaluationCache } from "../../lib/rules/cel/evaluation.ts";
import { compileValue } from "../../lib/rules/expression.ts";
import { warnOfRules } from "../../lib/rules/reach/judge_rules.ts";
import {
  type CompiledRule,
  type CompiledRules,
  compileRules,
  decide,
  type ReportMistake,
  type Rule,
} from "../../lib/rules/rules.ts";
import { outcomeColumns } from "../../lib/rules/tables/outcome.ts";
import type { Vocabulary } from "../../lib/rules/vocabulary.ts";
import { inPieces } from "../../lib/util/waiting.ts";
import type { Item, Order } from "./order.ts";
import { ITEM_VOCABULARY } from "./sight.ts";
import type { Rating } from "./tax_total.ts";

/** The outcome that names a rate. */
export const rateOutcome = z.strictObject({
  rate: z.number().min(0).max(1000).meta({
    description: "This tax on everything, in percent of the amount: 7.25 for 7.25 %.",
  }),
});

/** What a row of such a table says. */
export type RateOutcome = z.output<typeof rateOutcome>;

/** The tables that give items their rates. */
export interface ItemTables {
  /** The rules that have such a table, by their place. */
  readonly compiled: CompiledRules<RateOutcome>;
  /**
   * Finds the rate of an item by the table of a rule.
   *
   * @param rule The rule's name.
   * @param order The order.
   * @param item The item.
   * @param cache What decisions about the order share.
   * @returns The row that fits, if one does, and why a column could not be read.
   */
  findRate(rule: string, order: Order, item: Item, cache: EvaluationCache): Rating;
}

/**
 * Finds the rules whose tables speak of items.
 *
 * @param rules The rules of an endpoint.
 * @param context The config around it.
 */
export async function openItemTables(
  rules: readonly Rule<unknown>[],
  context: OpenContext,
): Promise<ItemTables> {
  const vocabulary = context.vocabulary(ITEM_VOCABULARY);
  const compiled: CompiledRule<RateOutcome>[] = [];
  for (const [index, rule] of rules.entries()) {
    if (!("table" in rule) || !speaksOfItems(rule.table, vocabulary)) continue;
    const report: ReportMistake = ([, , ...below], message, hint) =>
      context.report(["rules", index, ...below], message, hint);
    const columns = outcomeColumns(rateOutcome);
    const [own] = await inPieces(compileRules(vocabulary, [rule], report, columns));
    if (own !== undefined) compiled.push({ ...own, index });
  }
  for (const rule of compiled) {
    const judged = { vocabulary, written: [rule], compiled: [rule], hasOtherwise: true };
    await inPieces(warnOfRules(judged, context));
  }
  return {
    compiled,
    findRate(rule, order, item, cache) {
      const own = compiled.filter(({ name }) => name === rule);
      const decision = decide(own, undefined, { order, item }, cache);
      const { rule: name, outcome, row, failures } = decision;
      if (name === null || outcome === null) return { rate: undefined, failures };
      return { rate: { name, percent: outcome.rate, ...(row !== undefined && { row }) }, failures };
    },
  };
}

function speaksOfItems(name: string, vocabulary: Vocabulary): boolean {
  const inputs = vocabulary.named?.tables.get(name)?.inputs ?? {};
  return Object.values(inputs).some((source) => {
    const expression = compileValue(vocabulary, source);
    return "ast" in expression && freeNames(expression.ast).has("item");
  });
}
