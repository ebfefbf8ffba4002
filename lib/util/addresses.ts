/** Addresses of the net: lists of them, whose they are, and which are of this machine. */
import process from "node:process";

/** Loaded when it is needed first: that takes some milliseconds of a start. */
function net() {
  return process.getBuiltinModule("node:net");
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
  if (networks.length === 0) return { has: () => false };
  const { BlockList } = net();
  const list = new BlockList();
  for (const text of networks) {
    const network = parseNetwork(text);
    if (network === undefined) throw new SyntaxError(`Cannot parse the network "${text}"`);
    list.addSubnet(network.address, network.prefixBits, familyOf(network.address));
  }
  return {
    has(text) {
      const address = plainAddress(text);
      return address !== undefined && list.check(address, familyOf(address));
    },
  };
}

/** A range of addresses. */
export interface Network {
  /** The first one. */
  readonly address: string;
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
 * assertEquals(parseNetwork("10.0.0.0/8"), { address: "10.0.0.0", prefixBits: 8 });
 * assertEquals(parseNetwork("10.0.0.1"), { address: "10.0.0.1", prefixBits: 32 });
 * assertEquals(parseNetwork("10.0.0.1/8"), undefined);
 * ```
 */
export function parseNetwork(text: string): Network | undefined {
  const [, written = "", prefix] = /^([^/%]*)(?:\/(0|[1-9]\d{0,2}))?$/.exec(text) ?? [];
  const address = plainAddress(written);
  if (address === undefined) return undefined;
  const bits = bitsOf(written);
  const prefixBits = prefix === undefined ? bits.length : Number(prefix);
  if (prefixBits > bits.length || bits.includes("1", prefixBits)) return undefined;
  // A shorter prefix reaches beyond the wrapped addresses: it stays a network of IPv6.
  if (familyOf(address) === familyOf(written)) return { address, prefixBits };
  return prefixBits >= MAPPED_BITS
    ? { address, prefixBits: prefixBits - MAPPED_BITS }
    : { address: written, prefixBits };
}

/**
 * Writes an IP address without what it is wrapped in.
 *
 * @param text The address.
 * @returns The address without a zone such as `%eth0` at its end, and one of IPv4 that IPv6 wraps
 * (`::ffff:192.0.2.7`) as that; `undefined` when it is none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(plainAddress("::ffff:192.0.2.7"), "192.0.2.7");
 * assertEquals(plainAddress("fe80::1%eth0"), "fe80::1");
 * assertEquals(plainAddress("192.0.2"), undefined);
 * ```
 */
export function plainAddress(text: string): string | undefined {
  if (!text.includes(":")) return net().isIPv4(text) ? text : undefined;
  const address = text.replace(/%[^:%]+$/, "");
  if (!net().isIPv6(address)) return undefined;
  const groups = groupsOf(address);
  const isMapped = groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0);
  return isMapped
    ? groups.slice(6).flatMap((group) => [group >> 8, group & 0xff]).join(".")
    : address;
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return address.includes(":") ? "ipv6" : "ipv4";
}

/** The eight numbers of an address of IPv6. */
function groupsOf(address: string): readonly number[] {
  const [head = "", tail = ""] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::");
  const [before, after] = [head, tail].map((half) =>
    half === "" ? [] : half.split(":").map((group) => parseInt(group, 16))
  );
  const zeros = 8 - (before?.length ?? 0) - (after?.length ?? 0);
  return [...before ?? [], ...new Array<number>(zeros).fill(0), ...after ?? []];
}

/** The bits of an address, as `0` and `1`. */
function bitsOf(address: string): string {
  return address.includes(":")
    ? groupsOf(address).map((group) => group.toString(2).padStart(16, "0")).join("")
    : address.split(".").map((byte) => Number(byte).toString(2).padStart(8, "0")).join("");
}

/** What one subscriber of IPv6 gets at least, in groups of an address. */
const NETWORK_GROUPS = 4;

/**
 * Names whoever has an address: with one of IPv6 they have all that share its first half.
 *
 * @param address The address, or any other text.
 * @returns The name.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(networkOf("::ffff:192.0.2.7"), "192.0.2.7");
 * assertEquals(networkOf("2001:db8::7"), networkOf("2001:db8::ffff:8"));
 * ```
 */
export function networkOf(address: string): string {
  if (!address.includes(":")) return address;
  const plain = plainAddress(address);
  if (plain === undefined || !plain.includes(":")) return plain ?? address;
  return groupsOf(plain).slice(0, NETWORK_GROUPS).join(":");
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
