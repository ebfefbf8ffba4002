import type { Config } from "../../../config/schema.ts";
import { formatPath, type LocatedMistake } from "../../../config/mistake.ts";
import { loadConfig, type Loaded, type LoadOptions, type NotLoaded } from "../../../config/load.ts";
import { configureLog, log } from "../../../observe/log.ts";
import { createFileReader, type FileReader, type SeenFiles } from "../../../util/watch_files.ts";
import type { ConfigStatus } from "./config_status.ts";
import { findKept, type KeptSetting } from "./needs_restart.ts";
import type { Running } from "../running.ts";

/** What a reload works with. */
export interface ReloadOptions {
  /** What is loaded, as at the start. */
  readonly load: LoadOptions;
  /** The config with which the server was started. */
  readonly started: Config;
  /** The paths of files that may not be opened: those of the journal, which is open. */
  readonly untouchable: readonly string[];
  readonly running: Pick<Running, "swap">;
  readonly status: ConfigStatus;
  /** Called after each reload, with whether the new config is served. */
  readonly onReload?: (isServed: boolean) => void;
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

  async function reload(readFile: FileReader["read"]): Promise<boolean> {
    try {
      const { loaded, kept } = await loadForRunning({ ...load, readFile }, started);
      if ("mistakes" in loaded) {
        reject(loaded.mistakes);
        return false;
      }
      running.swap(loaded);
      accept(loaded, kept);
      return true;
    } catch (error) {
      status.rejected(1);
      log.error("Cannot serve {file}, so the config before is served: {error}", {
        file,
        error,
      });
      return false;
    }
  }

  function reject(mistakes: readonly LocatedMistake[]): void {
    status.rejected(mistakes.length);
    log.error("Loaded {file} again: it has mistakes ({count}), so the config before is served", {
      file,
      count: mistakes.length,
    });
    for (const mistake of mistakes) log.error(describe(mistake));
  }

  function accept(loaded: Loaded, kept: readonly KeptSetting[]): void {
    const { config, endpoints, warnings, secrets } = loaded;
    configureLog(config.log, secrets);
    status.accepted(kept.map(({ setting }) => setting));
    log.info("Loaded {file} again: it is served, endpoints: {count}", {
      file,
      count: endpoints.length,
    });
    for (const warning of warnings) log.warn(describe(warning));
    for (const { setting, kept: value, wanted } of kept) {
      log.warn(`${setting} needs a restart: it stays {kept} and does not become {wanted}`, {
        setting,
        kept: value,
        wanted,
      });
    }
  }

  function describe({ position, path, message, hint }: LocatedMistake): string {
    const place = position === undefined ? "" : `:${position.line}:${position.column}`;
    const name = path.length === 0 ? "" : ` ${formatPath(path)}`;
    const reason = hint === undefined ? message : `${message}. ${hint}`;
    // Braces would be taken for the places of properties.
    return `${file}${place}${name}: ${reason}`.replaceAll(/[{}]/g, "$&$&");
  }

  return async () => {
    const { read, seen } = createFileReader(options.untouchable);
    onReload(await reload(read));
    return seen;
  };
}

interface LoadedForRunning {
  readonly loaded: Loaded | NotLoaded;
  readonly kept: readonly KeptSetting[];
}

/** Loads a config for where the server listens, wherever the config wants it to. */
async function loadForRunning(options: LoadOptions, started: Config): Promise<LoadedForRunning> {
  const loaded = await loadConfig(options);
  if ("mistakes" in loaded) return { loaded, kept: [] };
  const kept = findKept(started, loaded.config);
  const { hostname, port } = started.server;
  const isElsewhere = kept.some(({ setting }) => /^server\.(?:hostname|port)$/.test(setting));
  if (!isElsewhere) return { loaded, kept };
  // Else the development key would be fine for a loopback address on which nobody listens yet.
  return { loaded: await loadConfig({ ...options, flags: { hostname, port } }), kept };
}
