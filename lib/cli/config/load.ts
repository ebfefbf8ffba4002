import { loadConfig, type Loaded, type LoadOptions } from "../../config/load.ts";
import { locateConfig } from "../../config/file/locate.ts";
import { reportMistakes } from "../../config/report.ts";
import type { Terminal } from "../terminal/command.ts";

/** Which config a command was told to use. */
export interface WhichConfig {
  /** The value of `--config`. */
  readonly config: string | undefined;
  readonly kinds: LoadOptions["kinds"];
  readonly flags?: LoadOptions["flags"];
}

/**
 * Loads the config of a command and tells the user what is wrong with it.
 *
 * @param which Which config.
 * @param terminal Where warnings and mistakes are written: standard error.
 * @returns The config, or `undefined` when it has mistakes, which were told.
 */
export async function loadOrComplain(
  { config, kinds, flags = {} }: WhichConfig,
  terminal: Terminal,
): Promise<Loaded | undefined> {
  const file = await locateConfig({ flag: config, env: terminal.env });
  const loaded = await loadConfig({
    file,
    kinds,
    flags,
    env: terminal.env,
    environmentNames: Object.keys(Deno.env.toObject()),
  });
  const { colour } = terminal;
  if (loaded.warnings.length > 0) {
    terminal.err(reportMistakes(loaded.warnings, { file, colour, as: "warning" }));
  }
  if (!("mistakes" in loaded)) return loaded;
  terminal.err(reportMistakes(loaded.mistakes, { file, colour }));
  return undefined;
}
