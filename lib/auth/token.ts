import { timingSafeEqual } from "@std/crypto/timing-safe-equal";
import type { Authenticator } from "./authenticator.ts";
import { refusePathToken } from "./refusals.ts";

const encoder = new TextEncoder();

/**
 * Adds a secret last segment of the URL to how an endpoint knows its caller.
 *
 * @param auth What is asked besides.
 * @param path The endpoint's path.
 * @param token The secret.
 * @returns The authenticator: without the token nothing else is looked at.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { createNone } from "./token.ts";
 *
 * const auth = withPathToken(createNone(), "/uc", "a-secret-of-the-url");
 * const arrival = { remoteAddress: "192.0.2.1", url: () => new URL("http://host/uc") };
 * const verification = await auth.verify(new Headers(), new Uint8Array(), arrival);
 * assertEquals("reason" in verification && verification.reason, "path_token_missing");
 * ```
 */
export function withPathToken(auth: Authenticator, path: string, token: string): Authenticator {
  const wanted = encoder.encode(path === "/" ? `/${token}` : `${path}/${token}`);
  return {
    ...auth,
    verify(headers, body, arrival) {
      const pathname = arrival?.url().pathname ?? "";
      const found = encoder.encode(pathname);
      // In constant time, for the path holds a secret.
      const isRight = found.length === wanted.length && timingSafeEqual(found, wanted);
      if (!isRight) return refusePathToken(pathname === path || pathname === `${path}/`);
      return auth.verify(headers, body, arrival);
    },
  };
}

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
