/** The delivery beside a draft of rules: what it was answered, and what the draft makes of it. */
import type { DeliveryBrief } from "../../../handlers/handler.ts";
import type { StoredDelivery } from "../../journal/delivery.ts";
import type { DecidedByText } from "../../trials/judged_text.ts";
import type { ConsoleContext } from "../context.ts";
import { detailsOf } from "../queries/delivery.ts";
import type { ExplainedDecision } from "../queries/why.ts";

/** What a delivery was answered, or would be. */
export interface DecidedSide {
  /** `null` when a service would be asked, which was not asked then. */
  readonly status: number | null;
  /** One sentence in English, without a period. */
  readonly sentence: string;
  readonly brief: DeliveryBrief;
  readonly decisions: readonly ExplainedDecision[];
}

/** A delivery beside a draft. */
export interface DeliveryBeside {
  readonly id: string;
  readonly kind: string;
  readonly receivedAt: string;
  readonly then: DecidedSide;
  /** `null` while the draft has mistakes, or where only a part of the delivery is kept. */
  readonly now: DecidedSide | null;
  /** Whether it would be answered or decided otherwise. */
  readonly isOther: boolean;
}

/** Of an order with many items the first ones are shown. */
const MOST_DECISIONS = 20;

/**
 * Finds the delivery that is decided beside a draft, whole.
 *
 * @param context What the console is given.
 * @param endpoint The path of the endpoint.
 * @param chosen The id of the delivery; the newest of the endpoint that was decided unless given.
 * @returns The delivery; `undefined` where there is none.
 */
export async function findBeside(
  { reader }: Pick<ConsoleContext, "reader">,
  endpoint: string,
  chosen: string | undefined,
): Promise<StoredDelivery | undefined> {
  const id = chosen ?? await newestOf(reader, endpoint);
  const head = id === undefined ? undefined : await reader.head(id);
  // Of another endpoint the rules say nothing.
  if (head === undefined || head.endpoint !== endpoint) return undefined;
  const body = await reader.content(head.id, "body") ?? new Uint8Array();
  const answer = await reader.content(head.id, "answer") ?? new Uint8Array();
  return { ...head, body, answer };
}

/** Whether it can be decided again. */
export function isWhole({ erasedAt, bodyBytes, body }: StoredDelivery): boolean {
  return erasedAt === null && bodyBytes === body.length;
}

/**
 * Shows a delivery beside a draft. Nobody was asked and nothing recorded.
 *
 * @param handlers The kinds.
 * @param delivery The delivery.
 * @param decided What the draft makes of it; `undefined` where that is not known.
 */
export function showBeside(
  handlers: ConsoleContext["handlers"],
  delivery: StoredDelivery,
  decided: DecidedByText | undefined,
): DeliveryBeside {
  const then = sideOf(delivery, handlers);
  const now = decided === undefined ? null : {
    ...sideOf({ ...delivery, ...decided, status: decided.status ?? 200 }, handlers),
    status: decided.status,
  };
  const rulesOf = (side: DecidedSide) => side.decisions.map(({ rule }) => rule).join("\n");
  return {
    id: delivery.id,
    kind: delivery.kind,
    receivedAt: new Date(delivery.receivedAt).toISOString(),
    then,
    now,
    isOther: now !== null && (now.sentence !== then.sentence || rulesOf(now) !== rulesOf(then)),
  };
}

async function newestOf(
  reader: ConsoleContext["reader"],
  endpoint: string,
): Promise<string | undefined> {
  const { deliveries } = await reader.deliveries({ endpoint, verified: true, limit: 1 });
  return deliveries[0]?.id;
}

function sideOf(delivery: StoredDelivery, handlers: ConsoleContext["handlers"]): DecidedSide {
  const { status, reason, brief, decisions } = detailsOf(delivery, handlers);
  return {
    ...{ status, brief, sentence: reason.sentence },
    decisions: decisions.slice(0, MOST_DECISIONS),
  };
}
