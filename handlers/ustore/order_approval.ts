import * as z from "zod";
import { createXSignature } from "../../lib/auth/x_signature.ts";
import { compileRules, decide } from "../../lib/decide/rules.ts";
import type { Answer } from "../../lib/http/endpoint.ts";
import { Problem } from "../../lib/http/problem/problem.ts";
import { defineHandler } from "../handler.ts";
import { NOTHING, parseApprovalConfiguration } from "./custom_configuration.ts";
import { type OrderView, viewOrder } from "./views/order.ts";
import orderApproval from "./samples/order_approval.json" with { type: "json" };
import { ustoreSender } from "./sender.ts";
import { id, reject, rulesOf, signatureKeys } from "./settings.ts";
import { ORDER_VOCABULARY } from "./views/vocabulary.ts";

const outcome = z.union([
  z.strictObject({
    group: id.meta({ description: "Approval is needed, by the group with this id." }),
  }),
  z.strictObject({ approve: z.literal(true).meta({ description: "No approval is needed." }) }),
  z.strictObject({
    customConfig: z.literal(true).meta({
      description: "As the order's CustomConfig says, `true;10065`: the vendor's sample.",
    }),
  }),
  reject,
]);

type Outcome = z.output<typeof outcome>;

const settings = z.strictObject({
  signatureKeys,
  defaultGroup: id.default(0).meta({
    description: "The group in an answer that says no approval is needed.",
  }),
  rules: rulesOf(outcome),
  otherwise: outcome.optional().meta({ description: "The outcome when no rule matches." }),
});

/** The answer's shape, by the vendor's page on the order approval webhook. */
const answerShape = z.strictObject({ ApprovalGroupId: z.number(), IsApprovalNeeded: z.boolean() });

/** Which group must approve this order? */
export const orderApprovalHandler = defineHandler({
  kind: "ustore.order-approval",
  summary: "which group must approve this order",
  settings,
  sample: {
    request: orderApproval,
    check(answer) {
      const { error } = answerShape.safeParse(answer);
      return error === undefined ? undefined : z.prettifyError(error);
    },
    sender: ustoreSender,
  },
  async open({ signatureKeys, defaultGroup, rules, otherwise }, context) {
    const compiled = compileRules(ORDER_VOCABULARY, rules, context.report);
    return {
      auth: await createXSignature(signatureKeys),
      rules: rules.map(({ name }) => name),
      answer({ document }): Answer {
        const order = viewOrder(document);
        const decision = decide(compiled, otherwise, { order });
        return {
          result: carryOut(decision.outcome, order, defaultGroup),
          decisions: [decision],
        };
      },
    };
  },
});

function carryOut(outcome: Outcome | null, order: OrderView, defaultGroup: number) {
  if (outcome === null) return new Problem("undecided");
  if ("group" in outcome) return approvalAnswer(outcome.group, true);
  if ("approve" in outcome) return approvalAnswer(defaultGroup, false);
  if ("reject" in outcome) return new Problem("refused", { messages: outcome.reject });
  const asked = parseApprovalConfiguration(order.customConfig);
  if (asked !== undefined) return approvalAnswer(asked.group, asked.isApprovalNeeded);
  const value = order.customConfig || NOTHING;
  return new Problem("unreadable_custom_configuration", { params: { value } });
}

function approvalAnswer(group: number, isApprovalNeeded: boolean): string {
  return JSON.stringify({ ApprovalGroupId: group, IsApprovalNeeded: isApprovalNeeded });
}
