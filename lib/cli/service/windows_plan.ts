/** What Windows is told of a service: its names, its program, and all of it as commands of Windows. */
import { dirname, fromFileUrl, join, resolve } from "@std/path";
import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import { locateConfig } from "../../config/locate.ts";
import { fileExists } from "../../util/files.ts";
import {
  RESET_AFTER_SECONDS,
  RESTART_DELAYS_MS,
  WINDOWS_SERVICE_NAME,
} from "../../windows/service_manager.ts";
import { loadOrComplain } from "../config/load.ts";
import type { Options } from "../terminal/table.ts";
import { type Terminal, UsageError } from "../terminal/terminal.ts";
import { commandLineWord, fullAccountName } from "./windows_words.ts";

/** What the list of services says of it. */
export const SERVICE_DESCRIPTION =
  "Answers the webhooks of uStore and takes in the events of other platforms.";

/** The program that runs as a service. */
export interface ServiceProgram {
  /** How it is started, up to its own arguments; the first is an absolute path. */
  readonly words: readonly string[];
  /** Whether it is the executable, and not the runtime with the sources. */
  readonly isExecutable: boolean;
}

/**
 * Says what runs as a service: this program, unless another is named.
 *
 * @param options The options of a command.
 * @returns The executable; from the sources, the runtime with them.
 * @throws {UsageError} When the one that is named is not there.
 */
export async function whichProgram(options: Options): Promise<ServiceProgram> {
  const named = options.text("executable");
  if (named !== undefined) {
    const file = resolve(named);
    if (Deno.build.os === "windows" && !await fileExists(file)) {
      throw new UsageError(
        `Cannot make a service of ${JSON.stringify(file)}: there is no such file`,
      );
    }
    return { words: [file], isExecutable: true };
  }
  if (Deno.build.standalone) return { words: [Deno.execPath()], isExecutable: true };
  return {
    words: [Deno.execPath(), "run", "-A", firstModule()],
    isExecutable: false,
  };
}

/** From the sources, what speaks to Windows is loaded before all the rest. */
function firstModule(): string {
  const { url } = import.meta;
  return fromFileUrl(url.endsWith(".ts") ? new URL("./main.ts", url) : Deno.mainModule);
}

/**
 * Names the file of the log of a service whose config names none: nobody sees its standard error.
 *
 * @param service Its name, and the absolute path of its config.
 * @returns The path of a file in a folder beside it.
 */
export function serviceLogFile(
  { name, config }: { readonly name: string; readonly config: string },
): string {
  return join(dirname(config), "logs", `${name.toLowerCase()}.log`);
}

/**
 * Writes the command line of a service.
 *
 * @param words How the program is started.
 * @param service Its name and the absolute path of its config.
 * @returns The command line.
 * @throws {UsageError} When a path cannot stand in one.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { serviceCommandLine } from "./windows_plan.ts";
 *
 * const service = { name: "Storehook", config: "C:\\Storehook\\config.json" };
 * assertEquals(
 *   serviceCommandLine(["C:\\Storehook\\storehook.exe"], service),
 *   '"C:\\Storehook\\storehook.exe" service run --name Storehook ' +
 *     '--config "C:\\Storehook\\config.json"',
 * );
 * ```
 */
export function serviceCommandLine(
  words: readonly string[],
  { name, config }: { readonly name: string; readonly config: string },
): string {
  for (const path of [...words, config]) {
    if (!path.includes('"')) continue;
    throw new UsageError(`Cannot make a service of ${JSON.stringify(path)}: it holds a quote`);
  }
  return [...words, "service", "run", "--name", name, "--config", config]
    .map(commandLineWord).join(" ");
}

/**
 * Names a service as people see it.
 *
 * @param name Its name to Windows.
 */
export function displayNameOf(name: string): string {
  return name === WINDOWS_SERVICE_NAME ? name : `${WINDOWS_SERVICE_NAME} (${name})`;
}

/**
 * Prints what setting up a service of Windows comes to, as commands of Windows.
 *
 * @param options The options of the command.
 * @param kinds The kinds that endpoints may have.
 * @param terminal Where they go.
 * @returns The exit code.
 */
export async function printForWindows(
  options: Options,
  kinds: readonly EndpointKind[],
  terminal: Terminal,
): Promise<number> {
  const name = options.text("name") ?? WINDOWS_SERVICE_NAME;
  const config = await locateConfig({ flag: options.text("config"), env: terminal.env });
  if (await loadOrComplain({ config, kinds }, terminal) === undefined) return 2;
  const commandLine = serviceCommandLine((await whichProgram(options)).words, { name, config });
  const service = commandLineWord(name);
  const account = fullAccountName(options.text("account") ?? `NT SERVICE\\${name}`);
  const restarts = RESTART_DELAYS_MS.map((delayMs) => `restart/${delayMs}`).join("/");
  const definition = [
    `sc create ${service} binPath= "${commandLine.replaceAll('"', '\\"')}" start= delayed-auto ` +
    `obj= "${account}" DisplayName= "${displayNameOf(name)}"`,
    `sc description ${service} "${SERVICE_DESCRIPTION}"`,
    `sc failure ${service} reset= ${RESET_AFTER_SECONDS} actions= ${restarts}`,
    `sc failureflag ${service} 0`,
    `sc sidtype ${service} unrestricted`,
    "",
  ].join("\n");
  const record = { supervisor: "windows", name, definition };
  terminal.out(options.flag("json") ? `${JSON.stringify(record)}\n` : definition);
  return 0;
}
