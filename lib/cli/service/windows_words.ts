/** How a service of Windows is named, and what its errors mean to an administrator. */
import { LibrariesForbidden, WindowsError } from "../../windows/libraries.ts";
import { SERVICE_ERRORS, WINDOWS_SERVICE_NAME } from "../../windows/service_manager.ts";
import { shellWord } from "../terminal/format.ts";
import type { Options } from "../terminal/table.ts";
import type { Terminal } from "../terminal/terminal.ts";

/**
 * Says whether a command is about a service of Windows' own service control manager.
 *
 * @param options The options of the command.
 * @returns Whether it is named, or this is Windows and no other is.
 */
export function concernsWindowsService(options: Options): boolean {
  const supervisor = options.text("for");
  return supervisor === "windows" || (supervisor === undefined && Deno.build.os === "windows");
}

/**
 * Names the account of a service as Windows wants it.
 *
 * @param account As an administrator gives it.
 * @returns With its domain, e.g. `NT AUTHORITY`, or `.` for this machine.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { fullAccountName } from "./windows_words.ts";
 *
 * assertEquals(fullAccountName("NetworkService"), "NT AUTHORITY\\NetworkService");
 * assertEquals(fullAccountName("localsystem"), "LocalSystem");
 * assertEquals(fullAccountName("storehook"), ".\\storehook");
 * assertEquals(fullAccountName("SHOP\\storehook$"), "SHOP\\storehook$");
 * ```
 */
export function fullAccountName(account: string): string {
  const builtIn = BUILT_IN.get(account.toLowerCase().replace(/^nt authority\\/, ""));
  if (builtIn !== undefined) return builtIn;
  return /[\\@]/.test(account) ? account : `.\\${account}`;
}

const BUILT_IN: ReadonlyMap<string, string> = new Map([
  ["localsystem", "LocalSystem"],
  ["system", "LocalSystem"],
  ["localservice", "NT AUTHORITY\\LocalService"],
  ["networkservice", "NT AUTHORITY\\NetworkService"],
]);

/**
 * Says whether an account has a password that somebody knows: those of Windows and of services have
 * none, and the domain keeps that of a managed account, whose name ends with `$`.
 *
 * @param account Its full name.
 */
export function hasPassword(account: string): boolean {
  const isOfWindows = /^(?:localsystem$|nt authority\\|nt service\\)/i.test(account);
  return !isOfWindows && !account.endsWith("$");
}

/**
 * Writes a word of the command line of a service.
 *
 * @param word A path or another word without quotes.
 * @returns The word, in quotes where it needs them: Windows tries what stands before a blank first.
 */
export function commandLineWord(word: string): string {
  return /^[\w.-]+$/.test(word) ? word : `"${word}"`;
}

/**
 * Finds the config in the command line of a service.
 *
 * @param commandLine The command line.
 * @returns The path; `undefined` where there is none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { configOfCommandLine } from "./windows_words.ts";
 *
 * const line = '"C:\\S H\\storehook.exe" service run --config "C:\\S H\\config.json"';
 * assertEquals(configOfCommandLine(line), "C:\\S H\\config.json");
 * ```
 */
export function configOfCommandLine(commandLine: string): string | undefined {
  const [, quoted, bare] = / --config (?:"([^"]+)"|(\S+))/.exec(commandLine) ?? [];
  return quoted ?? bare;
}

/** What was wanted of a service. */
type Wanted = "install" | "start" | "stop" | "uninstall" | "ask for";

/**
 * Does something with a service, and tells in words what failed.
 *
 * @param work What is done; it gives the exit code.
 * @param intent What is wanted of which service.
 * @param terminal Where the words go.
 * @returns Its exit code, 1 when it failed.
 */
export async function orComplain(
  work: () => number | Promise<number>,
  intent: { readonly wanted: Wanted; readonly name: string },
  terminal: Pick<Terminal, "err">,
): Promise<number> {
  try {
    return await work();
  } catch (error) {
    const words = describeFailure(error, intent);
    if (words === undefined) throw error;
    terminal.err(`${words}\n`);
    return 1;
  }
}

/**
 * Says what failed and what to do.
 *
 * @param error What was thrown.
 * @param intent What was wanted of which service.
 * @returns The words; `undefined` where Windows did not throw it.
 */
function describeFailure(
  error: unknown,
  { wanted, name }: { readonly wanted: Wanted; readonly name: string },
): string | undefined {
  if (error instanceof LibrariesForbidden) {
    return `${error.message}; from the sources, run: deno run -A main.ts service ...`;
  }
  if (!(error instanceof WindowsError)) return undefined;
  const hint = HINTS.get(error.code)?.(nameOption(name)) ?? error.message;
  return `Cannot ${wanted} the service "${name}": ${hint}`;
}

/** What names a service on the command line; nothing for the usual one. */
function nameOption(name: string): string {
  return name === WINDOWS_SERVICE_NAME ? "" : ` --name ${shellWord(name)}`;
}

const HINTS = new Map<number, (option: string) => string>([
  [
    SERVICE_ERRORS.accessDenied,
    () => 'access is denied; open the command prompt by "Run as administrator" and try again',
  ],
  [
    SERVICE_ERRORS.noSuchService,
    (option) => `it is not installed; as an administrator, run: storehook service install${option}`,
  ],
  [
    SERVICE_ERRORS.markedForRemoval,
    () =>
      "it is marked for deletion; close the windows that show services (services.msc, Task " +
      "Manager, Server Manager) and try again; if that does not help, restart the machine",
  ],
  ...[SERVICE_ERRORS.noSuchFile, SERVICE_ERRORS.noSuchFolder].map((code) => {
    const hint = (option: string) =>
      `its program is not where it was; where it is now, run: storehook service install${option}`;
    return [code, hint] as const;
  }),
  [SERVICE_ERRORS.exists, () => "a service of that name exists; give --name another"],
  [
    SERVICE_ERRORS.nameTaken,
    () => "another service is shown by that name; give --name another",
  ],
  [
    SERVICE_ERRORS.invalidAccount,
    () => "there is no such account, or its password is wrong; give --account DOMAIN\\NAME",
  ],
  [
    SERVICE_ERRORS.logonFailed,
    (option) =>
      "its account cannot log on: the password is wrong or has changed, or the right to log on as " +
      `a service is missing; run: storehook service install${option} --account NAME`,
  ],
  [
    SERVICE_ERRORS.disabled,
    (option) => `it is disabled; to set it up anew, run: storehook service install${option}`,
  ],
  [SERVICE_ERRORS.timeout, () => "it did not answer Windows in time; see the event log"],
  ...[SERVICE_ERRORS.cannotAcceptControl, SERVICE_ERRORS.invalidControl].map((code) =>
    [code, () => "it is just starting or stopping; try again in a few seconds"] as const
  ),
  [SERVICE_ERRORS.invalidName, () => "Windows does not take that name; give --name another"],
]);
