/** Requests that this program makes: by which way, by which proxy, and why one got no answer. */
import { isLoopback } from "./addresses.ts";

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

/** The setting that names authorities, in the words of reasons. */
const CA_FILE = "caFile";

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
 * @param authorities Where authorities can be named: the setting, unless another way is given.
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
export function connectionFailure(error: unknown, authorities: string = CA_FILE): string {
  const words = reasonOf(error)?.words ?? "the connection failed";
  return words.replace(CA_FILE, () => authorities);
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

/** What the environment says of proxies, by the names of its variables in capitals. */
export type ProxyVariables = Readonly<Record<string, string>>;

const NAMES = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"];

let taken: ProxyVariables | undefined;

/**
 * Takes the variables of proxies out of the environment, once, and remembers them. The runtime would
 * follow them with every request, also with one to this machine, and has no switch for that.
 *
 * @returns What they said; an empty one is missing.
 */
export function takeProxyVariables(): ProxyVariables {
  return taken ??= Object.fromEntries(NAMES.flatMap((name) => {
    // In small letters too, which count more. CGI makes HTTP_PROXY of a header, but this is none.
    const values = [name.toLowerCase(), name].map((one) => Deno.env.get(one) ?? "");
    for (const one of [name, name.toLowerCase()]) Deno.env.delete(one);
    const value = values.find((text) => text.trim() !== "")?.trim();
    return value === undefined ? [] : [[name, value]];
  }));
}

/**
 * Chooses the proxy for a URL. What is on this machine is never asked by one.
 *
 * @param url Where a request goes.
 * @param setting `none`, `environment`, or the URL of a proxy.
 * @param variables What the environment says.
 * @returns The URL of the proxy; `undefined` when there is none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const variables = { HTTPS_PROXY: "proxy:3128", NO_PROXY: "localhost,.internal.example" };
 * const choose = (url: string) => chooseProxy(url, "environment", variables);
 * assertEquals(choose("https://erp.example"), "http://proxy:3128");
 * assertEquals(choose("https://erp.internal.example"), undefined);
 * assertEquals(choose("http://erp.example"), undefined);
 * assertEquals(chooseProxy("http://127.0.0.1:9", "http://proxy:3128", {}), undefined);
 * ```
 */
export function chooseProxy(
  url: string,
  setting: string,
  variables: ProxyVariables,
): string | undefined {
  const { protocol, hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  if (setting === "none" || isLoopback(host) || host.endsWith(".localhost")) return undefined;
  if (setting !== "environment") return setting;
  const isSecure = protocol === "https:";
  const found = variables[isSecure ? "HTTPS_PROXY" : "HTTP_PROXY"] ?? variables.ALL_PROXY;
  if (found === undefined) return undefined;
  const ports = port || (isSecure ? "443" : "80");
  if (isExcepted(host, ports, variables.NO_PROXY ?? "")) return undefined;
  return /^[a-z\d]+:\/\//i.test(found) ? found : `http://${found}`;
}

/** As curl reads it: names with all below them, with or without a dot and a port, or `*`. */
function isExcepted(host: string, port: string, list: string): boolean {
  return list.split(/[,\s]+/).some((entry) => {
    const [, name = "", wanted] = /^(.*?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
    if (wanted !== undefined && wanted !== port) return false;
    const suffix = name.replace(/^\*?\./, "");
    return name === "*" || (suffix !== "" && (host === suffix || host.endsWith(`.${suffix}`)));
  });
}
