/** One delivery: what came, what went and why. */
import type { DeliveryBrief, Handler } from "../../../handlers/handler.ts";
import type { StoredDelivery } from "../../journal/delivery.ts";
import type { RuleSight } from "../../rules/evidence.ts";
import { deliveryRecord, withBrief } from "./deliveries.ts";
import { isOwnRequestId } from "../privacy/proof.ts";
import { bounded } from "./records.ts";
import type { SignatureFinding } from "./signature_finding.ts";
import { explainDecisions, type ExplainedDecision, type Reason, reasonOfDelivery } from "./why.ts";

/** Of what is larger the beginning is shown; the whole is a download. */
export const MOST_SHOWN_BYTES = 65_536;

/** Senders choose how long texts and lists are: what is shown of them has an end. */
const OF_DELIVERY = { text: 2000, list: 500 } as const;
/** Of an order with many items the first ones are explained. */
const MOST_DECISIONS = 200;

/** A delivery as its page shows it and as the API gives it. */
export interface DeliveryDetails extends Omit<ReturnType<typeof deliveryRecord>, "decisions"> {
  readonly brief: DeliveryBrief;
  readonly decisions: readonly ExplainedDecision[];
  /** How many there are: of an order with many items the first ones are shown. */
  readonly decisionCount: number;
  /** Whether the program made the id of the request: a sender's own may be any text. */
  readonly isOwnRequestId: boolean;
  /** Why it was answered so, in a sentence and in parts. */
  readonly reason: Reason;
  /** How many bytes of the body are kept. */
  readonly keptBytes: number;
  /** Whether `body` holds its beginning alone. */
  readonly bodyIsCut: boolean;
  readonly answerBytes: number;
  /** Whether `answer` holds its beginning alone. */
  readonly answerIsCut: boolean;
  /** Only where its signature was refused. */
  readonly signature?: SignatureFinding;
  /** Whether that is still being found out, which takes longer than a page does. */
  readonly isBeingExamined?: true;
}

/**
 * Describes a delivery.
 *
 * @param delivery The delivery.
 * @param handlers The kinds.
 * @returns What is shown of it.
 */
export function detailsOf(
  delivery: StoredDelivery,
  handlers: readonly Pick<Handler, "kind" | "brief" | "sight">[],
): DeliveryDetails {
  const { body, answer, rules } = delivery;
  const decisions = delivery.decisions.slice(0, MOST_DECISIONS);
  const sight: RuleSight | undefined = handlers.find(({ kind }) => kind === delivery.kind)?.sight;
  const explained = explainDecisions(sight, body, rules, decisions);
  const { brief } = withBrief(handlers, delivery);
  const shown = { ...delivery, body: beginningOf(body), answer: beginningOf(answer) };
  const { body: bodyText, answer: answerText, ...record } = deliveryRecord({ ...shown, decisions });
  return {
    ...bounded(record, OF_DELIVERY),
    body: bodyText,
    answer: answerText,
    brief: bounded(brief, OF_DELIVERY),
    decisions: bounded(explained, OF_DELIVERY),
    decisionCount: delivery.decisions.length,
    isOwnRequestId: isOwnRequestId(delivery),
    reason: bounded(reasonOfDelivery(delivery, brief, explained), OF_DELIVERY),
    keptBytes: body.length,
    bodyIsCut: shown.body.length < body.length,
    answerBytes: answer.length,
    answerIsCut: shown.answer.length < answer.length,
  };
}

/**
 * Cuts bytes to what is shown of them.
 *
 * @param bytes The bytes.
 * @returns Their beginning; of a text in UTF-8 no character is cut through.
 */
export function beginningOf(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (bytes.length <= MOST_SHOWN_BYTES) return bytes;
  let end = MOST_SHOWN_BYTES;
  while (end > MOST_SHOWN_BYTES - 4 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.slice(0, end);
}
