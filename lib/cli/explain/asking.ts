import type { Incoming } from "../../http/endpoint.ts";

/** How a delivery asks services. */
export type Ask = Incoming["ask"];

/** The request id of what is explained. */
export const REQUEST_ID = "explain";

/** Asks nobody. */
export const notAsked: Ask = () => Promise.resolve(undefined);

/**
 * Asks services as the server would.
 *
 * @param body The bytes that are explained.
 * @param language The shopper's language.
 * @returns What asks.
 */
export function askFor(body: Uint8Array<ArrayBuffer>, language: string): Ask {
  return (service, question) => service.ask({ body, requestId: REQUEST_ID, language }, question);
}

/**
 * Says whose answer would be the answer.
 *
 * @param services The names of the services that would be asked.
 * @returns A sentence without a full stop.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { describeUnasked } from "./asking.ts";
 *
 * assertEquals(
 *   describeUnasked(["budget"]),
 *   'that of the service "budget", which --ask would really ask',
 * );
 * ```
 */
export function describeUnasked(services: readonly string[]): string {
  const noun = services.length === 1 ? "the service" : "the services";
  const names = services.map((name) => JSON.stringify(name)).join(", ");
  return `that of ${noun} ${names}, which --ask would really ask`;
}
