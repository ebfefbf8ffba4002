import type { Loaded, NotLoaded } from "../../config/load.ts";
import { formatPath, type LocatedMistake } from "../../config/mistake.ts";
import type { Config } from "../../config/schema.ts";
import { withoutCredentials } from "../../config/secrets.ts";
import { loadTestedConfig, type TestedLoadOptions } from "../../trials/rule_tests/tested_config.ts";
import { configureLog, log } from "../../observe/log.ts";
import { createFileReader, type FileReader, type SeenFiles } from "../../util/watch_files.ts";
import { messageOf } from "../../util/words.ts";
import type { Running } from "./running.ts";

/** What a reload works with. */
interface ReloadOptions {
  /** What is loaded, as at the start. */
  readonly load: TestedLoadOptions;
  /** The config with which the server was started. */
  readonly started: Config;
  /** The paths of files that may not be opened: those of the journal, which is open. */
  readonly untouchable: readonly string[];
  readonly running: Pick<Running, "swap">;
  readonly status: ConfigStatus;
  /** Called after each reload, with whether the new config is served, and else why not. */
  readonly onReload?: (isServed: boolean, why: string) => void;
}

/**
 * Makes a function that loads the config anew and serves it when it has no mistakes. What came of
 * it is told to the log, and never thrown.
 *
 * @param options What to work with.
 * @returns The function. It gives what the files looked like that it read.
 */
export function createReload(options: ReloadOptions): () => Promise<SeenFiles> {
  const { load, started, running, status, onReload = () => {} } = options;
  const { file } = load;

  /** Gives why it is not served, and nothing where it is. */
  async function reload({ read, readFolder }: FileReader): Promise<string> {
    try {
      const { loaded, kept } = await loadForRunning(
        {
          ...load,
          readFile: read,
          listFolder: readFolder,
          // HTTPS comes and goes with a restart alone: links are for what is spoken until then.
          scheme: started.server.tls === undefined ? "http" : "https",
        },
        started,
      );
      if ("mistakes" in loaded) {
        return reject(loaded.mistakes);
      }
      running.swap(loaded);
      accept(loaded, kept);
      return "";
    } catch (error) {
      status.rejected(1);
      log.error("Cannot serve {file}, so the config before is served: {error}", {
        file,
        error,
      });
      return messageOf(error);
    }
  }

  function reject(mistakes: readonly LocatedMistake[]): string {
    status.rejected(mistakes.length, mistakes);
    log.error("Loaded {file} again: it has mistakes ({count}), so the config before is served", {
      file,
      count: mistakes.length,
    });
    const told = mistakes.map(describe);
    for (const mistake of told) log.error(withoutPlaces(mistake));
    return told.join("\n");
  }

  function accept(loaded: Loaded, kept: readonly KeptSetting[]): void {
    const { config, endpoints, warnings, secrets } = loaded;
    configureLog(config.log, secrets);
    status.accepted(kept.map(({ setting }) => setting));
    log.info("Loaded {file} again: it is served, endpoints: {count}", {
      file,
      count: endpoints.length,
    });
    for (const warning of warnings) log.warn(withoutPlaces(describe(warning)));
    for (const { setting, kept: value, wanted } of kept) {
      log.warn(`${setting} needs a restart: it stays {kept} and does not become {wanted}`, {
        setting,
        kept: value,
        wanted,
      });
    }
  }

  function describe({ position, path, message, hint, file: own = file }: LocatedMistake): string {
    const place = position === undefined ? "" : `:${position.line}:${position.column}`;
    const name = path.length === 0 ? "" : ` ${formatPath(path)}`;
    const reason = hint === undefined ? message : `${message}. ${hint}`;
    return `${own}${place}${name}: ${reason}`;
  }

  return async () => {
    const reader = createFileReader(options.untouchable);
    const why = await reload(reader);
    onReload(why === "", why);
    return reader.seen;
  };
}

/** Text for the log, where braces would be taken for the places of properties. */
function withoutPlaces(text: string): string {
  return text.replaceAll(/[{}]/g, "$&$&");
}

interface LoadedForRunning {
  readonly loaded: Loaded | NotLoaded;
  readonly kept: readonly KeptSetting[];
}

/** Loads a config for where the server listens, wherever the config wants it to. */
async function loadForRunning(
  options: TestedLoadOptions,
  started: Config,
): Promise<LoadedForRunning> {
  const { loaded } = await loadTestedConfig(options);
  if ("mistakes" in loaded) return { loaded, kept: [] };
  const kept = findKept(started, loaded.config);
  const { hostname, port } = started.server;
  const isElsewhere = kept.some(({ setting }) => /^server\.(?:hostname|port)$/.test(setting));
  if (!isElsewhere) return { loaded, kept };
  // Else the development key would be fine for a loopback address on which nobody listens yet.
  const elsewhere = await loadTestedConfig({ ...options, flags: { hostname, port } });
  return { loaded: elsewhere.loaded, kept };
}

/** What of a config file is not served, for `GET /readyz`. */
interface NotServed {
  readonly message: string;
  /** Since when, in ISO 8601. */
  readonly since: string;
}

/** Knows whether what stands in the config file is what is served. */
interface ConfigStatus {
  /** Notes that it is, but for settings that need a restart. */
  accepted(needRestart: readonly string[]): void;
  /** Notes that it has mistakes, so many. */
  rejected(count: number, mistakes?: readonly LocatedMistake[]): void;
  /** The mistakes of a file that is not served, as far as they are known. */
  mistakes(): readonly LocatedMistake[];
  /** Says what is not served; `undefined` when all is. */
  describe(): NotServed | undefined;
}

/**
 * Makes a status: all is served.
 *
 * @param now Tells the time; the clock unless given.
 * @returns The status. It names settings, and nothing that stands in the file.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const status = createConfigStatus(() => new Date(0));
 * assertEquals(status.describe(), undefined);
 * status.accepted(["server.port"]);
 * assertEquals(status.describe(), {
 *   message: "server.port needs a restart",
 *   since: "1970-01-01T00:00:00.000Z",
 * });
 * ```
 */
export function createConfigStatus(now: () => Date = () => new Date()): ConfigStatus {
  let notServed: NotServed | undefined;
  let known: readonly LocatedMistake[] = [];
  function note(message: string): void {
    // What is wrong in the same way still is so since then.
    if (notServed?.message !== message) notServed = { message, since: now().toISOString() };
  }
  return {
    accepted(needRestart) {
      known = [];
      const verb = needRestart.length === 1 ? "needs" : "need";
      if (needRestart.length === 0) notServed = undefined;
      else note(`${needRestart.join(", ")} ${verb} a restart`);
    },
    mistakes: () => known,
    rejected(mistakes, found = []) {
      known = found;
      const count = `${mistakes} mistake${mistakes === 1 ? "" : "s"}`;
      note(`The changed file has ${count}; the config before is served`);
    },
    describe: () => notServed,
  };
}

/** A setting that a running server does not change. */
interface KeptSetting {
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
      // Another password is taken over, another database is not.
      url: ({ url = "" }) => withoutCredentials(url),
      caFile: ({ caFile = "" }) => caFile,
      spool: ({ spool }) => spool,
      commitTimeoutMs: ({ commitTimeoutMs }) => commitTimeoutMs,
      spoolEvents: ({ spoolEvents }) => String(spoolEvents),
      retentionDays: AT_ONCE,
      maxBytes: AT_ONCE,
      maxWaitingBytes: AT_ONCE,
      repeatWindowHours: ({ repeatWindowHours }) => repeatWindowHours,
    },
    log: AT_ONCE,
    console: AT_ONCE,
    services: AT_ONCE,
    destinations: AT_ONCE,
    tests: AT_ONCE,
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
