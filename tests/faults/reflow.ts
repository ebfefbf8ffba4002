/** A reflow: a platform sends again everything that it has. */
import type { Program } from "../e2e/program.ts";
import { ROUNDS } from "./load.ts";
import { hmacOf } from "../hmac.ts";

/** How many events there are: a few with all other tests, all in `task test:faults`. */
export const EVENT_COUNT: number = 2500 * ROUNDS;

/** The secret of Emporix. */
export const EMPORIX_SECRET = "password123";

/** The most that UltraCart puts into a delivery, and the most that is let in. */
const LARGEST_BODY = 6 * 1_048_576 - 1024;
const CONNECTIONS = 16;
const encoder = new TextEncoder();

/** The id that an event has, by its number. */
function reflowId(index: number): string {
  return `DEMO-${String(index).padStart(10, "0")}`;
}

/**
 * Sends events as two platforms would: four in five in as few deliveries of UltraCart as hold them,
 * the rest one by one from Emporix, on connections that stay open.
 *
 * @param program The server, with the endpoints `/ultracart` and `/emporix`.
 * @returns How often each status was answered.
 */
export async function sendReflow({ url }: Program): Promise<ReadonlyMap<number, number>> {
  const statuses = new Map<number, number>();
  const emporixFrom = Math.floor(EVENT_COUNT * 0.8);

  async function post(path: string, headers: HeadersInit, body: BodyInit): Promise<void> {
    const { status, ...response } = await fetch(`${url}${path}`, { method: "POST", headers, body });
    await response.body?.cancel();
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }

  async function sendEach<T>(count: number, all: Iterator<T>, send: (one: T) => Promise<void>) {
    // Whoever is done takes the next.
    await Promise.all(Array.from({ length: count }, async () => {
      for (let next = all.next(); !next.done; next = all.next()) await send(next.value);
    }));
  }

  await Promise.all([
    sendEach(
      4,
      ultraCartBodies(emporixFrom),
      (body) => post("/ultracart", { "Content-Type": "application/json" }, body),
    ),
    sendEach(CONNECTIONS, numbers(emporixFrom, EVENT_COUNT), async (index) => {
      const body = JSON.stringify({ id: reflowId(index), siteCode: "main", currency: "EUR" });
      const signature = await hmacOf("SHA-256", EMPORIX_SECRET, body);
      const headers = {
        "Content-Type": "application/json",
        "emporix-event-signature": signature,
      };
      return await post("/emporix/cart.created", headers, body);
    }),
  ]);
  return statuses;
}

function* numbers(from: number, to: number): Generator<number> {
  for (let index = from; index < to; index++) yield index;
}

/** Fills each body as far as it goes. */
function* ultraCartBodies(count: number): Generator<Uint8Array<ArrayBuffer>> {
  let events: string[] = [];
  let length = 0;
  for (const index of numbers(0, count)) {
    const event = ultraCartEvent(index);
    if (length + event.length > LARGEST_BODY) {
      yield encoder.encode(`[${events.join(",")}]`);
      [events, length] = [[], 0];
    }
    events.push(event);
    length += event.length + 1;
  }
  yield encoder.encode(`[${events.join(",")}]`);
}

function ultraCartEvent(index: number): string {
  return JSON.stringify({
    order_update: {
      merchant_id: "DEMO",
      order_id: reflowId(index),
      current_stage: "Shipping Department",
      creation_dts: "2016-04-07T14:07:36-04:00",
      billing: { address1: "Test Street", city: "ELK GROVE", state_region: "CA" },
      items: [{
        merchant_item_id: "ITEM",
        quantity: 1,
        cost: {
          value: 19.99,
          currency_code: "USD",
          localized: 19.99,
          localized_formatted: "$19.99",
        },
      }],
      summary: { total: { value: 19.99, currency_code: "USD", localized: 19.99 } },
    },
  });
}
