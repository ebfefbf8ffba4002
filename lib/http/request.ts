/** What a request says of itself: its id, where it goes, by which name it was called, and who sent it. */
import {
  type AddressList,
  createAddressList,
  isLoopback,
  plainAddress,
} from "../util/addresses.ts";
import { Problem } from "./problem/problem.ts";

/** What is kept of the outside: short, and safe in a header, a log line and a file name. */
const ACCEPTED = /^[\w-]{1,64}$/;

/**
 * Names a request, for the answer, the log and the journal.
 *
 * @param headers The request's headers; a good `X-Request-Id` is kept.
 * @returns The id.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(requestIdOf(new Headers({ "X-Request-Id": "order-4068" })), "order-4068");
 * ```
 */
export function requestIdOf(headers: Headers): string {
  const given = headers.get("X-Request-Id");
  return given !== null && ACCEPTED.test(given) ? given : crypto.randomUUID();
}

const NOWHERE = new URL("http://localhost/");
/** Scheme and host, then the path. */
const PARTS = /^[a-z]+:\/\/[^/?#]*([^?#]*)/i;

/**
 * Reads the URL of a request: its path and query on a host of no meaning. The host that stands
 * there is what the client wrote into `Host`, which may be anything, and with `Host: [::1` there
 * is no URL to parse.
 *
 * @param text What the request says.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(requestUrlOf("http://[::1/hooks?event=a").pathname, "/hooks");
 * ```
 */
export function requestUrlOf(text: string): URL {
  const target = text.replace(/^[a-z]+:\/\/[^/?#]*/i, "");
  return URL.parse(`http://localhost${target}`) ?? NOWHERE;
}

/**
 * Reads the path of a request as it stands there, which is quicker than reading a URL: enough to
 * recognize a path that is known.
 *
 * @param text What the request says.
 * @returns What stands between the host and the query; a URL may write the same path otherwise.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(writtenPathOf("http://127.0.0.1:8080/ustore/tax?store=7"), "/ustore/tax");
 * ```
 */
export function writtenPathOf(text: string): string {
  return PARTS.exec(text)?.[1] ?? "";
}

/**
 * Tells whether a path lies below another one: `/emporix/b` below `/emporix`, and `/emporixb` not.
 *
 * @param path The path.
 * @param outer The other one.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(isBelow("/emporix/b", "/emporix"), true);
 * assertEquals(isBelow("/emporixb", "/emporix"), false);
 * assertEquals(isBelow("/emporix", "/"), true);
 * ```
 */
export function isBelow(path: string, outer: string): boolean {
  return path !== outer && path.startsWith(prefixOf(outer));
}

/**
 * Writes what the paths below another one begin with.
 *
 * @param path The other one, e.g. `/emporix`.
 * @returns The path with a slash at its end.
 */
export function prefixOf(path: string): string {
  return path.endsWith("/") ? path : `${path}/`;
}

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

/** The names of a listener. */
export interface HostNames {
  /** Where it listens. */
  readonly hostname: string;
  /** How others reach the program. */
  readonly publicUrl?: string | undefined;
  /** Further names; `*` is every one. */
  readonly allowedHosts: readonly string[];
  /** The setting that holds them, e.g. `server.allowedHosts`. */
  readonly setting: string;
}

/** Finds what is wrong with the name to which a request was sent. */
export type HostCheck = (request: Pick<Request, "headers" | "url">) => Problem | undefined;

/** A name, or an address with brackets where it is one of IPv6; then a port. Source: RFC 9112. */
const HOST = /^([\w.~!$&'()*+,;=%-]*|\[[\da-f:.%]+\])(?::\d*)?$/i;
const AUTHORITY = /^[a-z]+:\/\/([^/?#]*)/i;
const NO_NAME = new Set(["0.0.0.0", "::"]);

/**
 * Makes what checks the name to which a request was sent. A page in a browser that gives its own
 * name the address of this server could read what it answers, but not change the name that stands
 * in `Host`. An address is no name: it is allowed where others than this machine can connect.
 *
 * @param names The names of the listener.
 * @returns The check. It finds `malformed_host` where that is no host at all, and
 * `host_not_allowed` where it is another one. A request without a host passes: every browser sends
 * one.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const check = createHostCheck({
 *   hostname: "127.0.0.1",
 *   publicUrl: "https://hooks.example/a",
 *   allowedHosts: [],
 *   setting: "server.allowedHosts",
 * });
 * const codeOf = (url: string) => check(new Request(url))?.code;
 * assertEquals(codeOf("http://localhost:8080/readyz"), undefined);
 * assertEquals(codeOf("https://hooks.example/readyz"), undefined);
 * assertEquals(codeOf("http://evil.example/readyz"), "host_not_allowed");
 * ```
 */
export function createHostCheck(
  { hostname, publicUrl, allowedHosts, setting }: HostNames,
): HostCheck {
  const allowed = new Set([hostname, ...allowedHosts].map(nameOf));
  const publicName = publicUrl === undefined ? undefined : URL.parse(publicUrl)?.hostname;
  if (publicName !== undefined) allowed.add(nameOf(publicName));
  const takesAll = allowed.has("*");
  const takesAddresses = !isLoopback(hostname);
  return ({ headers, url }) => {
    const host = headers.get("host") ?? AUTHORITY.exec(url)?.[1] ?? "";
    const [, written] = HOST.exec(host) ?? [];
    if (written === undefined) return new Problem("malformed_host");
    const name = nameOf(written);
    if (name === "" || takesAll || allowed.has(name) || isLoopback(name)) return undefined;
    if (takesAddresses && plainAddress(name) !== undefined) return undefined;
    return new Problem("host_not_allowed", { params: { host: name, setting } });
  };
}

/** A name as names are compared: in lower case, without brackets and the dot of the root. */
function nameOf(host: string): string {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, "$1").replace(/\.$/, "");
  return NO_NAME.has(name) ? "" : name;
}
