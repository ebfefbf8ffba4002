/** Settings that work and are odd beside other settings, or beside what the machine has. */
import { listenerOf } from "./references.ts";
import { type ConfigPath, formatPath, isObject, type Mistake, valueAt } from "./mistake.ts";
import type { FilledIn } from "./fill_in.ts";
import type { Config } from "./schema.ts";
import { isLoopback } from "../util/addresses.ts";
import { type Endpoint, RESERVED_PREFIXES } from "../http/endpoint.ts";
import { findPathWarnings } from "./windows_paths.ts";
import { findSecretWarnings } from "./secret_warnings.ts";
import { isBelow } from "../http/request.ts";
import { chooseProxy, type ProxyVariables } from "../util/connection.ts";

/**
 * Finds what works but may surprise.
 *
 * @param filled The config, filled in.
 * @param defaultHostname Where the server listens when the config does not say.
 * @returns Every warning.
 */
export function findWarnings(filled: FilledIn, defaultHostname: string): readonly Mistake[] {
  const hostname = valueAt(filled.value, ["server", "hostname"]) ?? defaultHostname;
  const isOpen = hostname === "0.0.0.0" || hostname === "::";
  return [
    ...(hasNoEndpoint(filled.value)
      ? [{ path: ["endpoints"], message: "found no endpoint, so nothing will be answered" }]
      : []),
    ...(isOpen && valueAt(filled.value, ["server", "publicUrl"]) === undefined
      ? [{
        path: ["server", "publicUrl"],
        message: "found nothing while the server listens on every address",
        hint: "Set the URL under which others reach this server",
      }]
      : []),
    ...findListenerWarnings(filled),
    // What could not be filled in is a mistake, and something else stands in its place.
    ...findSecretWarnings(filled).filter(({ path }) =>
      !filled.mistakes.some((broken) => formatPath(broken.path) === formatPath(path))
    ),
    ...findPathWarnings(filled),
    ...findRepeats(filled.value, []),
    ...findServiceWarnings(filled),
    ...findDestinationWarnings(filled),
  ];
}

/** A config of another shape has a mistake there, which says more. */
function hasNoEndpoint(value: unknown): boolean {
  const endpoints = valueAt(value, ["endpoints"]);
  return isObject(value) &&
    (endpoints === undefined || (Array.isArray(endpoints) && endpoints.length === 0));
}

/**
 * Finds what may surprise where listeners listen.
 *
 * @param filled The config, filled in.
 * @returns The warnings.
 */
function findListenerWarnings({ value }: FilledIn): readonly Mistake[] {
  const { hostname } = listenerOf(value, "admin");
  const publicUrl = valueAt(value, ["console", "publicUrl"]);
  const url = typeof publicUrl === "string" ? URL.parse(publicUrl) : null;
  const isOpen = typeof hostname === "string" && !isLoopback(hostname);
  return [
    ...(isOpen
      ? [{
        path: ["admin", "hostname"],
        message: `found ${JSON.stringify(hostname)}: whoever reaches it reads how the server ` +
          "fares, without a password, and whoever signs in to the console does so over HTTP",
        hint: 'Set "127.0.0.1", or let a firewall admit only those who may',
      }]
      : []),
    ...(url?.protocol === "http:" && !isLoopback(url.hostname)
      ? [{
        path: ["console", "publicUrl"],
        message: `found a URL with http://: passwords and sessions can be read on their way`,
        hint: "Let a proxy speak HTTPS before it, and write https://",
      }]
      : []),
  ];
}

/** What stands twice in a list, such as a key; the text may be secret and is not shown. */
function findRepeats(value: unknown, path: ConfigPath): readonly Mistake[] {
  if (isObject(value)) {
    return Object.entries(value).flatMap(([key, below]) => findRepeats(below, [...path, key]));
  }
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: unknown, index) => {
    if (typeof item === "object") return findRepeats(item, [...path, index]);
    // Waits such as those of a retry may be as long as others.
    if (typeof item === "number" && path.at(-1) !== "groups") return [];
    const first = value.indexOf(item);
    if (first === index) return [];
    return [{
      path: [...path, index],
      message: `found what ${formatPath([...path, first])} has already`,
      hint: "Take it out, or write what was meant",
    }];
  });
}

/** Services that nobody asks, and those of which a failure is the shopper's. */
function findServiceWarnings({ value }: FilledIn): readonly Mistake[] {
  const services = valueAt(value, ["services"]);
  const asked = new Set(namesBelow(valueAt(value, ["endpoints"]), "ask"));
  const known = isObject(services) ? services : {};
  // A misspelt name is a mistake, which says more.
  const isAnyUnknown = [...asked].some((name) => !Object.hasOwn(known, name));
  return Object.entries(known).flatMap(([name, service]) => {
    const path = ["services", name];
    if (!asked.has(name)) {
      if (isAnyUnknown) return [];
      const hint = `An outcome that asks it: { "ask": ${JSON.stringify(name)} }`;
      return [{ path, message: "found a service that no endpoint asks", hint }];
    }
    if (!isObject(service) || service.onFailure !== undefined) return [];
    return [{
      path,
      message: 'found no "onFailure": while the service fails, orders are refused with 503',
      hint: 'Say what counts then: "onFailure" takes an outcome of the endpoint that asks',
    }];
  });
}

/**
 * Finds what was reached by the proxy of the environment before version 0.2.0, which followed its
 * variables unasked, and is reached without it now.
 *
 * @param filled The config, filled in.
 * @param variables What the environment says of proxies.
 * @returns A warning for each service and destination that does not say by which proxy.
 */
export function findProxyWarnings(
  { value }: FilledIn,
  variables: ProxyVariables,
): readonly Mistake[] {
  return ["services", "destinations"].flatMap((section) => {
    const named = valueAt(value, [section]);
    return Object.entries(isObject(named) ? named : {}).flatMap(([name, one]) => {
      if (!isObject(one) || one.proxy !== undefined || !URL.canParse(String(one.url))) return [];
      if (chooseProxy(String(one.url), "environment", variables) === undefined) return [];
      return [{
        path: [section, name, "proxy"],
        message: "found nothing while the environment names a proxy, which is not used unasked",
        hint: 'Write "proxy": "environment" to go by it, or "proxy": "none" to go without',
      }];
    });
  });
}

/** Destinations to which nothing goes, and those from which everything comes back. */
function findDestinationWarnings({ value }: FilledIn): readonly Mistake[] {
  const [list, named] = [valueAt(value, ["endpoints"]), valueAt(value, ["destinations"])];
  const endpoints = (Array.isArray(list) ? list : []).filter(isObject);
  const destinations = isObject(named) ? named : {};
  // A misspelt name is a mistake, which says more.
  const isAnyUnknown = endpoints.some(({ forward }) =>
    namesOfForward(forward).some((name) => !Object.hasOwn(destinations, String(name)))
  );
  return Object.entries(destinations).flatMap(([name, destination]) => {
    const path = ["destinations", name];
    const from = endpoints.filter(({ forward }) => namesOfForward(forward).includes(name));
    if (from.length === 0) {
      if (isAnyUnknown) return [];
      const hint = `An endpoint that forwards there: "forward": [${JSON.stringify(name)}]`;
      return [{ path, message: "found a destination to which no endpoint forwards", hint }];
    }
    const url = isObject(destination) ? URL.parse(String(destination.url)) : null;
    const isHere = url !== null && isOwnUrl(url, value) &&
      from.some((endpoint) =>
        typeof endpoint.path === "string" && isBelow(`${url.pathname}/`, endpoint.path)
      );
    if (!isHere) return [];
    return [{
      path: [...path, "url"],
      message: "found an endpoint of this server that forwards there itself: each event would " +
        "come back without end",
      hint: "Name the URL of the program that is to get the events",
    }];
  });
}

function namesOfForward(forward: unknown): readonly unknown[] {
  if (!Array.isArray(forward)) return [];
  return forward.map((one: unknown) => isObject(one) ? one.to : one);
}

/** Whether a URL is one of this server, by where it listens or by what others call it. */
function isOwnUrl(url: URL, value: unknown): boolean {
  const publicUrl = valueAt(value, ["server", "publicUrl"]);
  if (typeof publicUrl === "string" && URL.parse(publicUrl)?.host === url.host) return true;
  const { hostname, port } = listenerOf(value, "server");
  const asked = url.port || (url.protocol === "https:" ? "443" : "80");
  return asked === String(port) && (isLoopback(url.hostname) || url.hostname === hostname);
}

/** Every text that stands at this key, however deep. */
function namesBelow(value: unknown, key: string): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item) => namesBelow(item, key));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, item]) =>
    name === key && typeof item === "string" ? [item] : namesBelow(item, key)
  );
}

/**
 * Finds endpoints that take the paths below their own, where others stand there: the longer path
 * wins, whatever the order, which may not be what is meant.
 *
 * @param endpoints The endpoints by their position in the config; `undefined` where one is wrong.
 * @returns A warning for each that takes something from another.
 */
export function findOverlaps(endpoints: readonly (Endpoint | undefined)[]): readonly Mistake[] {
  return endpoints.flatMap((endpoint, index) => {
    if (endpoint === undefined) return [];
    const { path } = endpoint;
    const at = ["endpoints", index, "path"];
    const outer = endpoints.flatMap((other, position) =>
      other?.ingestion?.below === true && isBelow(path, other.path)
        ? [{ position, path: other.path }]
        : []
    ).sort((a, b) =>
      b.path.length - a.path.length
    )[0];
    const own = endpoint.ingestion?.below === true
      ? RESERVED_PREFIXES.filter((prefix) => isBelow(prefix, path))
      : [];
    return [
      ...(outer === undefined ? [] : [{
        path: at,
        message: `found ${JSON.stringify(path)}, which lies below endpoints[${outer.position}] ` +
          `(${JSON.stringify(outer.path)}): what is sent there goes to the longer path`,
        hint: "Give one of them a path beside the other, unless that is meant",
      }]),
      ...own.map((prefix) => ({
        path: at,
        message: `found ${JSON.stringify(path)}, where the server answers what is below ` +
          `${JSON.stringify(prefix)} itself`,
        hint: "Give it another path",
      })),
    ];
  });
}

/**
 * Finds tables of carts and orders: what they hold has changed, and some events have nothing to hold.
 *
 * @param config The config.
 * @returns A note for each destination that writes such tables.
 */
export function findTableNotes(
  { destinations, endpoints }: Pick<Config, "destinations" | "endpoints">,
): readonly Mistake[] {
  const reached = new Set(
    endpoints.flatMap(({ forward }) =>
      forward.map((one) => typeof one === "string" ? one : one.to)
    ),
  );
  return Object.entries(destinations).flatMap(([name, destination]) =>
    destination.type === "folder" && destination.format === "csv" && reached.has(name)
      ? [{
        path: ["destinations", name, "format"],
        message:
          'found "csv": since 0.2.0 a file has a row for each item of a cart or an order, before it ' +
          "had one row; an event without any value can be no table, and is given up",
        hint: 'Look at what reads the files; "json" and "jsonl" hold every event as it came',
      }]
      : []
  );
}
