import * as z from "zod";
import { createXSignature } from "../../lib/auth/x_signature.ts";
import type { OpenContext, ServiceReference } from "../../lib/config/endpoints/endpoint_kind.ts";
import type { Decision } from "../../lib/rules/decision.ts";
import { createEvaluationCache } from "../../lib/rules/cel/evaluation.ts";
import { warnOfRules } from "../../lib/rules/reach/judge_rules.ts";
import { compileRules, decide, describeRules, outcomesOfRows } from "../../lib/rules/rules.ts";
import { outcomeColumns } from "../../lib/rules/tables/outcome.ts";
import type { Answer, Incoming } from "../../lib/http/endpoint.ts";
import { Problem } from "../../lib/http/problem/problem.ts";
import { inPieces } from "../../lib/util/waiting.ts";
import { defineHandler } from "../handler.ts";
import { changeOrder } from "./change.ts";
import { approvalBrief, ORDER_SIGHT, ORDER_VOCABULARY } from "./sight.ts";
import { askService, knownGroups, readApproval } from "./ask.ts";
import {
  askOutcome,
  checkBy,
  findServiceReferences,
  id,
  LARGEST_ID,
  needServiceReference,
  noteMissingFallback,
  type OutcomeSettings,
  outcomesOf,
  reject,
  rulesOf,
  signatureKeys,
  unreadableConfiguration,
  ustoreSender,
} from "./settings.ts";
import orderApproval from "./samples/order_approval.json" with { type: "json" };
import {
  bareCustomConfig,
  needItems,
  type Order,
  orderDocument,
  orderNumbers,
  viewOrder,
} from "./order.ts";

const plainOutcomes = [
  z.strictObject({
    group: id.meta({ description: "Approval is needed, by the group with this id." }),
  }),
  z.strictObject({
    approve: z.literal(
      true,
      "wanted true: the order is approved at once and nobody is asked. " +
        'To have a group approve it, write { "group": 10065 }',
    ).meta({ description: "The order is approved at once: nobody is asked." }),
  }),
] as const;

/** As the order says; where it says nothing, `true` refuses it and an outcome takes its place. */
function customConfigOf<Fallback extends z.ZodType>(otherwise: Fallback) {
  return z.strictObject({
    customConfig: z.union([
      z.literal(true),
      z.strictObject({
        otherwise: otherwise.meta({ description: "The outcome of an order without CustomConfig." }),
      }),
    ]).meta({
      description: "As the order's CustomConfig says, `true;10065` or `false`: the vendor's " +
        'sample. `true` refuses an order without one; `{ "otherwise": OUTCOME }` answers it.',
    }),
  });
}

const plainOutcome = z.union([...plainOutcomes, reject]);

/** What is decided here; a service may not leave its own failure to another one. */
const ownOutcome = z.union([...plainOutcomes, customConfigOf(plainOutcome), reject]);
const outcome = z.union([
  ...plainOutcomes,
  customConfigOf(z.union([...plainOutcomes, reject, askOutcome])),
  reject,
  askOutcome,
]);

type OwnOutcome = z.output<typeof ownOutcome>;
type PlainOutcome = z.output<typeof plainOutcome>;

const settings = z.strictObject({
  signatureKeys,
  defaultGroup: id.default(0).meta({
    description: "The group in an answer that says no approval is needed.",
  }),
  groups: z.array(id).min(1).optional().meta({
    description: "The ids of the groups that a service may name. Without it, those that stand in " +
      "the endpoint's other settings and in the service's onFailure.",
  }),
  rules: rulesOf(outcome),
  otherwise: outcome.optional().meta({ description: "The outcome when no rule matches." }),
});

/** The answer's shape, by the vendor's page on the order approval webhook. */
const answerShape = z.strictObject({
  ApprovalGroupId: z.number().meta({ description: "The group that has to approve the order." }),
  IsApprovalNeeded: z.boolean(),
});

/** Which group must approve this order? */
export const orderApprovalHandler = defineHandler({
  kind: "ustore.order-approval",
  summary: "which group must approve this order",
  settings,
  sight: ORDER_SIGHT,
  change: changeOrder,
  timeField: "order.created",
  sample: {
    request: orderApproval,
    check: checkBy(answerShape),
    sender: ustoreSender,
  },
  wire: { request: orderDocument, answer: answerShape },
  brief: approvalBrief,
  numbersOf: orderNumbers,
  async open(settings, context) {
    const { signatureKeys, defaultGroup, rules, otherwise } = settings;
    const vocabulary = context.vocabulary(ORDER_VOCABULARY);
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
    const references = findServiceReferences(judged, context, ownOutcome);
    const groups = knownGroups(judged, references, context);
    if (settings.groups !== undefined) warnOfGroups(judged, groups, context);
    noteMissingFallback(judged, context, "customConfig", { approve: true });
    return {
      auth: await createXSignature(signatureKeys),
      ...describeRules(compiled),
      vocabulary,
      answer(incoming): Answer | Promise<Answer> {
        const order = viewOrder(incoming.document);
        needItems(order);
        const decision = decide(
          compiled,
          otherwise,
          { order },
          createEvaluationCache(context, incoming.timeZone),
        );
        const { outcome: found } = decision;
        const outcome = found !== null && "customConfig" in found
          ? orFallback(found, order)
          : found;
        const carry = (own: OwnOutcome) =>
          carryOut("customConfig" in own ? orFallback(own, order) : own, order, defaultGroup);
        if (outcome === null || !("ask" in outcome)) {
          return { result: carryOut(outcome, order, defaultGroup), decisions: [decision] };
        }
        const reference = needServiceReference(references, outcome.ask);
        return askForApproval(incoming, reference, groups, decision, carry);
      },
    };
  },
});

/** An outcome that names a group which is none of those that the endpoint says there are. */
function warnOfGroups(
  settings: OutcomeSettings,
  groups: ReadonlySet<number>,
  { warn }: Pick<OpenContext, "warn">,
): void {
  for (const { at, outcome } of outcomesOf(settings)) {
    if (!("group" in outcome) || groups.has(Number(outcome.group))) continue;
    const known = [...groups].join(", ");
    warn(
      [...at, "group"],
      `found ${outcome.group}, while "groups" lists ${known}`,
      'Add it to "groups", or correct it',
    );
  }
}

/** Leaves an order to a service; `carryOut` serves where it fails. */
async function askForApproval(
  incoming: Incoming,
  reference: ServiceReference<OwnOutcome>,
  groups: ReadonlySet<number>,
  decision: Decision,
  carryOut: (outcome: OwnOutcome) => string | Problem,
): Promise<Answer> {
  const question = { read: (document: unknown) => readApproval(document, groups) };
  const followed = await askService(incoming, reference, question, [decision]);
  const { asked } = followed;
  if ("said" in followed) {
    const { said } = followed;
    const decisions = [{ ...decision, asked: { ...asked, said } }];
    return { result: JSON.stringify(said), decisions };
  }
  const result = "problem" in followed ? followed.problem : carryOut(followed.outcome);
  return { result, decisions: [{ ...decision, asked }] };
}

/** What is to be carried out of `customConfig`: where the order says nothing, its `otherwise`. */
function orFallback<Fallback>(
  { customConfig }: { readonly customConfig: true | { readonly otherwise: Fallback } },
  order: Order,
): Fallback | { readonly customConfig: true } {
  return customConfig !== true && order.customConfig === ""
    ? customConfig.otherwise
    : { customConfig: true };
}

function carryOut(
  outcome: PlainOutcome | { readonly customConfig: true } | null,
  order: Order,
  defaultGroup: number,
) {
  if (outcome === null) return new Problem("undecided");
  if ("group" in outcome) return approvalAnswer(outcome.group, true);
  if ("approve" in outcome) return approvalAnswer(defaultGroup, false);
  if ("reject" in outcome) return new Problem("refused", { messages: outcome.reject });
  const asked = parseApprovalConfiguration(order.customConfig);
  if (asked === undefined) return unreadableConfiguration(order.customConfig, "true;10065");
  return approvalAnswer(asked.group ?? defaultGroup, asked.isApprovalNeeded);
}

function approvalAnswer(group: number, isApprovalNeeded: boolean): string {
  return JSON.stringify({ ApprovalGroupId: group, IsApprovalNeeded: isApprovalNeeded });
}

/** What a store asks of an approval. */
export interface ApprovalConfiguration {
  readonly isApprovalNeeded: boolean;
  /** Only where it is told: `false` alone needs none. */
  readonly group?: number;
}

/**
 * Reads the approval form of an order's CustomConfig, `<IsApprovalNeeded>;<ApprovalGroupId>`. It is
 * inferred from the vendor's examples, which it matches exactly.
 *
 * @param text E.g. `true;10065`; white space and letter case do not matter. `false` needs no group.
 * @returns What it says, or `undefined` when it cannot be read.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseApprovalConfiguration("true;10065"), { isApprovalNeeded: true, group: 10065 });
 * assertEquals(parseApprovalConfiguration("false"), { isApprovalNeeded: false });
 * assertEquals(parseApprovalConfiguration("maybe"), undefined);
 * ```
 */
export function parseApprovalConfiguration(text: string): ApprovalConfiguration | undefined {
  const says = bareCustomConfig(text);
  if (/^false$/i.test(says)) return { isApprovalNeeded: false };
  const [, needed = "", group = ""] = /^(true|false)\s*;\s*(\d{1,10})$/i.exec(says) ?? [];
  if (needed === "" || Number(group) > LARGEST_ID) return undefined;
  return { isApprovalNeeded: needed.toLowerCase() === "true", group: Number(group) };
}
