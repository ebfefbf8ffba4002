import type { ChoiceOption, CommandEntry, OptionSpec, TextOption } from "../terminal/table.ts";
import { CONFIG, JSON_LINE, loadHandlers } from "./shared.ts";

const SERVICE_CONFIG: TextOption = { ...CONFIG, help: 'the config; else as "check" finds it' };

const NAME: TextOption = {
  kind: "text",
  name: "name",
  value: "NAME",
  help: "which service of Windows, where there are several (default: Storehook)",
  pattern: /^[\w][\w .-]{0,79}$/,
  refuse: "Cannot name a service",
  wanted: "letters, digits, blanks, dots and dashes, 80 at most",
};

const FOR: ChoiceOption = {
  kind: "one-of",
  name: "for",
  value: "SUPERVISOR",
  choices: ["systemd", "windows", "winsw"],
  help: "systemd, windows or winsw (default: the one of this system)",
  refuse: "Unknown supervisor",
  wanted: "systemd, windows or winsw",
};

const WHICH: readonly OptionSpec[] = [
  NAME,
  {
    kind: "text",
    name: "executable",
    value: "FILE",
    isFile: true,
    help: "the program that runs as a service (default: this one)",
  },
  FOR,
];

const ACCOUNT: TextOption = {
  kind: "text",
  name: "account",
  value: "ACCOUNT",
  help: "under which a service of Windows runs: NAME, DOMAIN\\NAME, LocalService, NetworkService " +
    "or LocalSystem; its password is asked for (default: an account of its own, NT SERVICE\\NAME)",
};

/** `storehook service install`. */
export const serviceInstallEntry: CommandEntry = {
  name: "service install",
  usesWindows: true,
  summary: "installs the service on Windows; on Linux, what does",
  about: `On Windows it installs a service that runs this config, or changes the one of that name:
it starts with Windows and after a crash, and its account gets the rights on its folders. Elsewhere
it writes the definition of a service and prints the commands that install and start it, for an
administrator to run: the program cannot start others. The config must be without mistakes. On
Linux, both at once:

  sudo storehook service install | sudo sh`,
  options: [
    SERVICE_CONFIG,
    ACCOUNT,
    {
      kind: "flag",
      name: "keep-rights",
      help: "leave the rights on folders of Windows as they are",
    },
    {
      kind: "text",
      name: "to",
      value: "FILE",
      isFile: true,
      help: "where the definition is written (default: where the supervisor looks for it)",
    },
    { kind: "flag", name: "replace", help: "replace a definition that is another" },
    { ...JSON_LINE, help: "what was done and the commands, as one line of JSON" },
    ...WHICH,
  ],
  exits: {
    0: "installed or written",
    1: "it cannot be installed or written, some rights could not be given, or WinSW is missing",
    2: "wrong usage or config",
  },
  load: async () =>
    (await import("../service/service.ts")).serviceInstallCommand(await loadHandlers()),
};

/** `storehook service status`. */
export const serviceStatusEntry: CommandEntry = {
  name: "service status",
  usesWindows: true,
  summary: "whether the service is installed and runs, and whether its server is ready",
  about: `Tells whether the service is installed and how it stands: on Windows its state, process,
exit code, account and command line. Then it asks the server of its config whether it is ready: the
one that runs, also where its config names another port by now.`,
  options: [
    { ...SERVICE_CONFIG, help: "the config; else that of the service" },
    JSON_LINE,
    ...WHICH,
  ],
  exits: { 0: "it is ready", 1: "it is not, or not installed", 2: "wrong usage or config" },
  load: async () =>
    (await import("../service/status.ts")).serviceStatusCommand(await loadHandlers()),
};

function stepsEntry(
  action: "start" | "stop" | "uninstall",
  does: string,
  onWindows: string,
): Omit<CommandEntry, "load"> {
  return {
    name: `service ${action}`,
    usesWindows: true,
    summary: `${does} the service on Windows; on Linux, what does`,
    about: `On Windows it ${does} the service${onWindows}. Elsewhere it prints what ${does} it, for
an administrator to run: the program cannot start others. On Linux, both at once:

  storehook service ${action} | sudo sh`,
    options: [...WHICH, {
      ...JSON_LINE,
      help: "what was done or the commands, as one line of JSON",
    }],
    exits: { 0: "done or printed", 1: "it cannot be done", 2: "wrong usage" },
  };
}

/** `storehook service start`. */
export const serviceStartEntry: CommandEntry = {
  ...stepsEntry("start", "starts", " and waits until it listens"),
  load: async () => (await import("../service/service.ts")).serviceStartCommand,
};

/** `storehook service stop`. */
export const serviceStopEntry: CommandEntry = {
  ...stepsEntry("stop", "stops", ": requests that are in are answered first"),
  load: async () => (await import("../service/service.ts")).serviceStopCommand,
};

/** `storehook service uninstall`. */
export const serviceUninstallEntry: CommandEntry = {
  ...stepsEntry("uninstall", "removes", ", stopped first; config, journal and log stay"),
  load: async () => (await import("../service/service.ts")).serviceUninstallCommand,
};

/** `storehook service run`. */
export const serviceRunEntry: CommandEntry = {
  name: "service run",
  usesWindows: true,
  summary: "what Windows starts as the service",
  about: `Serves the config as a service of Windows does: started and stopped by Windows, which
"service install" tells how. By hand, use "serve"; elsewhere than on Windows this is the same.`,
  options: [SERVICE_CONFIG, NAME],
  exits: {
    0: "stopped",
    1: "it cannot listen, or Windows has not started it",
    2: "wrong usage or config",
  },
  load: async () => (await import("../service/run.ts")).serviceRunCommand(await loadHandlers()),
};

/** `storehook service print`. */
export const servicePrintEntry: CommandEntry = {
  name: "service print",
  summary: "the definition of a service, on standard output",
  about: `Prints the definition of a service that runs this config, and writes nothing: a unit of
systemd, the XML of WinSW, or for Windows the commands that "install" stands in for.`,
  options: [
    SERVICE_CONFIG,
    ACCOUNT,
    { ...JSON_LINE, help: "the definition and where it belongs, as one line of JSON" },
    ...WHICH,
  ],
  exits: { 0: "printed", 2: "wrong usage or config" },
  load: async () =>
    (await import("../service/service.ts")).servicePrintCommand(await loadHandlers()),
};
