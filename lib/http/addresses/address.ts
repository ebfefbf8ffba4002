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
