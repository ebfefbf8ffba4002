/** Where the config is: one rule for every command, for what is read and for what is written new. */
import { dirname, isAbsolute, join, relative, resolve } from "@std/path";
import { fileExists } from "../util/files.ts";
import { CONFIG_VARIABLE } from "./environment.ts";

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
  readonly os?: typeof Deno.build.os;
}

/** A config that was looked for. */
export interface LocatedConfig {
  /** Its absolute path; it need not exist. */
  readonly file: string;
  /** Why this one: it is named by something, or stands in a place that is looked into. */
  readonly why: string;
  /** Whether something names it: then no other place is looked into. */
  readonly isNamed: boolean;
}

const FILE_NAME = "config.json";

/**
 * Finds the config file: the flag, `STOREHOOK_CONFIG`, else `config.json` in the first of these
 * places that has one: the working directory, the folder of the executable and, on Windows,
 * `%ProgramData%\\Storehook`. A service starts in a directory of the system, hence the last two.
 *
 * @param options Where it may be named.
 * @returns The file; where no place has one, the one that {@linkcode placeNewConfig} gives.
 */
export async function findConfig(options: LocateOptions): Promise<LocatedConfig> {
  const named = namedConfig(options);
  if (named !== undefined) return named;
  for (const place of placesOf(options)) {
    if (await fileExists(place.file)) return place;
  }
  return placeNewConfig(options);
}

/**
 * Finds the path of the config file, as {@linkcode findConfig} does.
 *
 * @param options Where it may be named.
 * @returns The absolute path; it need not exist.
 */
export async function locateConfig(options: LocateOptions): Promise<string> {
  return (await findConfig(options)).file;
}

/**
 * Says where a new config goes: where it is named, else into the first place that is looked into
 * and is no folder of Windows or of installed programs, where an administrator's prompt starts and
 * nothing should be written.
 *
 * @param options Where it may be named.
 * @returns The file, which may exist.
 */
export function placeNewConfig(options: LocateOptions): LocatedConfig {
  const named = namedConfig(options);
  if (named !== undefined) return named;
  const places = placesOf(options);
  const [first = inWorkingDirectory(options)] = places;
  return places.find(({ file }) => !isOfSystem(dirname(file), options)) ?? first;
}

/**
 * Names the places that are looked into where nothing names the config.
 *
 * @param options The same as to find it.
 * @returns The paths of the files.
 */
export function configPlaces(options: LocateOptions): readonly string[] {
  return [...new Set(placesOf(options).map(({ file }) => file))];
}

function namedConfig(options: LocateOptions): LocatedConfig | undefined {
  const folder = options.folder ?? Deno.cwd();
  if (options.flag !== undefined) {
    return { file: resolve(folder, options.flag), why: "named by --config", isNamed: true };
  }
  const named = options.env(CONFIG_VARIABLE);
  if (!named) return undefined;
  return { file: resolve(folder, named), why: `named by ${CONFIG_VARIABLE}`, isNamed: true };
}

function inWorkingDirectory({ folder = Deno.cwd() }: LocateOptions): LocatedConfig {
  return { file: join(folder, FILE_NAME), why: "in the working directory", isNamed: false };
}

function placesOf(options: LocateOptions): readonly LocatedConfig[] {
  const programFolder = "programFolder" in options ? options.programFolder : folderOfProgram();
  const here = inWorkingDirectory(options);
  // From its sources it is a developer's, whom the config of a service does not concern.
  if (programFolder === undefined) return [here];
  const beside = {
    file: join(programFolder, FILE_NAME),
    why: "beside the program",
    isNamed: false,
  };
  const { os = Deno.build.os } = options;
  const data = os === "windows" ? options.env("ProgramData") : undefined;
  if (!data) return [here, beside];
  return [here, beside, {
    file: join(data, "Storehook", FILE_NAME),
    why: "in %ProgramData%\\Storehook",
    isNamed: false,
  }];
}

function folderOfProgram(): string | undefined {
  return Deno.build.standalone ? dirname(Deno.execPath()) : undefined;
}

const SYSTEM_FOLDERS = ["SystemRoot", "ProgramFiles", "ProgramFiles(x86)", "ProgramW6432"];

function isOfSystem(folder: string, { env, os = Deno.build.os }: LocateOptions): boolean {
  return os === "windows" && SYSTEM_FOLDERS.some((name) => {
    const parent = env(name);
    if (!parent) return false;
    const from = relative(parent.toLowerCase(), folder.toLowerCase());
    return !from.startsWith("..") && !isAbsolute(from);
  });
}
