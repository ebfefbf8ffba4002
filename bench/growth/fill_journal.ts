import { newDeliveryId } from "../../lib/journal/delivery_id.ts";
import { openJournal } from "../../lib/journal/sqlite/open.ts";

const BATCH = 1000;

/**
 * Fills a journal with small deliveries that were just received.
 *
 * @param path The journal's file.
 * @param count How many, in thousands.
 */
export async function fillJournal(path: string, count: number): Promise<void> {
  const journal = openJournal(path);
  const body = new TextEncoder().encode("{}");
  const first = Date.now() - count;
  for (let done = 0; done < count; done += BATCH) {
    await Promise.all(Array.from({ length: BATCH }, (_, index) => {
      const time = first + done + index;
      return journal.record({
        id: newDeliveryId(time),
        endpoint: "/ustore/order-approval",
        kind: "ustore.order-approval",
        requestId: `request-${done + index}`,
        receivedAt: time,
        answeredAt: time,
        remoteAddress: "127.0.0.1",
        headers: [],
        body,
        verifiedBy: "key 1",
        status: 200,
        answer: body,
        rules: [],
        decisions: [],
      });
    }));
  }
  await journal.close();
}
