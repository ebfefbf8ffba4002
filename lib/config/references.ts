/** Settings that are wrong only beside other settings, which no schema can see. */
import { nearest } from "../util/words.ts";
import { type ConfigPath, isObject, type Mistake, numberAt, valueAt } from "./mistake.ts";
import type { FilledIn } from "./fill_in.ts";
import { isLoopback } from "../util/addresses.ts";
import { isReserved } from "../http/endpoint.ts";
import { describeFound } from "./secrets.ts";
import { oneOfInWords } from "./messages/phrases.ts";

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
      : `There is ${oneOfInWords(known)}`;
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

/**
 * Finds listeners that would take each other's port. On different addresses of the machine they
 * don't, but then their host names are not the same either.
 *
 * @param filled The config, filled in.
 * @returns The mistake, if it has it.
 */
function checkListeners({ value }: FilledIn): readonly Mistake[] {
  const [server, admin] = [listenerOf(value, "server"), listenerOf(value, "admin")];
  if (server.hostname !== admin.hostname || server.port !== admin.port || admin.port === 0) {
    return [];
  }
  return [{
    path: ["admin", "port"],
    message: `found ${admin.port}, which the public listener has too, wanted a port of its own`,
  }];
}

/** The ports of the schema. */
const DEFAULT_PORTS = { server: 8080, admin: 8081 } as const;

/**
 * Tells where a listener listens, also by a config that has mistakes or does not say.
 *
 * @param value The config.
 * @param section The listener's section.
 * @returns Its host name, as far as it is one, and its port.
 */
export function listenerOf(value: unknown, section: keyof typeof DEFAULT_PORTS) {
  const hostname = valueAt(value, [section, "hostname"]) ?? "127.0.0.1";
  return { hostname, port: numberAt(value, [section, "port"], DEFAULT_PORTS[section]) };
}

function listAt(value: unknown, path: ConfigPath): readonly unknown[] {
  const list = valueAt(value, path);
  return Array.isArray(list) ? list : [];
}
