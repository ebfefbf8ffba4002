/** One delivery: what came, what went and why. */
import type { DeliveryBrief, Handler } from "../../../handlers/handler.ts";
import type { StoredDelivery } from "../../journal/delivery.ts";
import type { RuleSight } from "../../rules/evidence.ts";
import { deliveryRecord, withBrief } from "./deliveries.ts";
import type { SignatureFinding } from "./signature_finding.ts";
import { explainDecisions, type ExplainedDecision, type Reason, reasonOfDelivery } from "./why.ts";

/** Of what is larger the beginning is shown; the whole is a download. */
export const MOST_SHOWN_BYTES = 65_536;

/** A delivery as its page shows it and as the API gives it. */
export interface DeliveryDetails extends Omit<ReturnType<typeof deliveryRecord>, "decisions"> {
  readonly brief: DeliveryBrief;
  readonly decisions: readonly ExplainedDecision[];
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
  const { body, answer, rules, decisions } = delivery;
  const sight: RuleSight | undefined = handlers.find(({ kind }) => kind === delivery.kind)?.sight;
  const explained = explainDecisions(sight, body, rules, decisions);
  const { brief } = withBrief(handlers, delivery);
  const shown = { ...delivery, body: beginningOf(body), answer: beginningOf(answer) };
  return {
    ...deliveryRecord(shown),
    brief,
    decisions: explained,
    reason: reasonOfDelivery(delivery, brief, explained),
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
