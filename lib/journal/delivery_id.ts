const COUNTER_LIMIT = 0x1000;
const last = { time: 0, counter: 0 };

/**
 * Makes the id of a delivery: a UUID of version 7. Ids made by one process always increase, also
 * within a millisecond and when the clock is set back.
 *
 * @param now Milliseconds since the epoch.
 * @param random Makes a UUID of version 4, whose random digits are taken over.
 * @returns The id, in lower case.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { newDeliveryId } from "./delivery_id.ts";
 *
 * assertEquals(newDeliveryId() < newDeliveryId(), true);
 * ```
 */
export function newDeliveryId(
  now: number = Date.now(),
  random: () => string = () => crypto.randomUUID(),
): string {
  const uuid = random();
  // A new millisecond starts in the lower half of the counter, so that the upper half is free
  // for what arrives within it; a full counter borrows the next millisecond.
  if (now > last.time) {
    last.time = now;
    last.counter = Number.parseInt(uuid.slice(0, 3), 16) % (COUNTER_LIMIT / 2);
  } else if (++last.counter === COUNTER_LIMIT) {
    last.time++;
    last.counter = 0;
  }
  const time = last.time.toString(16).padStart(12, "0");
  const counter = last.counter.toString(16).padStart(3, "0");
  // From here on both versions are alike: the variant, then random digits.
  return `${time.slice(0, 8)}-${time.slice(8)}-7${counter}-${uuid.slice(19)}`;
}
