import { isLoopback } from "../../util/addresses.ts";
import { valueAt } from "../file/config_path.ts";
import type { Mistake } from "../mistake.ts";
import type { FilledIn } from "../values/fill_in.ts";

/** What listens, with the ports of the schema for a config that doesn't say. */
const DEFAULT_PORTS = { server: 8080, admin: 8081 } as const;

/**
 * Finds listeners that would take each other's port. On different addresses of the machine they
 * don't, but then their host names are not the same either.
 *
 * @param filled The config, filled in.
 * @returns The mistake, if it has it.
 */
export function checkListeners({ value }: FilledIn): readonly Mistake[] {
  const [server, admin] = [listenerOf(value, "server"), listenerOf(value, "admin")];
  if (server.hostname !== admin.hostname || server.port !== admin.port || admin.port === 0) {
    return [];
  }
  return [{
    path: ["admin", "port"],
    message: `found ${admin.port}, which the public listener has too, wanted a port of its own`,
  }];
}

/**
 * Finds what may surprise where listeners listen.
 *
 * @param filled The config, filled in.
 * @returns The warnings.
 */
export function findListenerWarnings({ value }: FilledIn): readonly Mistake[] {
  const { hostname } = listenerOf(value, "admin");
  if (typeof hostname !== "string" || isLoopback(hostname)) return [];
  return [{
    path: ["admin", "hostname"],
    message: `found ${JSON.stringify(hostname)}: whoever reaches it reads how the server fares, ` +
      "without a password",
    hint: 'Set "127.0.0.1", or let a firewall admit only those who may',
  }];
}

function listenerOf(value: unknown, section: keyof typeof DEFAULT_PORTS) {
  const hostname = valueAt(value, [section, "hostname"]) ?? "127.0.0.1";
  // What comes from the environment is text still.
  const port = Number(valueAt(value, [section, "port"]) ?? DEFAULT_PORTS[section]);
  return { hostname, port };
}
