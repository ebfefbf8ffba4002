import * as z from "zod";
import { createXSignature } from "../../lib/auth/x_signature.ts";
import type { ServiceReference } from "../../lib/config/endpoints/endpoint_kind.ts";
import { roundDecimal } from "../../lib/rules/cel/decimal.ts";
import type { Decision } from "../../lib/rules/decision.ts";
import { createEvaluationCache } from "../../lib/rules/cel/evaluation.ts";
import { warnOfRules } from "../../lib/rules/reach/judge_rules.ts";
import {
  compileRules,
  decide,
  describeRules,
  outcomesOfRows,
  type Rule,
} from "../../lib/rules/rules.ts";
import { outcomeColumns } from "../../lib/rules/tables/outcome.ts";
import type { Answer, Incoming } from "../../lib/http/endpoint.ts";
import { Problem } from "../../lib/http/problem/problem.ts";
import { inPieces } from "../../lib/util/waiting.ts";
import { defineHandler } from "../handler.ts";
import { changeOrder } from "./change.ts";
import { ORDER_SIGHT, ORDER_VOCABULARY, taxBrief } from "./sight.ts";
import { askService } from "./ask.ts";
import {
  askOutcome,
  findServiceReferences,
  needServiceReference,
  reject,
  rulesOf,
  signatureKeys,
  ustoreSender,
} from "./settings.ts";
import taxSample from "./samples/tax.json" with { type: "json" };
import {
  answer,
  type AnswerForm,
  base,
  checkTaxAnswer,
  rates,
  readTax,
  rounding,
  writeTax,
} from "./tax_settings.ts";
import { openItemTables, rateOutcome } from "./tax_tables.ts";
import { compileRates, computeTax, decimalsOfCurrency, type TaxBase } from "./tax_total.ts";
import { type Order, orderDocument, orderNumbers, viewOrder } from "./order.ts";

const ownOutcomes = [
  z.strictObject({ rates: z.literal(true).meta({ description: "By the table of rates." }) }),
  z.strictObject({
    tax: z.number().min(0).max(1e12).meta({
      description: "This amount, e.g. 0 for who pays no tax. It is rounded half up.",
    }),
  }),
  rateOutcome,
  reject,
] as const;

/** What is decided here; a service may not leave its own failure to another one. */
const ownOutcome = z.union(ownOutcomes);
const outcome = z.union([...ownOutcomes, askOutcome]);

type OwnOutcome = z.output<typeof ownOutcome>;
type Outcome = z.output<typeof outcome>;

const settings = z.strictObject({
  signatureKeys,
  answer,
  rates,
  rounding,
  ...base,
  rules: rulesOf(outcome),
  otherwise: outcome.default({ rates: true }).meta({
    description: "The outcome when no rule matches.",
  }),
});

type Settings = z.output<typeof settings>;

/** The vendor's names of its fields are not published: they are settings. */
const answerShape = z.record(z.string(), z.unknown()).meta({
  description: "The total tax, under the name and in the form that the endpoint's setting " +
    "answer gives. A service may add to it.",
});

/** What tax is due on this order? */
export const taxHandler = defineHandler({
  kind: "ustore.tax",
  summary: "what tax is due on this order",
  settings,
  sight: ORDER_SIGHT,
  change: changeOrder,
  timeField: "order.created",
  sample: {
    request: taxSample,
    check: checkTaxAnswer,
    sender: {
      ...ustoreSender,
      settings: (key) => ({ ...ustoreSender.settings(key), rates: [{ percent: 20 }] }),
    },
  },
  wire: { request: orderDocument, answer: answerShape },
  brief: taxBrief,
  numbersOf: orderNumbers,
  async open(settings, context) {
    const { signatureKeys, rules, otherwise, answer: form } = settings;
    const vocabulary = context.vocabulary(ORDER_VOCABULARY);
    const tables = await openItemTables(rules, context);
    const isOfItems = (index: number) => tables.compiled.some((one) => one.index === index);
    // Such a table decides of each item, and so of no order that it does not.
    const own = rules.map((rule, index): Rule<Outcome> =>
      isOfItems(index) ? { name: rule.name, when: "true", then: { rates: true } } : rule
    );
    const compiled = await inPieces(
      compileRules(vocabulary, own, context.report, outcomeColumns(outcome)),
    );
    const judged = { ...settings, rows: outcomesOfRows(compiled) };
    await inPieces(warnOfRules({
      vocabulary,
      written: rules,
      compiled,
      hasOtherwise: true,
    }, context));
    const references = findServiceReferences(judged, context, ownOutcome);
    const findRate = compileRates(settings.rates, context);
    return {
      auth: await createXSignature(signatureKeys),
      ...describeRules(
        compiled.map((rule) => tables.compiled.find(({ index }) => index === rule.index) ?? rule),
      ),
      vocabulary,
      answer(incoming): Answer | Promise<Answer> {
        const { document } = incoming;
        const order = viewOrder(document);
        const cache = createEvaluationCache(context, incoming.timeZone);
        const decision = decide(compiled, otherwise, { order }, cache);
        const { outcome, rule } = decision;
        const carry = (own: OwnOutcome, decided: Decision) =>
          carryOut(own, decided, {
            document,
            order,
            form,
            base: () =>
              baseOf(settings, order, (taxable, item) => {
                if ("rate" in own) {
                  return { rate: { name: decided.rule ?? "", percent: own.rate } };
                }
                const found = rule === null || item === undefined
                  ? undefined
                  : tables.findRate(rule, order, item, cache);
                return found?.rate === undefined ? { ...found, ...findRate(taxable) } : found;
              }),
          });
        if (!("ask" in outcome)) return carry(outcome, decision);
        return askForTax(
          incoming,
          needServiceReference(references, outcome.ask),
          form,
          decision,
          carry,
        );
      },
    };
  },
});

function baseOf(
  { discounts, taxShippingAs, rounding: { per, decimals } }: Settings,
  order: Order,
  findRate: TaxBase["findRate"],
): TaxBase {
  return {
    ...{ discounts, taxShippingAs, findRate, per },
    decimals: decimals ?? decimalsOfCurrency(order.currency),
  };
}

/** What an outcome is carried out on. */
interface TaxCase {
  readonly document: unknown;
  readonly order: Order;
  readonly form: AnswerForm;
  /** Called where it is needed: a refusal reads nothing of the order. */
  readonly base: () => TaxBase;
}

function carryOut(
  outcome: OwnOutcome,
  decision: Decision,
  { document, order, form, base }: TaxCase,
): Answer {
  if ("reject" in outcome) {
    const refusal = new Problem("refused", { messages: outcome.reject });
    return { result: refusal, decisions: [decision] };
  }
  const taxBase = base();
  const write = (tax: number) => writeTax(form, tax, taxBase.decimals);
  if ("tax" in outcome) {
    const tax = roundDecimal(outcome.tax, taxBase.decimals);
    return { result: write(tax), decisions: [decision] };
  }
  const { tax, decisions } = computeTax(document, order, taxBase);
  const all = [decision, ...decisions];
  if (tax !== undefined) return { result: write(tax), decisions: all };
  const items = decisions.filter(({ rule }) => rule === null).map(({ subject }) => subject);
  const params = { items: items.join(", ") };
  return { result: new Problem("no_tax_rate", { params }), decisions: all };
}

/** Leaves an order to a service; `carry` serves where it fails. */
async function askForTax(
  incoming: Incoming,
  reference: ServiceReference<OwnOutcome>,
  form: AnswerForm,
  decision: Decision,
  carry: (outcome: OwnOutcome, decision: Decision) => Answer,
): Promise<Answer> {
  const question = { read: (document: unknown) => readTax(form, document) };
  const followed = await askService(incoming, reference, question, [decision]);
  const { asked } = followed;
  if ("said" in followed) {
    const { said } = followed;
    return {
      result: JSON.stringify(said),
      decisions: [{ ...decision, asked: { ...asked, said } }],
    };
  }
  const decided = { ...decision, asked };
  return "problem" in followed
    ? { result: followed.problem, decisions: [decided] }
    : carry(followed.outcome, decided);
}
