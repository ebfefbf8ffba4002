import { parseAddress } from "../addresses/address.ts";

/** Among how many shares addresses are divided. */
export const SHARE_COUNT = 4096;

const SHARE_BITS = 12;
const HASH_BITS = 32;
/** What one subscriber of IPv6 gets at least, in bytes of an address. */
const NETWORK_BYTES = 8;
const FACTOR = 0x01000193;
/** Nobody can choose addresses that fall on somebody else's share. */
const SEED = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;

/**
 * Gives the share of an address: a number below {@linkcode SHARE_COUNT}, so that what is counted
 * for each address has its place in an array. A `Map` of addresses that come and go would keep what
 * was in it for long (see docs/architecture.md), and grow with whoever comes.
 *
 * @param address The address. Those of one network of IPv6, as a subscriber gets it, share.
 * @returns The share. That two addresses have the same one is rare, and costs no more than room.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(shareOf("2001:db8::1"), shareOf("2001:db8::2"));
 * assertEquals(shareOf("::ffff:192.0.2.7"), shareOf("192.0.2.7"));
 * ```
 */
export function shareOf(address: string): number {
  const text = address.includes(":") ? networkOf(address) : address;
  let hash = SEED;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), FACTOR);
  }
  return hash >>> (HASH_BITS - SHARE_BITS);
}

function networkOf(address: string): string {
  const bytes = parseAddress(address);
  if (bytes === undefined) return address;
  return bytes.length < NETWORK_BYTES ? bytes.join(".") : bytes.slice(0, NETWORK_BYTES).join(":");
}
