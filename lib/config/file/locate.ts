import { dirname, join, resolve } from "@std/path";
import { CONFIG_VARIABLE } from "../values/environment.ts";

/** Where a config may be named. */
export interface LocateOptions {
  /** The `--config` flag. */
  readonly flag?: string | undefined;
  /** An environment variable, `undefined` when unset. */
  env(name: string): string | undefined;
  /** The working directory. */
  readonly folder?: string;
  /** The folder of the compiled program; `undefined` when it runs under `deno`. */
  readonly programFolder?: string | undefined;
}

const FILE_NAME = "config.json";

/**
 * Finds the config file: the flag, `STOREHOOK_CONFIG`, `config.json` in the working directory,
 * then beside the program. A service starts in a directory of the system, hence the last one.
 *
 * @param options Where it may be named.
 * @returns The absolute path; it need not exist.
 */
export async function locateConfig(options: LocateOptions): Promise<string> {
  const folder = options.folder ?? Deno.cwd();
  const named = options.flag ?? (options.env(CONFIG_VARIABLE) || undefined);
  if (named !== undefined) return resolve(folder, named);
  const here = join(folder, FILE_NAME);
  const programFolder = "programFolder" in options ? options.programFolder : folderOfProgram();
  if (programFolder === undefined || await exists(here)) return here;
  const beside = join(programFolder, FILE_NAME);
  return await exists(beside) ? beside : here;
}

function folderOfProgram(): string | undefined {
  return Deno.build.standalone ? dirname(Deno.execPath()) : undefined;
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch {
    return false;
  }
}
