import type { Authenticator } from "./authenticator.ts";

/**
 * Makes the authenticator of an endpoint that takes a delivery from anybody. Only for a config that
 * asks for it in so many words.
 *
 * @returns The authenticator: it verifies every request, and signs no answer.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const verified = await createNone().verify(new Headers(), new Uint8Array());
 * assertEquals(verified, { keyIndex: 0, by: "nobody" });
 * ```
 */
export function createNone(): Authenticator {
  return {
    scheme: "none",
    keyFingerprints: [],
    verify: () => ({ keyIndex: 0, by: "nobody" }),
    sign: () => ({}),
  };
}
