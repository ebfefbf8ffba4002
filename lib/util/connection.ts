/** Requests that this program makes: by which way, and why one got no answer. */
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
function closeConnections(): void {
  for (const client of clients.values()) client.close();
  clients.clear();
}

/** What the runtime says of a failure, and what is to be said of it. */
interface Reason {
  readonly pattern: RegExp;
  /** The runtime's own words hold the whole URL. */
  readonly words: string;
  /** Whether the next attempt may well succeed. */
  readonly isPassing: boolean;
}

const REASONS: readonly Reason[] = [
  { pattern: /dns error|lookup/i, words: "its name is not known", isPassing: true },
  { pattern: /refused/i, words: "it refuses the connection", isPassing: true },
  { pattern: /proxy auth/i, words: "the proxy wants other credentials", isPassing: false },
  { pattern: /certificate expired/i, words: "its certificate has expired", isPassing: false },
  {
    pattern: /certificate not valid yet/i,
    words: "its certificate is not valid yet; or the clock of this machine is wrong",
    isPassing: false,
  },
  {
    pattern: /not valid for (?:any )?name|NotValidForName/i,
    words: "its certificate is for another name than the one in the URL",
    isPassing: false,
  },
  {
    pattern: /CaUsedAsEndEntity/i,
    words:
      "its certificate is self-signed and that of an authority: the server needs one that the " +
      "authority signed, and the authority in caFile",
    isPassing: false,
  },
  {
    pattern: /UnknownIssuer/i,
    words: "its certificate is self-signed or of an authority that is not known here: name the " +
      "authority in caFile",
    isPassing: false,
  },
  {
    pattern: /BadSignature/i,
    words: "its certificate is not signed by the authority of that name in caFile: name the one " +
      "that is in use",
    isPassing: false,
  },
  { pattern: /certificate/i, words: "its certificate is not accepted", isPassing: false },
  { pattern: /tls|handshake/i, words: "it does not speak TLS as expected", isPassing: false },
  { pattern: /unreachable|no route/i, words: "there is no way to it", isPassing: true },
  { pattern: /are blocked/i, words: "its port is not allowed for HTTP", isPassing: false },
  { pattern: /too large/i, words: "the head of its answer is too large", isPassing: false },
  {
    pattern: /invalid http|parse|invalid header/i,
    words: "it does not answer in HTTP",
    isPassing: false,
  },
  {
    pattern: /closed|reset|broken pipe|eof/i,
    words: "it closed the connection without an answer",
    isPassing: true,
  },
];

/**
 * Says why there was no answer, in words that hold nothing of the request.
 *
 * @param error What `fetch` threw.
 * @returns The reason, for a sentence.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const error = new TypeError("fetch failed", {
 *   cause: new Error("http://user:password@host/: Connection refused (os error 111)"),
 * });
 * assertEquals(connectionFailure(error), "it refuses the connection");
 * ```
 */
export function connectionFailure(error: unknown): string {
  return reasonOf(error)?.words ?? "the connection failed";
}

/**
 * Tells whether a connection failed in a way that the next attempt may not: refused, reset, closed
 * before an answer, or a name that could not be looked up.
 *
 * @param error What `fetch` threw.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(isPassingFailure(new TypeError("tcp connect error: Connection refused")), true);
 * assertEquals(isPassingFailure(new TypeError("invalid peer certificate: UnknownIssuer")), false);
 * ```
 */
export function isPassingFailure(error: unknown): boolean {
  return reasonOf(error)?.isPassing ?? false;
}

function reasonOf(error: unknown): Reason | undefined {
  const words = wordsOf(error);
  return REASONS.find(({ pattern }) => pattern.test(words));
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  // A URL could hold a word that is looked for, e.g. a host named `certificates`.
  const own = error.message.replaceAll(/\bhttps?:\/\/[^\s)]*/gi, "");
  return `${own} ${wordsOf(error.cause)}`;
}
