const COUNTER_LIMIT = 0x1000;
const last = { time: 0, counter: 0 };

/**
 * Makes the id of a delivery: a UUID of version 7. Ids made by one process always increase, also
 * within a millisecond and when the clock is set back.
 *
 * @param now Milliseconds since the epoch.
 * @param random Fills the bytes it is given with random ones.
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
  random: (bytes: Uint8Array<ArrayBuffer>) => unknown = (bytes) => crypto.getRandomValues(bytes),
): string {
  const bytes = random16(random);
  const view = new DataView(bytes.buffer);
  // A new millisecond starts in the lower half of the counter, so that the upper half is free
  // for what arrives within it; a full counter borrows the next millisecond.
  if (now > last.time) {
    last.time = now;
    last.counter = view.getUint16(6) & (COUNTER_LIMIT / 2 - 1);
  } else if (++last.counter === COUNTER_LIMIT) {
    last.time++;
    last.counter = 0;
  }
  view.setUint32(0, Math.floor(last.time / 0x10000));
  view.setUint16(4, last.time % 0x10000);
  view.setUint16(6, 0x7000 | last.counter);
  view.setUint8(8, 0x80 | (view.getUint8(8) & 0x3f));
  return format(bytes);
}

function random16(random: (bytes: Uint8Array<ArrayBuffer>) => unknown): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(16);
  random(bytes);
  return bytes;
}

function format(bytes: Uint8Array<ArrayBuffer>): string {
  const hex = bytes.toHex();
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${
    hex.slice(20)
  }`;
}
