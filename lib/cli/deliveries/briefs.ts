import type { DeliveryBrief, Handler } from "../../../handlers/handler.ts";
import type { DeliverySummary, StoredDelivery } from "../../journal/delivery.ts";

/** A delivery with what people look for in it. */
export interface ListedDelivery extends DeliverySummary {
  readonly brief: DeliveryBrief;
}

/**
 * Adds to a delivery what people look for in it: the order's number, its total, the shopper and
 * what was answered.
 *
 * @param handlers The kinds.
 * @param delivery The delivery.
 * @returns The same with its brief, empty where nothing of the kind can be read.
 */
export function withBrief(
  handlers: readonly Pick<Handler, "kind" | "brief">[],
  delivery: StoredDelivery,
): ListedDelivery & StoredDelivery {
  const brief = handlers.find(({ kind }) => kind === delivery.kind)?.brief;
  const answer = delivery.status === 200 ? parsed(delivery.answer) : undefined;
  return { ...delivery, brief: brief?.(parsed(delivery.body), answer) ?? {} };
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    // Refused bodies may be anything.
    return undefined;
  }
}
