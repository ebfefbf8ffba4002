import { UsageError } from "../terminal/terminal.ts";
import { folderOf, SERVICE_NAME, type ServicePlan, type Supervisor } from "./supervisor.ts";

const SYSTEM = "*S-1-5-18:(OI)(CI)F";
const ADMINISTRATORS = "*S-1-5-32-544:(OI)(CI)F";

/** WinSW, which runs a program as a service of Windows. */
export const winsw: Supervisor = {
  name: "winsw",
  // WinSW looks for the XML file that has its own name.
  file: (executable) => beside(executable, ".xml"),
  definition: winswXml,
  wrapper,
  comment: "rem ",
  copy: (from, executable) => `copy /y "${from}" "${beside(executable, ".xml")}"`,
  install,
  steps: {
    start: (executable) => [`"${wrapper(executable)}" start`],
    stop: (executable) => [`"${wrapper(executable)}" stop`],
    uninstall: (executable) => [
      `"${wrapper(executable)}" stop`,
      `"${wrapper(executable)}" uninstall`,
      `del "${beside(executable, ".xml")}"`,
      "rem The config and the journal stay.",
    ],
  },
};

function wrapper(executable: string): string {
  return beside(executable, ".exe");
}

function beside(executable: string, extension: string): string {
  return `${folderOf(executable).replace(/\\$/, "")}\\${SERVICE_NAME}-service${extension}`;
}

function install(plan: ServicePlan): readonly string[] {
  const { executable, config, journal, folders } = plan;
  const { sid } = serviceAccount(plan);
  const reader = `*${sid}:(OI)(CI)RX`;
  const writer = `*${sid}:(OI)(CI)M`;
  const closed = [...new Set([folderOf(executable), folderOf(config)])];
  const own = [...new Set([folderOf(journal), logFolderOf(config)])];
  return [
    "rem Only administrators change these folders, and the service reads them:",
    ...closed.map((folder) =>
      `icacls "${folder}" /inheritance:r /grant:r "${SYSTEM}" "${ADMINISTRATORS}" "${reader}"`
    ),
    "rem It writes the journal and its log:",
    ...own.flatMap((folder) => writable(folder, writer)),
    ...(folders.length === 0 ? [] : ["rem It writes here, too:"]),
    ...folders.flatMap((folder) => writable(folder, writer)),
    "rem The service:",
    `"${wrapper(executable)}" install`,
    `"${wrapper(executable)}" start`,
  ];
}

function writable(folder: string, writer: string): readonly string[] {
  return [
    `if not exist "${folder}" mkdir "${folder}"`,
    `icacls "${folder}" /grant "${writer}"`,
  ];
}

/**
 * Writes the definition of a service for WinSW, versions 2 and 3.
 *
 * WinSW ends with the exit code of the program, and Windows knows no code after which it would not
 * start again: so a config with a mistake is tried again, too, at last every ten minutes.
 *
 * @param plan What runs and what it touches.
 * @returns The text of the XML file.
 * @throws {UsageError} When a path holds a character that WinSW takes as something else, or a file
 * is in the root of a drive.
 */
export function winswXml(plan: ServicePlan): string {
  const { executable, config } = plan;
  for (const path of [executable, config]) refuse(path);
  // The steps close the folder to other users, which must not happen to a whole drive.
  for (const path of [executable, config]) refuseRoot(path);
  const { domain, user } = serviceAccount(plan);
  return `<?xml version="1.0" encoding="UTF-8"?>
<service>
  <id>${SERVICE_NAME}</id>
  <name>Storehook</name>
  <description>Answers the webhooks of uStore.</description>
  <executable>${escaped(executable)}</executable>
  <arguments>serve --config "${escaped(config)}"</arguments>
  <workingdirectory>${escaped(folderOf(config))}</workingdirectory>
  <startmode>Automatic</startmode>
  <delayedAutoStart>true</delayedAutoStart>
  <!-- Requests that are in are answered first. -->
  <stoptimeout>20 sec</stoptimeout>
  <onfailure action="restart" delay="10 sec"/>
  <onfailure action="restart" delay="1 min"/>
  <onfailure action="restart" delay="10 min"/>
  <resetfailure>1 hour</resetfailure>
  <logpath>${escaped(logFolderOf(config))}</logpath>
  <log mode="roll-by-size">
    <sizeThreshold>10240</sizeThreshold>
    <keepFiles>8</keepFiles>
  </log>
  <serviceaccount>
    <!-- The first two are for WinSW 2, the third is for WinSW 3. -->
    <domain>${domain}</domain>
    <user>${user}</user>
    <username>${domain}\\${user}</username>
  </serviceaccount>
</service>
`;
}

/**
 * Names the folder into which WinSW writes what the program logs.
 *
 * @param config The path of the config.
 * @returns The path of a folder beside it.
 */
function logFolderOf(config: string): string {
  return `${folderOf(config).replace(/\\$/, "")}\\logs`;
}

function refuse(path: string): void {
  const [found] = /["%]/.exec(path) ?? [];
  if (found === undefined) return;
  throw new UsageError(
    `Cannot write ${JSON.stringify(path)} for WinSW: it holds ${found}, which WinSW replaces`,
  );
}

function refuseRoot(path: string): void {
  if (!folderOf(path).endsWith("\\")) return;
  throw new UsageError(
    `Cannot make a service of ${JSON.stringify(path)}: wanted a file in a folder of its own`,
  );
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** An account of Windows without a password. */
interface ServiceAccount {
  readonly domain: string;
  readonly user: string;
  /** Its identifier, which is the same in every language of Windows. */
  readonly sid: string;
}

/**
 * Chooses the account of a service: the one with the fewest rights, but where a folder is on
 * another machine, the one that is known there as this machine.
 *
 * @param plan What the service touches.
 * @returns The account.
 */
function serviceAccount(
  { journal, folders }: Pick<ServicePlan, "journal" | "folders">,
): ServiceAccount {
  const isShared = [journal, ...folders].some((path) => path.startsWith("\\\\"));
  return isShared
    ? { domain: "NT AUTHORITY", user: "NetworkService", sid: "S-1-5-20" }
    : { domain: "NT AUTHORITY", user: "LocalService", sid: "S-1-5-19" };
}
