import type { Config } from "../../../config/schema.ts";

/** A setting that a running server does not change. */
export interface KeptSetting {
  readonly setting: string;
  /** What is served on. */
  readonly kept: string | number;
  readonly wanted: string | number;
}

/** What a running server takes over from a changed config. */
const AT_ONCE = "at once";

/** What becomes of a changed setting: it is taken over, or stays what this reads of it. */
type Fate<Section> = typeof AT_ONCE | ((section: Section) => string | number);

/** Of each setting that a section can have: one that is new in the schema has to stand here too. */
type Fates<Section> = { readonly [Setting in keyof Section]-?: Fate<Section> };

/** Nothing that is secret is among what is kept. */
const FATES:
  & { readonly [Section in Exclude<keyof Config, keyof KeptConfig>]: typeof AT_ONCE }
  & { readonly [Section in keyof KeptConfig]: Fates<Config[Section]> } = {
    timeZone: AT_ONCE,
    isTimeZoneSet: AT_ONCE,
    server: {
      hostname: ({ hostname }) => hostname,
      port: ({ port }) => port,
      publicUrl: AT_ONCE,
      allowedHosts: AT_ONCE,
      // Other files are taken over, another protocol is not.
      tls: ({ tls }) => tls === undefined ? "HTTP" : "HTTPS",
      trustedProxies: AT_ONCE,
      maxBodyBytes: AT_ONCE,
      bodyTimeoutMs: AT_ONCE,
      maxPendingBodyBytes: AT_ONCE,
      maxPendingBodyBytesPerAddress: AT_ONCE,
      maxInFlight: AT_ONCE,
      decisionTimeoutMs: AT_ONCE,
      maxConnections: ({ maxConnections }) => maxConnections,
      headTimeoutMs: ({ headTimeoutMs }) => headTimeoutMs,
      idleTimeoutMs: ({ idleTimeoutMs }) => idleTimeoutMs,
    },
    admin: {
      hostname: ({ hostname }) => hostname,
      port: ({ port }) => port,
      allowedHosts: ({ allowedHosts }) => allowedHosts.join(", "),
    },
    journal: {
      path: ({ path }) => path,
      retentionDays: AT_ONCE,
      maxBytes: AT_ONCE,
      maxWaitingBytes: AT_ONCE,
      repeatWindowHours: ({ repeatWindowHours }) => repeatWindowHours,
    },
    log: AT_ONCE,
    services: AT_ONCE,
    destinations: AT_ONCE,
    endpoints: AT_ONCE,
  };

/** The part of a config in which something needs a restart. */
export type KeptConfig = Pick<Config, "server" | "admin" | "journal">;

/**
 * Finds what needs a restart: what was opened at the start stays open.
 *
 * @param started The config with which the server was started.
 * @param wanted The one it shall serve.
 * @returns What differs.
 */
export function findKept(started: KeptConfig, wanted: KeptConfig): readonly KeptSetting[] {
  return [
    ...keptOf("server", FATES.server, started.server, wanted.server),
    ...keptOf("admin", FATES.admin, started.admin, wanted.admin),
    ...keptOf("journal", FATES.journal, started.journal, wanted.journal),
  ];
}

function keptOf<Section>(
  name: string,
  fates: Readonly<Record<string, Fate<Section>>>,
  started: Section,
  wanted: Section,
): readonly KeptSetting[] {
  return Object.entries(fates).flatMap(([setting, read]) => {
    if (read === AT_ONCE) return [];
    const kept = read(started);
    const next = read(wanted);
    return next === kept ? [] : [{ setting: `${name}.${setting}`, kept, wanted: next }];
  });
}
