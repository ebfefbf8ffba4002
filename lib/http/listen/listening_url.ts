/**
 * Writes where a listener listens.
 *
 * @param address Its address.
 * @param scheme How it is reached.
 * @returns The URL, without a slash at its end.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(listeningUrl({ hostname: "::1", port: 80 }), "http://[::1]:80");
 * assertEquals(listeningUrl({ hostname: "127.0.0.1", port: 1 }, "https"), "https://127.0.0.1:1");
 * ```
 */
export function listeningUrl(
  { hostname, port }: { readonly hostname: string; readonly port: number },
  scheme: "http" | "https" = "http",
): string {
  return `${scheme}://${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
}
