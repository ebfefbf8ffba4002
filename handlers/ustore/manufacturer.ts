import * as z from "zod";
import { createXSignature } from "../../lib/auth/x_signature.ts";
import type { OpenContext } from "../../lib/config/endpoints/endpoint_kind.ts";
import { createEvaluationCache, type EvaluationCache } from "../../lib/rules/cel/evaluation.ts";
import { warnOfRules } from "../../lib/rules/reach/judge_rules.ts";
import { compileRules, decide, describeRules, outcomesOfRows } from "../../lib/rules/rules.ts";
import { outcomeColumns } from "../../lib/rules/tables/outcome.ts";
import type { Answer, Incoming } from "../../lib/http/endpoint.ts";
import { nearest } from "../../lib/util/words.ts";
import { atOnce, inPieces, type Steps } from "../../lib/util/waiting.ts";
import { defineHandler } from "../handler.ts";
import { changeOrder } from "./change.ts";
import { ITEM_SIGHT, ITEM_VOCABULARY, manufacturerBrief } from "./sight.ts";
import {
  askForItems,
  type DecidedItem,
  type ItemAnswers,
  knownManufacturers,
  routeItem,
} from "./ask.ts";
import {
  askOutcome,
  checkBy,
  failureOutcomesOf,
  findServiceReferences,
  id,
  LARGEST_ID,
  needServiceReference,
  noteMissingFallback,
  outcomesOf,
  reject,
  rulesOf,
  signatureKeys,
  ustoreSender,
} from "./settings.ts";
import {
  type Configuration,
  createRouting,
  manufacturerIdOf,
  namedManufacturer,
  orItsFallback,
  parseManufacturerConfiguration,
} from "./routing.ts";
import { lazy } from "../../lib/util/memory.ts";
import manufacturer from "./samples/manufacturer.json" with { type: "json" };
import {
  type Item,
  needItemId,
  type Order,
  orderDocument,
  orderNumbers,
  viewOrder,
} from "./order.ts";

const NO_ID = "wanted a manufacturer's id";
const digits = z.string().regex(/^\d{1,10}$/, NO_ID)
  .refine((text) => !(Number(text) > LARGEST_ID), NO_ID);
const manufacturerId = z.union([id, digits]).transform((value) => String(Number(value)));

const plainOutcomes = [
  z.strictObject({
    manufacturer: z.union([id, z.string().min(1)]).meta({
      description: "A name of `manufacturers`, or a manufacturer's id.",
    }),
  }),
  z.strictObject({
    keep: z.literal(
      true,
      'wanted true: the store\'s own allocation stays. To name one, write { "manufacturer": 2 }',
    ).meta({
      description: "Leave the item out of the answer: the store's own allocation stays.",
    }),
  }),
] as const;

/** As the order says; where it says nothing of an item, `true` refuses the order. */
function customConfigurationOf<Fallback extends z.ZodType>(otherwise: Fallback) {
  return z.strictObject({
    customConfiguration: z.union([
      z.literal(true),
      z.strictObject({
        otherwise: otherwise.meta({
          description: "The outcome of an item of which the order's CustomConfiguration says " +
            "nothing.",
        }),
      }),
    ]).meta({
      description: "As the order's CustomConfiguration says, `1:2;2:1`: the vendor's sample. " +
        '`true` refuses an order that says nothing of an item; `{ "otherwise": OUTCOME }` ' +
        "answers it.",
    }),
  });
}

const plainOutcome = z.union([...plainOutcomes, reject]);

/** What is decided here; a service may not leave its own failure to another one. */
const ownOutcome = z.union([...plainOutcomes, customConfigurationOf(plainOutcome), reject]);
const outcome = z.union([
  ...plainOutcomes,
  customConfigurationOf(z.union([...plainOutcomes, reject, askOutcome])),
  reject,
  askOutcome,
]);

type Outcome = z.output<typeof outcome>;

const settings = z.strictObject({
  signatureKeys,
  manufacturers: z.record(z.string().min(1, "wanted a name"), manufacturerId).default({}).meta({
    description: "The ids of the store's manufacturers by the names that the rules use.",
  }),
  rules: rulesOf(outcome),
  otherwise: outcome.optional().meta({ description: "The outcome when no rule matches an item." }),
});

const answerShape = z.record(z.string(), z.string().regex(/^\d+$/)).meta({
  description: "The ids of manufacturers by the ids of order items.",
});

/** What takes a millisecond or two is decided at once. */
const MOST_AT_ONCE = 256;
/** Items that are decided between two times that others may have their turn. */
const ITEMS_A_STEP = 16;

/** Which manufacturer makes each item of this order? */
export const manufacturerHandler = defineHandler({
  kind: "ustore.manufacturer",
  summary: "which manufacturer makes each item of this order",
  settings,
  sight: ITEM_SIGHT,
  change: changeOrder,
  timeField: "order.created",
  sample: {
    request: manufacturer,
    check: checkBy(answerShape),
    sender: ustoreSender,
  },
  wire: { request: orderDocument, answer: answerShape },
  brief: manufacturerBrief,
  numbersOf: orderNumbers,
  async open(settings, context) {
    const { signatureKeys, manufacturers, rules, otherwise } = settings;
    const vocabulary = context.vocabulary(ITEM_VOCABULARY);
    const compiled = await inPieces(
      compileRules(vocabulary, rules, context.report, outcomeColumns(outcome)),
    );
    const judged = { ...settings, rows: outcomesOfRows(compiled) };
    await inPieces(warnOfRules({
      vocabulary,
      written: rules,
      compiled,
      hasOtherwise: otherwise !== undefined,
    }, context));
    const ids = new Map(Object.entries(manufacturers));
    for (const { at, outcome } of outcomesOf(judged)) checkName(outcome, ids, at, context);
    noteMissingFallback(judged, context, "customConfiguration", { keep: true });
    const references = findServiceReferences(judged, context, ownOutcome);
    const outcomes = outcomesOf(judged).map(({ outcome }) => outcome);
    for (const reference of references.values()) {
      for (const { at, outcome } of failureOutcomesOf(reference)) {
        checkName(outcome, ids, at, reference);
        outcomes.push(outcome);
      }
    }
    const known = knownManufacturers(ids, outcomes, references, context);
    const needService = (name: string) => needServiceReference(references, name);

    function* decideItems(
      order: Order,
      configuration: Configuration,
      recordedZone: string | undefined,
    ): Steps<readonly DecidedItem[]> {
      const cache = createEvaluationCache(context, recordedZone);
      const decided: DecidedItem[] = [];
      for (const [index, item] of order.items.entries()) {
        if (index > 0 && index % ITEMS_A_STEP === 0) yield* restOfOthers(cache);
        decided.push(decideItem(order, item, configuration, cache));
      }
      return decided;
    }

    function decideItem(
      order: Order,
      item: Item,
      configuration: Configuration,
      cache: EvaluationCache,
    ): DecidedItem {
      const id = needItemId(item);
      const decided = decide(compiled, otherwise, { order, item }, cache);
      const decision = { subject: id, ...decided };
      const { outcome: found } = decided;
      const outcome = found !== null && "customConfiguration" in found
        ? orItsFallback(found, item, order, configuration)
        : found;
      if (outcome === null || !("ask" in outcome)) return { id, item, decision, outcome };
      return { id, item, decision, service: outcome.ask, outcome: null };
    }

    function answerFor(
      incoming: Incoming,
      order: Order,
      configuration: Configuration,
      items: readonly DecidedItem[],
    ): Answer | Promise<Answer> {
      const route = (answers: ItemAnswers): Answer => {
        const routing = createRouting(order, configuration, ids);
        const decisions = items.map((item) => routeItem(item, answers, routing));
        return { result: routing.answer(), decisions };
      };
      if (items.every(({ service }) => service === undefined)) return route(new Map());
      return askForItems(incoming, items, needService, known).then(route);
    }

    return {
      auth: await createXSignature(signatureKeys),
      ...describeRules(compiled),
      vocabulary,
      answer(incoming): Answer | Promise<Answer> {
        const order = viewOrder(incoming.document);
        const configuration = lazy(() => parseManufacturerConfiguration(order.customConfig));
        const steps = decideItems(order, configuration, incoming.timeZone);
        if (order.items.length <= MOST_AT_ONCE) {
          return answerFor(incoming, order, configuration, atOnce(steps));
        }
        return inPieces(steps).then((items) => answerFor(incoming, order, configuration, items));
      },
    };
  },
});

/** Lets others have their turn, of whose time nothing is taken from that of the rules. */
function* restOfOthers({ timeLimit }: EvaluationCache): Steps<void> {
  const from = performance.now();
  yield;
  timeLimit.leaveOut(performance.now() - from);
}

/** A manufacturer must be an id in the answer, so a name must be one that has an id. */
function checkName(
  outcome: object,
  ids: ReadonlyMap<string, string>,
  at: readonly (string | number)[],
  context: Pick<OpenContext, "report">,
): void {
  const { data } = namedManufacturer.safeParse(outcome);
  if (data === undefined || manufacturerIdOf(data.manufacturer, ids) !== undefined) return;
  const names = [...ids.keys()];
  const near = nearest(String(data.manufacturer), names);
  context.report(
    [...at, "manufacturer"],
    `found "${data.manufacturer}", wanted an id or a name of "manufacturers"`,
    near === undefined ? `Known names: ${names.join(", ") || "none"}` : `Did you mean "${near}"?`,
  );
}
