/**
 * Tells whether a host name is reached from this machine alone.
 *
 * @param hostname A host name or an IP address, as a listener takes it.
 * @returns Whether it is `localhost`, in 127.0.0.0/8 or ::1.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { isLoopback } from "./loopback.ts";
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
 * import { urlOf } from "./loopback.ts";
 *
 * assertEquals(urlOf("::1", 8080), "http://[::1]:8080");
 * assertEquals(urlOf("0.0.0.0", 8080), "http://127.0.0.1:8080");
 * assertEquals(urlOf("127.0.0.1", 8443, "https"), "https://127.0.0.1:8443");
 * ```
 */
export function urlOf(
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
