import orderApproval from "../../handlers/ustore/samples/order_approval.json" with { type: "json" };
import { JSON_TYPE, writeSignedInTurn } from "./signed.ts";
import type { Load } from "./wrk.ts";

/** Enough to be spread over the whole of the journal's index by content. */
const COUNT = 20_000;

/**
 * Writes orders to approve that differ by their ids alone, to be sent in turn: a journal stores a
 * repeat at less cost.
 *
 * @param folder Where.
 * @returns How they are sent.
 */
export async function writeDifferentOrders(
  folder: string,
): Promise<Pick<Load, "headers" | "bodyFile" | "inTurn">> {
  const orders = Array.from({ length: COUNT }, (_, index) => ({
    ...orderApproval,
    Order: { ...orderApproval.Order, "@OrderId": `${1_000_000 + index}` },
  }));
  const bodyFile = await writeSignedInTurn(folder, "different-orders", orders);
  return { headers: JSON_TYPE, bodyFile, inTurn: true };
}
