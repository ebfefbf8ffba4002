import type { Delivery } from "./delivery.ts";
import type { RefusedLimits } from "./journal.ts";

const HEADER_LINES = 64;
const HEADER_CHARACTERS = 1024;

/**
 * Cuts a refused delivery down to what is kept of it, so that strangers can't fill the disk. An
 * accepted one stays as it is.
 *
 * @param delivery The delivery.
 * @param limits How much is kept of a refused one.
 * @returns The delivery to keep.
 */
export function cutRefused(delivery: Delivery, limits: RefusedLimits): Delivery {
  if (delivery.verifiedBy !== null) return delivery;
  return {
    ...delivery,
    endpoint: delivery.endpoint.slice(0, HEADER_CHARACTERS),
    headers: delivery.headers.slice(0, HEADER_LINES).map((
      [name, value],
    ) => [name.slice(0, HEADER_CHARACTERS), value.slice(0, HEADER_CHARACTERS)]),
    body: delivery.body.subarray(0, limits.bodyBytes),
  };
}
