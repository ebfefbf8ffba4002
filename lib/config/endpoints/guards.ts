import type * as z from "zod";
import { createAddressList } from "../../util/addresses.ts";
import type { Endpoint } from "../../http/endpoint.ts";
import { createTokenBucket } from "../../util/token_bucket.ts";
import type { addresses, rate } from "../network_settings.ts";

/** Who may call an endpoint, and how often, as the config says it. */
export interface GuardSettings {
  readonly addresses?: z.output<typeof addresses>;
  readonly rate?: z.output<typeof rate>;
}

/**
 * Opens what lets requests in to an endpoint.
 *
 * @param settings What the config says.
 * @returns That part of the endpoint.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const { addresses, rate } = openGuards({ addresses: ["10.0.0.0/8"] });
 * assertEquals([addresses?.has("10.0.0.1"), rate], [true, undefined]);
 * ```
 */
export function openGuards(
  { addresses, rate }: GuardSettings,
): Pick<Endpoint, "addresses" | "rate"> {
  return {
    ...(addresses === undefined ? {} : { addresses: createAddressList(addresses) }),
    ...(rate === undefined ? {} : { rate: openRate(rate) }),
  };
}

function openRate(
  { perSecond, burst = Math.max(1, Math.ceil(perSecond)) }: NonNullable<GuardSettings["rate"]>,
) {
  return createTokenBucket(perSecond, performance.now(), burst);
}
