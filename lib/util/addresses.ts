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

const BYTE = String.raw`(?:25[0-5]|2[0-4]\d|1?\d?\d)`;
const IPV4 = new RegExp(`^${BYTE}(?:\\.${BYTE}){3}$`);
const GROUP = /^[\da-f]{1,4}$/i;
const IPV6_BYTES = 16;
/** `::ffff:0:0/96` holds the IPv4 addresses, as sockets of IPv6 write them. */
const MAPPED_PREFIX: readonly number[] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

/** The bytes of an address: four of IPv4, sixteen of IPv6. */
export type Address = readonly number[];

/**
 * Reads an IP address.
 *
 * @param text The address; a zone such as `%eth0` at its end is left out.
 * @returns Its bytes, or `undefined` when it is none. An IPv4 address that IPv6 wraps
 * (`::ffff:192.0.2.7`) is the IPv4 address.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseAddress("192.0.2.7"), [192, 0, 2, 7]);
 * assertEquals(parseAddress("::ffff:192.0.2.7"), [192, 0, 2, 7]);
 * assertEquals(parseAddress("192.0.2"), undefined);
 * ```
 */
export function parseAddress(text: string): Address | undefined {
  if (!text.includes(":")) return parseIpv4(text);
  const bytes = parseIpv6(text.replace(/%[^:%]+$/, ""));
  return bytes !== undefined && isMapped(bytes) ? bytes.slice(MAPPED_PREFIX.length) : bytes;
}

/**
 * Reads an IPv4 address.
 *
 * @param text Four decimal numbers. Leading zeros are refused: they may mean octal.
 * @returns Its bytes, or `undefined` when it is none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseIpv4("10.0.0.1"), [10, 0, 0, 1]);
 * assertEquals(parseIpv4("10.0.0.01"), undefined);
 * ```
 */
export function parseIpv4(text: string): Address | undefined {
  return IPV4.test(text) && !/(?:^|\.)0\d/.test(text) ? text.split(".").map(Number) : undefined;
}

/**
 * Reads an IPv6 address as it stands: a wrapped IPv4 address stays wrapped.
 *
 * @param text The address, without brackets and zone.
 * @returns Its sixteen bytes, or `undefined` when it is none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseIpv6("::1"), [...new Array(15).fill(0), 1]);
 * assertEquals(parseIpv6("1::2::3"), undefined);
 * ```
 */
export function parseIpv6(text: string): Address | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half, index) => parseGroups(half, index === halves.length - 1));
  if (head === undefined) return undefined;
  if (halves.length === 1) return head.length === IPV6_BYTES ? head : undefined;
  if (tail === undefined) return undefined;
  // "::" stands for one group of zeros at least.
  const zeros = IPV6_BYTES - head.length - tail.length;
  return zeros < 2 ? undefined : [...head, ...new Array<number>(zeros).fill(0), ...tail];
}

/**
 * Tells whether an IPv6 address wraps one of IPv4.
 *
 * @param bytes Its bytes.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(isMapped([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 10, 0, 0, 1]), true);
 * ```
 */
export function isMapped(bytes: Address): boolean {
  return MAPPED_PREFIX.every((byte, index) => bytes[index] === byte);
}

/** The bytes of one side of `::`; at the very end an IPv4 address may stand for two groups. */
function parseGroups(text: string, isLast: boolean): Address | undefined {
  if (text === "") return [];
  const groups = text.split(":");
  const bytes: number[] = [];
  for (const [index, group] of groups.entries()) {
    const isEnd = isLast && index === groups.length - 1;
    const ipv4 = isEnd && group.includes(".") ? parseIpv4(group) : undefined;
    if (ipv4 !== undefined) bytes.push(...ipv4);
    else if (GROUP.test(group)) bytes.push(parseInt(group, 16) >> 8, parseInt(group, 16) & 0xff);
    else return undefined;
  }
  return bytes;
}

/**
 * Tells whether a host name is reached from this machine alone.
 *
 * @param hostname A host name or an IP address, as a listener takes it.
 * @returns Whether it is `localhost`, in 127.0.0.0/8 or ::1.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { isLoopback } from "./addresses.ts";
 *
 * assertEquals(["127.1.2.3", "::1", "localhost"].every(isLoopback), true);
 * assertEquals(["0.0.0.0", "::", "127.example"].some(isLoopback), false);
 * ```
 */
export function isLoopback(hostname: string): boolean {
  const url = URL.parse(`http://${bracketed(hostname)}`);
  if (url === null) return false;
  return url.hostname === "localhost" || url.hostname === "[::1]" ||
    /^127\.\d+\.\d+\.\d+$/.test(url.hostname);
}

/**
 * Makes the URL under which a listener is reached from its own machine.
 *
 * @param hostname Where it listens.
 * @param port Its port.
 * @param scheme Whether it speaks HTTPS.
 * @returns The URL, without a slash at its end.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { localUrl } from "./addresses.ts";
 *
 * assertEquals(localUrl("::1", 8080), "http://[::1]:8080");
 * assertEquals(localUrl("0.0.0.0", 8080), "http://127.0.0.1:8080");
 * assertEquals(localUrl("127.0.0.1", 8443, "https"), "https://127.0.0.1:8443");
 * ```
 */
export function localUrl(
  hostname: string,
  port: number,
  scheme: "http" | "https" = "http",
): string {
  if (hostname === "0.0.0.0") return `${scheme}://127.0.0.1:${port}`;
  if (hostname === "::" || hostname === "[::]") return `${scheme}://[::1]:${port}`;
  return `${scheme}://${bracketed(hostname)}:${port}`;
}

function bracketed(hostname: string): string {
  return hostname.includes(":") && !hostname.startsWith("[") ? `[${hostname}]` : hostname;
}

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
