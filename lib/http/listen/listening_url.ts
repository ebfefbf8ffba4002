/**
 * Writes where a listener listens.
 *
 * @param address Its address.
 * @returns The URL.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(listeningUrl({ transport: "tcp", hostname: "::1", port: 80 }), "http://[::1]:80");
 * ```
 */
export function listeningUrl({ hostname, port }: Deno.NetAddr): string {
  return `http://${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
}
