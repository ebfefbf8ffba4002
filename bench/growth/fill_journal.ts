import { newDeliveryId } from "../../lib/journal/delivery.ts";
import { openJournal } from "../../lib/journal/sqlite/open.ts";

const encoder = new TextEncoder();

/** What a journal is filled with. */
export interface Filling {
  /** The body of each delivery by its number; small and another each time unless given. */
  readonly bodyOf?: (number: number) => Uint8Array<ArrayBuffer>;
  /** How many are stored in one transaction. */
  readonly group?: number;
  /** Called after each transaction. */
  readonly onCommit?: () => void;
}

/**
 * Fills a journal with deliveries that were just received.
 *
 * @param path The journal's file.
 * @param count How many: a multiple of the group.
 * @param filling What each of them is.
 */
export async function fillJournal(
  path: string,
  count: number,
  { bodyOf = (number) => encoder.encode(`{"order":${number}}`), group = 1000, onCommit = () => {} }:
    Filling = {},
): Promise<void> {
  const journal = openJournal(path, { onCommit });
  const answer = encoder.encode("{}");
  const first = Date.now() - count;
  for (let done = 0; done < count; done += group) {
    await Promise.all(Array.from({ length: group }, (_, index) => {
      const time = first + done + index;
      return journal.record({
        id: newDeliveryId(time),
        endpoint: "/ustore/order-approval",
        kind: "ustore.order-approval",
        requestId: `request-${done + index}`,
        numbers: [`${done + index}`],
        receivedAt: time,
        answeredAt: time,
        remoteAddress: "127.0.0.1",
        headers: [],
        body: bodyOf(done + index),
        verifiedBy: "key 1",
        status: 200,
        answer,
        rules: [],
        decisions: [],
      });
    }));
  }
  await journal.close();
}
