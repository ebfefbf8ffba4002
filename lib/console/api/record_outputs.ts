/** What the routes give of deliveries, events and forwards, for the description of the API. */
import * as z from "zod";
import type { BriefAnswer, DeliveryBrief } from "../../../handlers/handler.ts";
import type { Attempt } from "../../forward/outbox.ts";
import type { AskedService, Decision, RuleTrace } from "../../rules/decision.ts";
import type { ReadValue } from "../../rules/cel/evaluation.ts";
import type { Difference, Side } from "../../trials/backtest/compare.ts";
import type { PageData, RefusedSignature } from "../pages/page_data.ts";
import type { ReasonClause } from "../queries/clauses.ts";
import type { DecidedAgain, ShownPinnedTest } from "../queries/decide_again.ts";
import type { DeliveryDetails } from "../queries/delivery.ts";
import type { SignatureFinding } from "../queries/signature_finding.ts";
import type { ExplainedDecision, Reason } from "../queries/why.ts";
import type {
  DeliveryRow,
  EventList,
  EventRow,
  EventWithForwards,
  ForwardRow,
  ForwardWithHistory,
  FoundDeliveryList,
} from "../reader/rows.ts";
import { count, described, encoding, howFar, time, timeOrNull } from "./described.ts";

/** What people look for in a delivery. */
export const brief = described<DeliveryBrief>({
  orders: z.array(z.string()).optional().meta({ description: "The numbers of the order." }),
  total: z.string().optional().meta({ examples: ["612.40 USD"] }),
  shopper: z.string().optional().meta({ description: "Not for viewers." }),
  answer: z.string().optional().meta({ examples: ["group 10065 must approve"] }),
  answered: described<BriefAnswer>({
    what: z.enum(["groupApproves", "approved", "routed", "kept", "taxed", "exported"]),
    about: z.string().optional().meta({ description: "Of what it is said.", examples: ["10065"] }),
  }).optional().meta({ description: "The same in no language." }),
}).meta({ description: "What people look for in it; what it does not say is missing." });

const outcome = z.record(z.string(), z.unknown()).nullable().meta({
  description: "As the config writes it.",
});
const subject = z.string().optional().meta({ description: "The id of the item it is about." });
const rule = z.string().nullable().meta({
  description: "The rule that decided; null where none did.",
});
const asked = described<AskedService>({
  service: z.string(),
  attempts: count,
  status: z.int().nullable(),
  durationMs: z.number(),
  said: z.unknown().optional(),
  refusal: z.string().optional(),
  failure: z.string().optional(),
  onFailure: outcome.optional(),
}).optional().meta({ description: "Only where the outcome is to ask a service." });
const timeZone = z.string().optional().meta({
  description: "In which times were read; only where a rule read some.",
});

const decision = described<Decision>({
  ...{ subject, rule, outcome, asked, timeZone },
  tried: count,
  failures: z.array(described<Decision["failures"][number]>({
    rule: z.string(),
    reason: z.string(),
  })),
  row: described<NonNullable<Decision["row"]>>({
    rule: z.string(),
    line: count,
    cells: z.record(z.string(), z.string()),
    note: z.string().optional(),
  }).optional().meta({ description: "Only where a row of a table decided." }),
});

const summary = {
  id: z.string(),
  receivedAt: time,
  answeredAt: time,
  durationMs: z.number(),
  endpoint: z.string(),
  kind: z.string(),
  status: z.int(),
  verifiedBy: z.string().nullable().meta({ description: "Null marks a refused delivery." }),
  requestId: z.string(),
  isOwnRequestId: z.boolean().meta({
    description: "Whether the program made it: one that its sender chose is not for viewers.",
  }),
  remoteAddress: z.string(),
  repeatOf: z.string().nullable(),
  note: z.string().optional(),
  erasedAt: timeOrNull,
  bodyBytes: count,
  brief,
  decisionCount: count.meta({ description: "How many there are; of many the first are shown." }),
};

const readValue = described<ReadValue>({
  path: z.string(),
  value: z.union([z.string(), z.number(), z.boolean()]).nullable(),
  isDescription: z.literal(true).optional(),
});
const reason = described<Reason>({
  sentence: z.string(),
  kind: z.enum(["decided", "undecided", "refused", "taken in", "failed", "erased", "answered"]),
  rule: z.string().optional(),
  clauses: z.array(described<ReasonClause>({
    path: z.string(),
    relation: z.string().meta({ examples: ["over", "is one of"] }),
    limit: z.string(),
    value: z.string(),
  })).optional().meta({ description: "The parts of the condition, where it is plain enough." }),
  values: z.array(readValue).optional().meta({ description: "What the rule read." }),
}).meta({ description: "Why it was answered so, in a sentence and in parts." });

/** A decision, with what each rule said. */
export const explained = described<ExplainedDecision>({
  ...{ subject, rule, outcome, asked, timeZone },
  trace: z.array(described<RuleTrace>({
    rule: z.string(),
    state: z.enum(["matched", "not matched", "failed"]),
    when: z.string().optional(),
    isOfTable: z.literal(true).optional().meta({ description: "Its `when` is words, no rule." }),
    note: z.string().optional(),
    values: z.array(readValue).optional(),
    reason: z.string().optional(),
  })).meta({ description: "What each rule said that was tried." }),
});

/** What is wrong with a signature. */
export const finding = described<SignatureFinding>({
  what: z.string(),
  mend: z.string().optional(),
  variant: z.string().optional(),
}).meta({ description: "What is wrong with a signature." });

const side = described<Side>({
  status: z.int().nullable(),
  rules: z.array(z.object({ subject, rule })),
  asks: z.array(z.string()).optional(),
  answer: z.string(),
});
/** What a delivery was answered, and would be by other rules. */
export const difference = described<Difference>({
  id: z.string(),
  receivedAt: z.number().meta({ description: "In milliseconds since the epoch." }),
  endpoint: z.string(),
  change: z.enum(["answer", "rule", "ask"]),
  total: z.string().optional(),
  ...{ then: side, now: side },
});

const eventFields = {
  id: z.string(),
  receivedAt: time,
  occurredAt: timeOrNull,
  endpoint: z.string(),
  source: z.string(),
  type: z.string(),
  candidates: z.array(z.string()),
  subject: z.string(),
  key: z.string(),
  duplicates: count,
  lastSeenAt: time,
  warnings: z.array(z.string()),
  deliveryId: z.string(),
  erasedAt: timeOrNull,
  payloadBytes: count,
};
const attempt = described<Attempt>({
  startedAt: time,
  durationMs: z.number(),
  status: z.int().nullable(),
  error: z.string().nullable(),
});
const forwardFields = {
  id: z.string(),
  destination: z.string(),
  state: z.enum(["waiting", "delivered", "failed", "cancelled"]),
  createdAt: time,
  dueAt: timeOrNull,
  leasedUntil: timeOrNull,
  attempts: count,
  lastAttempt: attempt.nullable(),
  event: described<ForwardRow["event"]>({
    ...{ id: z.string(), endpoint: z.string(), source: z.string() },
    ...{ type: z.string(), subject: z.string() },
  }),
};
const forward = {
  ...forwardFields,
  history: z.array(attempt).meta({ description: "The newest attempts, oldest of them first." }),
};
/** How many forwards there are, by where they stand. */
export const forwardCounts = described<PageData["forwards"]["counts"]>({
  ...{ waiting: count, delivered: count, failed: count, cancelled: count },
});

/** What each of these routes gives, by its method and path. */
export const RECORD_OUTPUTS: Readonly<Record<string, z.ZodType>> = {
  "GET /deliveries": described<FoundDeliveryList>({
    deliveries: z.array(described<DeliveryRow>({ ...summary, decisions: z.array(decision) })),
    ...howFar,
  }),
  "GET /deliveries/{id}": described<Omit<DeliveryDetails, "isBeingExamined">>({
    ...summary,
    reason,
    decisions: z.array(explained),
    rules: z.array(z.string()),
    headers: z.array(z.array(z.string()).length(2)).meta({ description: "Names and values." }),
    body: z.string(),
    bodyEncoding: encoding,
    bodyIsCut: z.boolean().meta({ description: "Whether it holds the beginning alone." }),
    keptBytes: count,
    answer: z.string(),
    answerEncoding: encoding,
    answerIsCut: z.boolean(),
    answerBytes: count,
    signature: finding.optional(),
  }),
  "GET /deliveries/{id}/finding": described<Omit<RefusedSignature, "isBeingExamined">>({
    ...{ id: z.string(), endpoint: z.string(), verifiedBy: z.string().nullable() },
    note: z.string().optional().meta({ description: "What was found as it was refused." }),
    signature: finding.optional(),
  }),
  "POST /deliveries/{id}/decide": described<DecidedAgain>({
    id: z.string(),
    endpoint: z.string(),
    status: z.int().nullable(),
    answer: z.string(),
    decisions: z.array(explained),
    difference: difference.optional().meta({ description: "Absent where nothing differs." }),
  }),
  "POST /deliveries/{id}/pin": described<ShownPinnedTest>({
    id: z.string(),
    test: z.record(z.string(), z.unknown()).meta({ description: "To be put beside the rules." }),
    kept: z.array(z.string()).meta({ description: "What stays of a person: rules decide by it." }),
    isOther: z.boolean().meta({ description: "Whether it is answered otherwise by now." }),
  }),
  "GET /deliveries/{id}/curl": z.object({ id: z.string(), curl: z.string() }),
  "GET /events": described<EventList>({
    events: z.array(described<EventRow>(eventFields)),
    ...howFar,
  }),
  "GET /events/{id}": described<EventWithForwards>({
    ...eventFields,
    payload: z.string(),
    payloadEncoding: encoding,
    payloadIsCut: z.boolean(),
    forwards: z.array(described<EventWithForwards["forwards"][number]>(forward)),
  }),
  "GET /forwards": described<PageData["forwards"]>({
    forwards: z.array(described<ForwardRow>(forwardFields)),
    counts: forwardCounts,
    ...howFar,
  }),
  "GET /forwards/{id}": described<ForwardWithHistory>({
    ...forward,
    ...{ eventId: z.string(), deliveryId: z.string() },
  }),
};
