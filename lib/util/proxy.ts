import { isLoopback } from "./addresses.ts";

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
