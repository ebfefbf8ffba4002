import type { Config } from "../../../config/config.ts";

/** A setting that a running server does not change. */
export interface KeptSetting {
  readonly setting: string;
  /** What is served on. */
  readonly kept: string | number;
  readonly wanted: string | number;
}

/** Nothing that is secret is among them. */
const SETTINGS: Readonly<Record<string, (config: KeptConfig) => string | number>> = {
  "server.hostname": ({ server }) => server.hostname,
  "server.port": ({ server }) => server.port,
  "server.tls": ({ server }) => server.tls === undefined ? "HTTP" : "HTTPS",
  "server.maxConnections": ({ server }) => server.maxConnections,
  "server.headTimeoutMs": ({ server }) => server.headTimeoutMs,
  "server.idleTimeoutMs": ({ server }) => server.idleTimeoutMs,
  "admin.hostname": ({ admin }) => admin.hostname,
  "admin.port": ({ admin }) => admin.port,
  "admin.allowedHosts": ({ admin }) => admin.allowedHosts.join(", "),
  "journal.path": ({ journal }) => journal.path,
  "journal.repeatWindowHours": ({ journal }) => journal.repeatWindowHours,
};

/** The part of a config that matters here. */
export interface KeptConfig {
  readonly server: Pick<
    Config["server"],
    "hostname" | "port" | "tls" | "maxConnections" | "headTimeoutMs" | "idleTimeoutMs"
  >;
  readonly admin: Pick<Config["admin"], "hostname" | "port" | "allowedHosts">;
  readonly journal: Pick<Config["journal"], "path" | "repeatWindowHours">;
}

/**
 * Finds what needs a restart: what was opened at the start stays open.
 *
 * @param started The config with which the server was started.
 * @param wanted The one it shall serve.
 * @returns What differs.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const admin = { hostname: "127.0.0.1", port: 8081, allowedHosts: [] };
 * const journal = { path: "/data/journal.db", repeatWindowHours: 48 };
 * const limits = { maxConnections: 10, headTimeoutMs: 1, idleTimeoutMs: 1 };
 * const server = { hostname: "127.0.0.1", port: 8080, ...limits };
 * const started = { server, admin, journal };
 * const wanted = { server: { ...server, port: 80 }, admin, journal };
 * assertEquals(findKept(started, wanted), [{ setting: "server.port", kept: 8080, wanted: 80 }]);
 * ```
 */
export function findKept(started: KeptConfig, wanted: KeptConfig): readonly KeptSetting[] {
  return Object.entries(SETTINGS).flatMap(([setting, read]) => {
    const kept = read(started);
    return read(wanted) === kept ? [] : [{ setting, kept, wanted: read(wanted) }];
  });
}
