import type { Config } from "../../config/schema.ts";
import {
  clocksApart,
  contradictions,
  type Instance,
  type InstanceFacts,
} from "../../journal/instances.ts";
import type { SpoolState } from "../../journal/sqlite/spool.ts";
import { log } from "../../observe/log.ts";
import { hash } from "../../util/hash.ts";
import { VERSION } from "../version.ts";

/**
 * Says what this instance is, for those that share its journal.
 *
 * @param config What it serves.
 * @returns Its machine, its version, and a hash of what decides how it answers: the port, say, may
 * differ.
 */
export function factsOf(config: Config): InstanceFacts {
  const { server: _server, admin: _admin, log: _log, journal, ...rest } = config;
  const { path: _path, spool: _spool, caFile: _caFile, url: _url, ...limits } = journal;
  return {
    host: Deno.env.get("COMPUTERNAME") ?? Deno.env.get("HOSTNAME") ?? "this machine",
    version: VERSION,
    config: hash("sha256", JSON.stringify({ ...rest, limits })).toHex().slice(0, 8),
  };
}

/** What `GET /readyz` tells of the spool. */
export function describeSpool({ deliveries, oldestAt }: SpoolState) {
  if (oldestAt === null) return { deliveries };
  const seconds = Math.max(0, Math.round((Date.now() - oldestAt) / 1000));
  return { deliveries, oldestSeconds: seconds };
}

let told = "";

/**
 * What `GET /readyz` tells of the instances that share the journal. The log is told once of what
 * should not be.
 */
export function describeInstances(instances: readonly Instance[]) {
  const contradicting = contradictions(instances);
  const text = contradicting.join("; ");
  if (text !== told && text !== "") log.warn("Of those that share the journal: {text}", { text });
  told = text;
  // The log is told of clocks as soon as they are compared.
  const warnings = [...contradicting, ...clocksApart(instances)];
  return {
    instances: instances.map(({ host, version, config, silentMs, startedAt, isThis }) => ({
      host,
      version,
      config,
      startedAt: new Date(startedAt).toISOString(),
      silentSeconds: Math.round(silentMs / 1000),
      ...(isThis ? { isThis } : {}),
    })),
    ...(warnings.length === 0 ? {} : { warnings }),
  };
}
