import { loadConfig, type Loaded, type LoadOptions, type NotLoaded } from "../../config/load.ts";
import { locateConfig } from "../../config/locate.ts";
import { reportMistakes } from "../../config/mistake.ts";
import type { Terminal } from "../terminal/terminal.ts";

/** Which config a command was told to use. */
interface WhichConfig {
  /** The value of `--config`. */
  readonly config: string | undefined;
  readonly kinds: LoadOptions["kinds"];
  readonly flags?: LoadOptions["flags"];
}

/**
 * Finds the config of a command.
 *
 * @param which Which config.
 * @param terminal Where its environment comes from.
 * @returns What `loadConfig()` wants to know.
 */
export async function locateForLoading(
  { config, kinds, flags = {} }: WhichConfig,
  terminal: Terminal,
): Promise<LoadOptions> {
  return {
    file: await locateConfig({ flag: config, env: terminal.env }),
    kinds,
    flags,
    env: terminal.env,
    environmentNames: Object.keys(Deno.env.toObject()),
  };
}

/**
 * Loads the config of a command and tells the user what is wrong with it.
 *
 * @param which Which config.
 * @param terminal Where warnings and mistakes are written: standard error.
 * @returns The config, or `undefined` when it has mistakes, which were told.
 */
export async function loadOrComplain(
  which: WhichConfig,
  terminal: Terminal,
): Promise<Loaded | undefined> {
  return await loadLocated(await locateForLoading(which, terminal), terminal);
}

/**
 * Loads a config that was found and tells the user what is wrong with it.
 *
 * @param options What to load.
 * @param terminal Where warnings and mistakes are written: standard error.
 * @param load Loads it; its tests are not run unless this does.
 * @returns The config, or `undefined` when it has mistakes, which were told.
 */
export async function loadLocated(
  options: LoadOptions,
  terminal: Terminal,
  load: (options: LoadOptions) => Promise<Loaded | NotLoaded> = loadConfig,
): Promise<Loaded | undefined> {
  const { file } = options;
  const loaded = await load(options);
  const { colour } = terminal;
  if (loaded.warnings.length > 0) {
    terminal.err(reportMistakes(loaded.warnings, { file, colour, as: "warning" }));
  }
  if (!("mistakes" in loaded)) return loaded;
  terminal.err(reportMistakes(loaded.mistakes, { file, colour }));
  return undefined;
}
