import * as z from "zod";
import { createXSignature } from "../../lib/auth/x_signature.ts";
import type { OpenContext } from "../../lib/config/endpoints/endpoint_kind.ts";
import { startReading } from "../../lib/decide/cel/reader.ts";
import { compileRules, decide } from "../../lib/decide/rules.ts";
import type { Answer } from "../../lib/http/endpoint.ts";
import { nearest } from "../../lib/nearest.ts";
import { defineHandler } from "../handler.ts";
import { manufacturerBrief } from "./brief.ts";
import { askForItems, type DecidedItem, type ItemAnswers, routeItem } from "./ask/items.ts";
import { knownManufacturers } from "./ask/manufacturers.ts";
import { askOutcome, findAskables, needAskable } from "./ask/outcome.ts";
import { LARGEST_ID } from "./custom_configuration.ts";
import { orderDocument } from "./documents/order.ts";
import { needItemId } from "./views/item.ts";
import { type OrderView, viewOrder } from "./views/order.ts";
import { createRouting, type ItemOutcome, manufacturerIdOf } from "./routing.ts";
import manufacturer from "./samples/manufacturer.json" with { type: "json" };
import { ustoreSender } from "./sender.ts";
import { id, reject, rulesOf, signatureKeys } from "./settings.ts";
import { ITEM_VOCABULARY } from "./views/vocabulary.ts";

const NO_ID = "wanted a manufacturer's id";
const digits = z.string().regex(/^\d{1,10}$/, NO_ID)
  .refine((text) => !(Number(text) > LARGEST_ID), NO_ID);
const manufacturerId = z.union([id, digits]).transform((value) => String(Number(value)));

const ownOutcomes = [
  z.strictObject({
    manufacturer: z.union([id, z.string().min(1)]).meta({
      description: "A name of `manufacturers`, or a manufacturer's id.",
    }),
  }),
  z.strictObject({
    keep: z.literal(true).meta({
      description: "Leave the item out of the answer: the store's own allocation stays.",
    }),
  }),
  z.strictObject({
    customConfiguration: z.literal(true).meta({
      description: "As the order's CustomConfiguration says, `1:2;2:1`: the vendor's sample.",
    }),
  }),
  reject,
] as const;

/** What is decided here; a service may not leave its own failure to another one. */
const ownOutcome = z.union(ownOutcomes);
const outcome = z.union([...ownOutcomes, askOutcome]);

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

/** Which manufacturer makes each item of this order? */
export const manufacturerHandler = defineHandler({
  kind: "ustore.manufacturer",
  summary: "which manufacturer makes each item of this order",
  settings,
  sample: {
    request: manufacturer,
    check(answer) {
      const { error } = answerShape.safeParse(answer);
      return error === undefined ? undefined : z.prettifyError(error);
    },
    sender: ustoreSender,
  },
  wire: { request: orderDocument, answer: answerShape },
  brief: manufacturerBrief,
  async open(settings, context) {
    const { signatureKeys, manufacturers, rules, otherwise } = settings;
    const compiled = compileRules(ITEM_VOCABULARY, rules, context.report);
    const ids = new Map(Object.entries(manufacturers));
    rules.forEach(({ then }, index) => checkName(then, ids, ["rules", index, "then"], context));
    if (otherwise !== undefined) checkName(otherwise, ids, ["otherwise"], context);
    const askables = findAskables(settings, context, ownOutcome);
    const fallbacks = [...askables.values()];
    for (const askable of fallbacks) {
      if (askable.onFailure !== undefined) checkName(askable.onFailure, ids, [], askable);
    }
    const outcomes = [
      ...rules.map(({ then }) => ownOf(then)),
      ownOf(otherwise),
      ...fallbacks.map(({ onFailure }) => onFailure),
    ];
    const known = knownManufacturers(ids, outcomes, askables, context);
    const needService = (name: string) => needAskable(askables, name);

    function decideItems(order: OrderView): readonly DecidedItem[] {
      const reading = startReading();
      return order.items.map((item) => {
        const id = needItemId(item);
        const decided = decide(compiled, otherwise, { order, item }, reading);
        const decision = { subject: id, ...decided };
        const { outcome } = decided;
        if (outcome === null || !("ask" in outcome)) return { id, item, decision, outcome };
        return { id, item, decision, service: outcome.ask, outcome: null };
      });
    }

    return {
      auth: await createXSignature(signatureKeys),
      rules: rules.map(({ name }) => name),
      answer(incoming): Answer | Promise<Answer> {
        const order = viewOrder(incoming.document);
        const items = decideItems(order);
        const route = (answers: ItemAnswers): Answer => {
          const routing = createRouting(order, ids);
          const decisions = items.map((item) => routeItem(item, answers, routing));
          return { result: routing.answer(), decisions };
        };
        if (items.every(({ service }) => service === undefined)) return route(new Map());
        return askForItems(incoming, items, needService, known).then(route);
      },
    };
  },
});

/** The outcome, where it asks no service. */
function ownOf(outcome: Outcome | undefined): ItemOutcome | undefined {
  return outcome === undefined || "ask" in outcome ? undefined : outcome;
}

/** A manufacturer must be an id in the answer, so a name must be one that has an id. */
function checkName(
  outcome: Outcome,
  ids: ReadonlyMap<string, string>,
  at: readonly (string | number)[],
  context: Pick<OpenContext, "report">,
): void {
  if (!("manufacturer" in outcome) || manufacturerIdOf(outcome.manufacturer, ids) !== undefined) {
    return;
  }
  const names = [...ids.keys()];
  const near = nearest(String(outcome.manufacturer), names);
  context.report(
    [...at, "manufacturer"],
    `found "${outcome.manufacturer}", wanted an id or a name of "manufacturers"`,
    near === undefined ? `Known names: ${names.join(", ") || "none"}` : `Did you mean "${near}"?`,
  );
}
