/** The delivery beside a draft of rules: what it was answered, and what the draft makes of it. */
import type { DeliveryBrief } from "../../../handlers/handler.ts";
import type { Endpoint } from "../../http/endpoint.ts";
import type { StoredDelivery } from "../../journal/delivery.ts";
import { decideAgain } from "../../trials/backtest/again.ts";
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
 * Decides the chosen delivery by a draft. Nobody is asked and nothing is recorded.
 *
 * @param context What the console is given.
 * @param endpoint The path of the endpoint.
 * @param chosen The id of the delivery; the newest of the endpoint that was decided unless given.
 * @param endpoints Those of the draft; `undefined` while it has mistakes.
 * @returns The delivery; `undefined` where there is none.
 */
export async function decideBeside(
  { reader, handlers }: Pick<ConsoleContext, "reader" | "handlers">,
  endpoint: string,
  chosen: string | undefined,
  endpoints: readonly Endpoint[] | undefined,
): Promise<DeliveryBeside | undefined> {
  const id = chosen ?? await newestOf(reader, endpoint);
  const head = id === undefined ? undefined : await reader.head(id);
  // Of another endpoint the rules say nothing.
  if (head === undefined || head.endpoint !== endpoint) return undefined;
  const body = await reader.content(head.id, "body") ?? new Uint8Array();
  const answer = await reader.content(head.id, "answer") ?? new Uint8Array();
  const delivery = { ...head, body, answer };
  const then = sideOf(delivery, handlers);
  const isWhole = head.erasedAt === null && head.bodyBytes === body.length;
  const now = endpoints === undefined || !isWhole
    ? null
    : await decidedBy(delivery, endpoints, handlers);
  const rulesOf = (side: DecidedSide) => side.decisions.map(({ rule }) => rule).join("\n");
  return {
    id: head.id,
    kind: head.kind,
    receivedAt: new Date(head.receivedAt).toISOString(),
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

async function decidedBy(
  delivery: StoredDelivery,
  endpoints: readonly Endpoint[],
  handlers: ConsoleContext["handlers"],
): Promise<DecidedSide> {
  // Names of exported lists that nothing keeps: nobody is answered.
  const again = decideAgain(endpoints, { findExport: () => Promise.resolve(undefined) });
  const { endpoint } = again.takerOf(delivery);
  const { status, body, decisions } = await again.decide(delivery, endpoint);
  const rules = endpoint?.rules ?? [];
  const decided = { ...delivery, answer: new Uint8Array(body), decisions, rules };
  return { ...sideOf({ ...decided, status: status ?? 200 }, handlers), status };
}

function sideOf(delivery: StoredDelivery, handlers: ConsoleContext["handlers"]): DecidedSide {
  const { status, reason, brief, decisions } = detailsOf(delivery, handlers);
  return {
    ...{ status, brief, sentence: reason.sentence },
    decisions: decisions.slice(0, MOST_DECISIONS),
  };
}
