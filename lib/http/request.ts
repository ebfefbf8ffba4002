/** Where a request goes: its path, and the name by which it was called. */
import { isLoopback, plainAddress } from "../util/addresses.ts";
import { Problem } from "./problem/problem.ts";

const NOWHERE = new URL("http://localhost/");

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
