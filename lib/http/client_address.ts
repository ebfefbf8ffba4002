import { type AddressList, createAddressList, plainAddress } from "../util/addresses.ts";

/** Tells who sent a request, by its connection and its headers. */
export type ClientAddress = (remoteAddress: string, headers: Headers) => string;

/**
 * Makes what tells the address of a client that may come through proxies.
 *
 * `X-Forwarded-For` is believed only when a trusted proxy sent it, and only as far as trusted
 * proxies wrote it: from its end up to the first address that is of none of them. What stands
 * before that, the client may have written itself.
 *
 * @param trustedProxies The proxies' addresses and networks.
 * @returns What tells it.
 * @throws {SyntaxError} When one is no address and no network.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const addressOf = createClientAddress(["10.0.0.0/8"]);
 * const headers = new Headers({ "X-Forwarded-For": "1.1.1.1, 192.0.2.7, 10.0.0.9" });
 * assertEquals(addressOf("10.0.0.1", headers), "192.0.2.7");
 * assertEquals(addressOf("192.0.2.99", headers), "192.0.2.99");
 * ```
 */
export function createClientAddress(trustedProxies: readonly string[]): ClientAddress {
  const trusted = createAddressList(trustedProxies);
  return (remoteAddress, headers) => {
    const own = withoutWrapping(remoteAddress);
    if (trustedProxies.length === 0 || !trusted.has(own)) return own;
    return lastUntrusted(own, headers.get("x-forwarded-for") ?? "", trusted);
  };
}

function lastUntrusted(proxy: string, forwardedFor: string, trusted: AddressList): string {
  let nearest = proxy;
  for (const entry of forwardedFor.split(",").toReversed()) {
    const address = withoutWrapping(withoutPort(entry.trim()));
    // What is no address (`unknown`, a name, nothing) ends what can be known.
    if (plainAddress(address) === undefined) return nearest;
    nearest = address;
    if (!trusted.has(address)) return nearest;
  }
  return nearest;
}

/** IIS writes `192.0.2.7:50123` and `[2001:db8::7]:50123`. */
function withoutPort(entry: string): string {
  const [, bracketed] = /^\[([^\]]*)\](?::\d+)?$/.exec(entry) ?? [];
  if (bracketed !== undefined) return bracketed;
  const [, ipv4] = /^(\d+(?:\.\d+){3}):\d+$/.exec(entry) ?? [];
  return ipv4 ?? entry;
}

/** A listener on `::` sees the clients of IPv4 as `::ffff:192.0.2.7`. */
function withoutWrapping(address: string): string {
  const plain = address.includes(":") ? plainAddress(address) : undefined;
  return plain === undefined || plain.includes(":") ? address : plain;
}
