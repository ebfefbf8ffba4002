/** `storehook service install` and `uninstall` on Windows: they do it themselves. */
import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import { locateConfig } from "../../config/locate.ts";
import { messageOf } from "../../util/words.ts";
import { allowServiceLogon, findAccountId } from "../../windows/account_rights.ts";
import { WindowsError } from "../../windows/libraries.ts";
import { addEventSource, removeEventSource } from "../../windows/event_log.ts";
import {
  removeService,
  RESTART_DELAYS_MS,
  SERVICE_ERRORS,
  setUpService,
  WINDOWS_SERVICE_NAME,
} from "../../windows/service_manager.ts";
import { readServiceSetUp, readServiceStatus } from "../../windows/service_state.ts";
import { loadOrComplain } from "../config/load.ts";
import type { Options } from "../terminal/table.ts";
import { type Terminal, UsageError } from "../terminal/terminal.ts";
import { planService } from "./supervisor.ts";
import {
  type FolderRights,
  foldersOfService,
  type ServiceFolder,
  setFolderRights,
} from "./windows_folders.ts";
import {
  displayNameOf,
  SERVICE_DESCRIPTION,
  serviceCommandLine,
  serviceLogFile,
  whichProgram,
} from "./windows_plan.ts";
import { stopAndWait } from "./windows_control.ts";
import { commandLineWord, fullAccountName, hasPassword, orComplain } from "./windows_words.ts";

/**
 * Sets up a service of Windows, or changes it.
 *
 * @param options The options of the command.
 * @param kinds The kinds that endpoints may have.
 * @param terminal Where it is told.
 * @returns The exit code.
 */
export async function installOnWindows(
  options: Options,
  kinds: readonly EndpointKind[],
  terminal: Terminal,
): Promise<number> {
  const name = options.text("name") ?? WINDOWS_SERVICE_NAME;
  const config = await locateConfig({ flag: options.text("config"), env: terminal.env });
  const loaded = await loadOrComplain({ config, kinds }, terminal);
  if (loaded === undefined) return 2;
  const program = await whichProgram(options);
  const { log } = loaded.config;
  const plan = planService(
    { executable: program.words[0] ?? "", config },
    { ...loaded.config, log: { ...log, file: log.file ?? serviceLogFile({ name, config }) } },
  );
  const folders = options.flag("keep-rights") ? [] : foldersOfService(plan, program.isExecutable);
  const commandLine = serviceCommandLine(program.words, { name, config });
  const given = options.text("account");
  const account = given === undefined ? undefined : fullAccountName(given);
  const password = account !== undefined && hasPassword(account)
    ? await readPassword(account, terminal)
    : undefined;
  return await orComplain(
    async () => {
      const isNew = !isInstalled(name);
      setUpService({
        name,
        displayName: displayNameOf(name),
        description: SERVICE_DESCRIPTION,
        commandLine,
        account: account ?? (isNew ? `NT SERVICE\\${name}` : undefined),
        password,
      });
      addEventSource(name);
      const runsAs = readServiceSetUp(name).account;
      const rights = folders.length === 0
        ? { done: [], failed: [] }
        : await giveRights(folders, runsAs);
      tell({ name, isNew, commandLine, account: runsAs, config, ...rights }, options, terminal);
      return rights.failed.length === 0 ? 0 : 1;
    },
    { wanted: "install", name },
    terminal,
  );
}

function isInstalled(name: string): boolean {
  try {
    readServiceStatus(name);
    return true;
  } catch {
    return false;
  }
}

/** A password never stands among the arguments, where others see it. */
async function readPassword(account: string, terminal: Terminal): Promise<string> {
  const typed = terminal.ask === undefined
    ? new TextDecoder().decode(await terminal.stdin()).replace(/\r?\n[^]*$/, "")
    : await terminal.ask(`Password of ${account}: `, true);
  if (typed !== undefined && typed !== "") return typed;
  throw new UsageError(
    `The password of ${account} is missing: type it, or give it on standard input`,
  );
}

async function giveRights(
  folders: readonly ServiceFolder[],
  account: string,
): Promise<FolderRights> {
  try {
    const id = await findAccountId(account);
    const isOfWindows = !hasPassword(account) && !account.endsWith("$");
    if (!isOfWindows) allowServiceLogon(id);
    return await setFolderRights(folders, { id, account });
  } catch (error) {
    return { done: [], failed: [`Cannot give ${account} its rights: ${messageOf(error)}`] };
  }
}

interface Installed extends FolderRights {
  readonly name: string;
  readonly isNew: boolean;
  readonly commandLine: string;
  readonly account: string;
  readonly config: string;
}

function tell(
  { name, isNew, commandLine, account, config, done, failed }: Installed,
  options: Options,
  terminal: Terminal,
): void {
  for (const line of failed) terminal.err(`${line}\n`);
  if (options.flag("json")) {
    const record = { name, created: isNew, commandLine, account, config, rights: done };
    terminal.out(`${JSON.stringify({ supervisor: "windows", ...record })}\n`);
    return;
  }
  const option = name === WINDOWS_SERVICE_NAME ? "" : ` --name ${commandLineWord(name)}`;
  const isRunning = !isNew && readServiceStatus(name).state !== "stopped";
  const seconds = RESTART_DELAYS_MS.map((delayMs) => delayMs / 1000).join(", ");
  terminal.out(
    [
      `${isNew ? "Installed" : "Changed"} the service "${name}":`,
      `  command   ${commandLine}`,
      `  account   ${account}`,
      `  starts    with Windows, a little after other services; after a crash in ${seconds} s`,
      ...done.map((line, index) => `  ${index === 0 ? "rights  " : "        "}  ${line}`),
      "",
      isRunning
        ? `It runs as it was before. To run it as it is now: storehook service stop${option}, ` +
          `then storehook service start${option}`
        : `Start it: storehook service start${option}`,
      "",
    ].join("\n"),
  );
}

/**
 * Stops a service of Windows and removes it.
 *
 * @param options The options of the command.
 * @param terminal Where it is told.
 * @returns The exit code.
 */
export async function uninstallOnWindows(options: Options, terminal: Terminal): Promise<number> {
  const name = options.text("name") ?? WINDOWS_SERVICE_NAME;
  return await orComplain(
    async () => {
      const left = await stopIfItCan(name);
      removeService(name);
      removeEventSource(name);
      const words = left === undefined ? "" : ` It goes once its process ${left} has ended.`;
      const record = { supervisor: "windows", name, removed: left === undefined };
      terminal.out(
        options.flag("json")
          ? `${JSON.stringify(record)}\n`
          : `Removed the service "${name}".${words} The config, the journal, the log and the rights on ` +
            "their folders stay.\n",
      );
      return 0;
    },
    { wanted: "uninstall", name },
    terminal,
  );
}

/** Stops a service; gives its process where it has one that does not obey. */
async function stopIfItCan(name: string): Promise<number | undefined> {
  let status = readServiceStatus(name);
  try {
    if (status.state !== "stopped") status = await stopAndWait(name);
  } catch (error) {
    if (!(error instanceof WindowsError) || error.code === SERVICE_ERRORS.accessDenied) throw error;
  }
  return status.state === "stopped" ? undefined : status.pid;
}
