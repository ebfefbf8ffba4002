/** What a viewer sees of what the journal keeps: all that happened, and nothing of a person. */
import type { AskedService, Decision, RuleTrace } from "../../rules/decision.ts";
import type {
  DeliveryRow,
  EventRow,
  EventWithForwards,
  ForwardRow,
  ForwardWithHistory,
} from "../reader/rows.ts";
import type { ReasonClause } from "../queries/clauses.ts";
import type { DeliveryDetails } from "../queries/delivery.ts";
import { type ExplainedDecision, type Reason, sentenceOf } from "../queries/why.ts";
import { withoutLiterals, withoutPersonalValue } from "./conditions.ts";
import {
  each,
  emptied,
  fields,
  HIDDEN,
  hidden,
  LEFT_OUT,
  named,
  none,
  orNull,
  plain,
  type Policy,
} from "./policy.ts";
import { briefForViewers, isAmountText, isPlainNumber, outcomeForViewers } from "./proof.ts";

function numberOnly(text: string): string {
  return isPlainNumber(text) ? text : HIDDEN;
}

const asked = fields<AskedService>({
  service: named,
  attempts: plain,
  status: plain,
  durationMs: plain,
  // What a service said may be about anybody.
  said: LEFT_OUT,
  refusal: LEFT_OUT,
  failure: hidden,
  onFailure: orNull(outcomeForViewers),
});

const decision = fields<Decision>({
  subject: numberOnly,
  rule: named,
  row: fields<NonNullable<Decision["row"]>>({
    rule: named,
    line: plain,
    cells: () => ({}),
    note: LEFT_OUT,
  }),
  outcome: outcomeForViewers,
  tried: plain,
  failures: each(fields<Decision["failures"][number]>({ rule: named, reason: hidden })),
  timeZone: plain,
  asked,
});

const traceFields = fields<RuleTrace>({
  rule: named,
  state: plain,
  when: withoutLiterals,
  isOfTable: plain,
  note: LEFT_OUT,
  values: (values) => values.map(withoutPersonalValue),
  reason: LEFT_OUT,
});

/** A cell may hold anything, in no quotes. */
const trace: Policy<RuleTrace> = (one, sight) =>
  traceFields(one.isOfTable === true ? { ...one, when: `"${HIDDEN}"` } : one, sight);

const explained = fields<ExplainedDecision>({
  subject: numberOnly,
  rule: named,
  outcome: outcomeForViewers,
  asked,
  timeZone: plain,
  trace: each(trace),
});

/** Of what was made of a delivery's head, in a list and alone. */
const OF_DELIVERY = {
  id: plain,
  receivedAt: plain,
  answeredAt: plain,
  durationMs: plain,
  endpoint: named,
  kind: plain,
  status: plain,
  // A header may name further keys, as its sender writes them.
  verifiedBy: (by: string | null) => by === null ? null : by.split(",")[0] ?? "",
  requestId: plain,
  isOwnRequestId: plain,
  remoteAddress: hidden,
  repeatOf: plain,
  // What a check found may quote what it read.
  note: LEFT_OUT,
  erasedAt: plain,
  bodyBytes: plain,
  brief: briefForViewers,
  decisionCount: plain,
} as const;

/** The id of a request may be any text where its sender chose it. */
function withOwnId<Row extends Pick<DeliveryRow, "requestId" | "isOwnRequestId">>(row: Row): Row {
  return row.isOwnRequestId ? row : { ...row, requestId: HIDDEN };
}

const rowFields = fields<DeliveryRow>({ ...OF_DELIVERY, decisions: each(decision) });

/** Of a delivery in a list. */
export const deliveryRowForViewers: Policy<DeliveryRow> = (row, sight) =>
  rowFields(withOwnId(row), sight);

const clause = (one: ReasonClause): ReasonClause => {
  // What a condition says in words is shown as far as the condition is.
  const isShown = !withoutLiterals(`${one.path} > ${one.limit}`).includes(HIDDEN) &&
    isAmountText(one.limit) && isAmountText(one.value);
  return isShown ? one : { ...one, limit: HIDDEN, value: HIDDEN };
};

const reasonFields = fields<Reason>({
  sentence: plain,
  kind: plain,
  rule: named,
  clauses: (clauses) => clauses.map(clause),
  values: (values) => values.map(withoutPersonalValue),
});

/** The sentence is written anew of what is shown of its parts. */
const reason = (
  { reason, brief, status, decisionCount, decisions }: DeliveryDetails,
): Reason => {
  const parts = reasonFields(reason, { isKnownType: () => false });
  const matched = decisions[0]?.trace.some(({ state }) => state === "matched") === true;
  const { answer } = briefForViewers(brief);
  return {
    ...parts,
    sentence: sentenceOf({
      ...parts,
      status,
      isOtherwise: !matched,
      others: Math.max(0, decisionCount - 1),
      ...(answer === undefined ? {} : { answer }),
    }),
  };
};

const detailFields = fields<DeliveryDetails>({
  ...OF_DELIVERY,
  rules: named,
  headers: () => [],
  body: emptied,
  bodyEncoding: plain,
  bodyIsCut: () => true,
  keptBytes: plain,
  answer: emptied,
  answerEncoding: plain,
  answerBytes: plain,
  answerIsCut: () => true,
  decisions: each(explained),
  reason: plain,
  // A finding quotes the header and the note.
  signature: LEFT_OUT,
  isBeingExamined: LEFT_OUT,
});

/** Of one delivery. */
export const deliveryDetailsForViewers: Policy<DeliveryDetails> = (details, sight) =>
  detailFields({ ...withOwnId(details), reason: reason(details) }, sight);

const typeName: Policy<string> = (type, { isKnownType }) =>
  type === "" || isKnownType(type) ? type : HIDDEN;

const OF_EVENT = {
  id: plain,
  receivedAt: plain,
  occurredAt: plain,
  endpoint: named,
  source: named,
  type: typeName,
  candidates: each(typeName),
  // It may be anybody's number or address, and so may the sender's own id.
  subject: hidden,
  key: hidden,
  duplicates: plain,
  lastSeenAt: plain,
  warnings: none<string>,
  deliveryId: plain,
  erasedAt: plain,
  payloadBytes: plain,
} as const;

/** Of an event in a list. */
export const eventRowForViewers: Policy<EventRow> = fields<EventRow>(OF_EVENT);

type Attempt = ForwardWithHistory["history"][number];

/** A destination may say whose order it is that it does not take. */
const attempt = fields<Attempt>({
  startedAt: plain,
  durationMs: plain,
  status: plain,
  error: hidden,
});

const OF_FORWARD = {
  id: plain,
  destination: named,
  state: plain,
  createdAt: plain,
  dueAt: plain,
  leasedUntil: plain,
  attempts: plain,
  lastAttempt: orNull(attempt),
  event: fields<ForwardRow["event"]>({
    id: plain,
    endpoint: named,
    source: named,
    type: typeName,
    subject: hidden,
  }),
} as const;

/** Of a forward in a list. */
export const forwardRowForViewers: Policy<ForwardRow> = fields<ForwardRow>(OF_FORWARD);

/** Of one forward. */
export const forwardDetailsForViewers: Policy<ForwardWithHistory> = fields<ForwardWithHistory>({
  ...OF_FORWARD,
  history: (history, sight) => history.map((one) => attempt(one, sight)),
  eventId: plain,
  deliveryId: plain,
});

/** Of one event. */
export const eventDetailsForViewers: Policy<EventWithForwards> = fields<EventWithForwards>({
  ...OF_EVENT,
  payload: emptied,
  payloadEncoding: plain,
  payloadIsCut: () => true,
  forwards: each(fields<EventWithForwards["forwards"][number]>({
    ...OF_FORWARD,
    history: (history, sight) => history.map((one) => attempt(one, sight)),
  })),
});
