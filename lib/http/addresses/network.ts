import { type Address, isMapped, parseAddress, parseIpv4, parseIpv6 } from "./address.ts";

/** A range of addresses. */
export interface Network {
  readonly address: Address;
  /** How many bits of an address decide. */
  readonly prefixBits: number;
}

/** Before an IPv4 address that IPv6 wraps stand so many bits. */
const MAPPED_BITS = 96;

/**
 * Reads a network in CIDR notation, or a single address.
 *
 * @param text The network, e.g. `192.0.2.0/24` or `2001:db8::/32`.
 * @returns The network, or `undefined` when it is none. Bits behind the prefix have to be zero:
 * of `192.0.2.7/24` nobody knows whether the network or the address was meant.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseNetwork("10.0.0.0/8"), { address: [10, 0, 0, 0], prefixBits: 8 });
 * assertEquals(parseNetwork("10.0.0.1"), { address: [10, 0, 0, 1], prefixBits: 32 });
 * assertEquals(parseNetwork("10.0.0.1/8"), undefined);
 * ```
 */
export function parseNetwork(text: string): Network | undefined {
  const [, place = "", prefix] = /^([^/%]*)(?:\/(0|[1-9]\d{0,2}))?$/.exec(text) ?? [];
  const written = place.includes(":") ? parseIpv6(place) : parseIpv4(place);
  if (written === undefined) return undefined;
  const allBits = written.length * 8;
  const bits = prefix === undefined ? allBits : Number(prefix);
  if (bits > allBits || !hasZerosFrom(written, bits)) return undefined;
  // A shorter prefix reaches beyond the wrapped addresses: it stays a network of IPv6.
  return written.length === 16 && isMapped(written) && bits >= MAPPED_BITS
    ? { address: written.slice(MAPPED_BITS / 8), prefixBits: bits - MAPPED_BITS }
    : { address: written, prefixBits: bits };
}

/**
 * Tells whether an address is of a network. A network of IPv6 holds no address of IPv4.
 *
 * @param network The network.
 * @param address The address, as {@linkcode parseAddress} gives it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const network = { address: [192, 0, 2, 128], prefixBits: 25 };
 * assertEquals(contains(network, [192, 0, 2, 200]), true);
 * assertEquals(contains(network, [192, 0, 2, 100]), false);
 * ```
 */
export function contains({ address: base, prefixBits }: Network, address: Address): boolean {
  if (base.length !== address.length) return false;
  return address.every((byte, index) =>
    ((byte ^ (base[index] ?? 0)) & maskOf(prefixBits, index)) === 0
  );
}

/** Addresses that may do something. */
export interface AddressList {
  /** Whether an address is in the list; what is no address is not. */
  has(address: string): boolean;
}

/**
 * Makes a list of networks to look addresses up in.
 *
 * @param networks Networks in CIDR notation, and addresses.
 * @returns The list.
 * @throws {SyntaxError} When one is neither.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const list = createAddressList(["10.0.0.0/8", "2001:db8::/32"]);
 * assertEquals(list.has("::ffff:10.1.2.3"), true);
 * assertEquals(list.has("192.0.2.7"), false);
 * ```
 */
export function createAddressList(networks: readonly string[]): AddressList {
  const parsed = networks.map((text) => {
    const network = parseNetwork(text);
    if (network === undefined) throw new SyntaxError(`Cannot parse the network "${text}"`);
    return network;
  });
  return {
    has(text) {
      const address = parseAddress(text);
      return address !== undefined && parsed.some((network) => contains(network, address));
    },
  };
}

function hasZerosFrom(address: Address, bits: number): boolean {
  return address.every((byte, index) => (byte & ~maskOf(bits, index)) === 0);
}

/** The bits of a byte that decide. */
function maskOf(prefixBits: number, index: number): number {
  const bits = Math.min(8, Math.max(0, prefixBits - 8 * index));
  return 0xff & (0xff << (8 - bits));
}
