import { hash } from "../util/hash.ts";

/**
 * Names the content of a delivery, so that a repeat is found: the same endpoint and the same
 * bytes give the same name.
 *
 * @param endpoint The configured path; it holds no NUL.
 * @param body The exact bytes.
 * @returns The SHA-256 of both.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { fingerprint } from "./fingerprint.ts";
 *
 * const body = new TextEncoder().encode("{}");
 * assertEquals(fingerprint("/orders", body).byteLength, 32);
 * assertEquals(fingerprint("/orders", body), fingerprint("/orders", body));
 * ```
 */
export function fingerprint(endpoint: string, body: Uint8Array<ArrayBuffer>): Uint8Array {
  return hash("sha256", endpoint, "\0", body);
}
