import { folderOf } from "../folder_of.ts";
import type { ServicePlan } from "../plan.ts";
import { SERVICE_NAME, type Supervisor } from "../supervisor.ts";
import { serviceAccount } from "./account.ts";
import { logFolderOf, winswXml } from "./xml.ts";

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
