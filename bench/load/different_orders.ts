import { createHmac } from "node:crypto";
import { join } from "@std/path";
import orderApproval from "../../handlers/ustore/samples/order_approval.json" with { type: "json" };
import { JSON_TYPE, KEY, type SignatureForm } from "./signed.ts";
import type { Load } from "./wrk.ts";

/** More than any server that keeps them answers in two seconds on two cores. */
const COUNT = 30_000;
/** Where the id goes. */
const PLACE = "@@";

let firstId = 1_000_000;

/**
 * Writes orders to approve that differ by their ids alone, to be sent in turn: a journal looks for
 * what a repeat repeats. No order was written before by this process.
 *
 * @param folder Where; what was written there before is replaced.
 * @returns How they are sent, to a server that expects signatures of a form.
 */
export async function writeDifferentOrders(
  folder: string,
): Promise<(form?: SignatureForm) => Pick<Load, "headers" | "bodyFile" | "sending">> {
  const order = { ...orderApproval.Order, "@OrderId": PLACE };
  const [before = "", after = ""] = JSON.stringify({ ...orderApproval, Order: order }).split(PLACE);
  const lines = Array.from({ length: COUNT }, (_, index) => {
    const id = firstId + index;
    // By the hundred thousand, without a hop to another thread for each.
    const digest = createHmac("sha512", KEY).update(`${before}${id}${after}`).digest();
    return `${digest.toString("base64")} ${digest.toString("hex")} ${id}`;
  });
  firstId += COUNT;
  const bodyFile = join(folder, "different-orders");
  await Deno.writeTextFile(bodyFile, [before, after, ...lines, ""].join("\n"));
  return (form = "base64") => ({ headers: JSON_TYPE, bodyFile, sending: `in turn, ${form}` });
}
