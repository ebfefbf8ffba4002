/** The vendor's own order, as it stands in the journal of a console. */
import { handlers } from "../../../handlers/mod.ts";
import { newDeliveryId } from "../../../lib/journal/delivery.ts";
import { bytesOf, delivery } from "../journal/samples.ts";
import { type ConsoleWorld } from "./console_world.ts";

const SAMPLE = handlers[0]?.sample.request;
const RULES = [
  { name: "large orders", when: "order.total > 500.0" },
  { name: "never", when: "order.total > 1000000.0" },
];

/** The vendor's own order with another total. */
export function orderOf(total: string): Uint8Array<ArrayBuffer> {
  const text = JSON.stringify(SAMPLE).replaceAll('"1.20000"', JSON.stringify(total));
  return bytesOf(text);
}

/** Records that order, approved, but for what is given; gives the id of its delivery. */
export async function recordOrder({ journal }: ConsoleWorld, parts: object = {}) {
  const id = newDeliveryId();
  await journal.record(delivery({
    id,
    endpoint: "/approval",
    receivedAt: Date.now() - 1000,
    body: bytesOf(JSON.stringify(SAMPLE)),
    answer: bytesOf('{"ApprovalGroupId":0,"IsApprovalNeeded":false}'),
    rules: RULES,
    decisions: [{ rule: "otherwise", outcome: { approve: true }, tried: 2, failures: [] }],
    ...parts,
  }));
  return id;
}
