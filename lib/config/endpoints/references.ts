/** What no schema can see: settings that are wrong, or odd, only beside other settings. */
import { nearest } from "../../util/nearest.ts";
import { formatPath, isObject, valueAt } from "../file/config_path.ts";
import type { FilledIn } from "../values/fill_in.ts";
import { checkListeners, findListenerWarnings } from "./listeners.ts";
import { isLoopback } from "../../util/addresses.ts";
import type { ConfigPath, Mistake } from "../mistake.ts";
import { isReserved } from "../../http/endpoint.ts";
import { findSecretWarnings } from "../values/secret_warnings.ts";
import { describeFound } from "../values/secrets.ts";
import { listOf } from "../messages/wanted.ts";

/** The key with which the shipped config runs at once. Everybody knows it. */
export const DEVELOPMENT_KEY = "development-key";

/**
 * Tells whether an endpoint takes the key that everybody knows.
 *
 * @param settings The endpoint's settings.
 * @returns Whether one of its signature keys is {@linkcode DEVELOPMENT_KEY}.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { usesDevelopmentKey } from "./references.ts";
 *
 * assertEquals(usesDevelopmentKey({ signatureKeys: ["development-key"] }), true);
 * assertEquals(usesDevelopmentKey({ rules: ["development-key"] }), false);
 * ```
 */
export function usesDevelopmentKey(settings: Readonly<Record<string, unknown>>): boolean {
  return listAt(settings, ["signatureKeys"]).includes(DEVELOPMENT_KEY);
}

/**
 * Finds settings that contradict each other.
 *
 * @param filled The config, filled in.
 * @param defaultHostname Where the server listens when the config does not say.
 * @returns Every mistake.
 */
export function checkReferences(filled: FilledIn, defaultHostname: string): readonly Mistake[] {
  const endpoints = listAt(filled.value, ["endpoints"]);
  const hostname = valueAt(filled.value, ["server", "hostname"]) ?? defaultHostname;
  return [
    ...endpoints.flatMap((_, index) => checkPath(filled, endpoints, index)),
    ...endpoints.flatMap((_, index) => checkForward(filled, index)),
    ...checkListeners(filled),
    ...(typeof hostname !== "string" || isLoopback(hostname)
      ? []
      : endpoints.flatMap((_, index) => checkKeys(filled, index, hostname))),
  ];
}

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
    ...findServiceWarnings(filled),
  ];
}

/** A config of another shape has a mistake there, which says more. */
function hasNoEndpoint(value: unknown): boolean {
  const endpoints = valueAt(value, ["endpoints"]);
  return isObject(value) &&
    (endpoints === undefined || (Array.isArray(endpoints) && endpoints.length === 0));
}

/** Services that nobody asks, and those of which a failure is the shopper's. */
function findServiceWarnings({ value }: FilledIn): readonly Mistake[] {
  const services = valueAt(value, ["services"]);
  const asked = new Set(namesBelow(valueAt(value, ["endpoints"]), "ask"));
  return Object.entries(isObject(services) ? services : {}).flatMap(([name, service]) => {
    const path = ["services", name];
    if (!asked.has(name)) {
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

/** Every text that stands at this key, however deep. */
function namesBelow(value: unknown, key: string): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item) => namesBelow(item, key));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, item]) =>
    name === key && typeof item === "string" ? [item] : namesBelow(item, key)
  );
}

function checkPath(
  { origins }: FilledIn,
  endpoints: readonly unknown[],
  index: number,
): readonly Mistake[] {
  const at: ConfigPath = ["endpoints", index, "path"];
  const path = valueAt(endpoints[index], ["path"]);
  if (typeof path !== "string") return [];
  const found = describeFound(path, at, origins);
  if (isReserved(path)) {
    return [{ path: at, message: `found ${found}, which the server answers itself` }];
  }
  const first = endpoints.findIndex((other) => valueAt(other, ["path"]) === path);
  return first === index
    ? []
    : [{ path: at, message: `found ${found}, which endpoints[${first}] has too` }];
}

function checkForward({ value, origins }: FilledIn, index: number): readonly Mistake[] {
  const destinations = valueAt(value, ["destinations"]);
  const known = isObject(destinations) ? Object.keys(destinations) : [];
  return listAt(value, ["endpoints", index, "forward"]).flatMap((entry, position) => {
    const isFiltered = isObject(entry);
    const name = isFiltered ? entry.to : entry;
    if (typeof name !== "string" || known.includes(name)) return [];
    const path: ConfigPath = [
      ...["endpoints", index, "forward", position],
      ...(isFiltered ? ["to"] : []),
    ];
    const found = describeFound(name, path, origins);
    const near = found.startsWith('"') ? nearest(name, known) : undefined;
    const hint = near !== undefined
      ? `Did you mean ${JSON.stringify(near)}?`
      : known.length === 0
      ? "There are no destinations in this config"
      : `There is ${listOf(known)}`;
    return [{ path, message: `found ${found}, wanted the name of a destination`, hint }];
  });
}

function checkKeys(
  { value }: FilledIn,
  index: number,
  hostname: string,
): readonly Mistake[] {
  // An address is no secret, wherever it comes from.
  const where = JSON.stringify(hostname);
  return listAt(value, ["endpoints", index, "signatureKeys"]).flatMap((key, position) => {
    if (typeof key !== "string" || key.trim() !== DEVELOPMENT_KEY) return [];
    return [{
      path: ["endpoints", index, "signatureKeys", position],
      message: `found the development key, which everybody knows, while the server listens on ` +
        `${where}, wanted a key of your own`,
      hint: "Set the store's key, or listen on 127.0.0.1",
    }];
  });
}

function listAt(value: unknown, path: ConfigPath): readonly unknown[] {
  const list = valueAt(value, path);
  return Array.isArray(list) ? list : [];
}
