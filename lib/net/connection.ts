import { chooseProxy, takeProxyVariables } from "./proxy.ts";

/** How requests get to where they go. */
export interface ConnectionSettings {
  readonly url: string;
  /** `none`, `environment`, or the URL of a proxy; `none` unless given. */
  readonly proxy?: string | undefined;
  /** Certificates of authorities that are trusted beside those of the machine, in PEM form. */
  readonly authority?: string | undefined;
}

/** A way to one place. */
export interface Connection {
  /** The proxy by which it leads, for people; `undefined` when there is none. */
  readonly by: string | undefined;
  /** Makes a request, as `fetch` does; redirects are not followed. */
  readonly request: (init: RequestInit) => Promise<Response>;
}

/** One for each proxy with each authority: a certificate that changes is seldom. */
const clients = new Map<string, Deno.HttpClient>();
const MOST_CLIENTS = 32;

/**
 * Makes the way of all requests that this program sends to one place.
 *
 * @param settings Where it leads, and how.
 * @returns The way; nothing is connected yet.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const proxy = "http://user:password@proxy.example:3128";
 * assertEquals(openConnection({ url: "https://erp.example", proxy }).by, "proxy.example:3128");
 * assertEquals(openConnection({ url: "http://localhost:9", proxy }).by, undefined);
 * ```
 */
export function openConnection(
  { url, proxy: setting = "none", authority }: ConnectionSettings,
): Connection {
  const proxy = chooseProxy(url, setting, takeProxyVariables());
  return {
    by: proxy === undefined ? undefined : new URL(proxy).host,
    request(init) {
      const manual: RequestInit = { ...init, redirect: "manual" };
      // Without either, the client that the runtime has anyway.
      if (proxy === undefined && authority === undefined) return fetch(url, manual);
      return fetch(url, { ...manual, client: clientFor(proxy, authority) });
    },
  };
}

function clientFor(proxy: string | undefined, authority: string | undefined): Deno.HttpClient {
  const key = JSON.stringify([proxy, authority]);
  const found = clients.get(key);
  if (found !== undefined) return found;
  if (clients.size >= MOST_CLIENTS) closeConnections();
  const client = Deno.createHttpClient({
    ...(proxy === undefined ? {} : { proxy: { url: proxy } }),
    ...(authority === undefined ? {} : { caCerts: [authority] }),
  });
  clients.set(key, client);
  return client;
}

/** Lets go of what was opened; whoever makes a request then opens it again. */
export function closeConnections(): void {
  for (const client of clients.values()) client.close();
  clients.clear();
}
