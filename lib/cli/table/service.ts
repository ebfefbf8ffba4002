import type { ChoiceOption, CommandEntry, OptionSpec, TextOption } from "../terminal/table.ts";
import { CONFIG, JSON_LINE, loadHandlers } from "./shared.ts";

const SERVICE_CONFIG: TextOption = { ...CONFIG, help: 'the config; else as "check" finds it' };

const FOR: ChoiceOption = {
  kind: "one-of",
  name: "for",
  value: "SUPERVISOR",
  choices: ["systemd", "winsw"],
  help: "systemd or winsw (default: the one of this system)",
  refuse: "Unknown supervisor",
};

const WHICH: readonly OptionSpec[] = [
  {
    kind: "text",
    name: "executable",
    value: "FILE",
    isFile: true,
    help: "the program that runs as a service (default: this one)",
  },
  FOR,
];

/** `storehook service install`. */
export const serviceInstallEntry: CommandEntry = {
  name: "service install",
  summary: "writes the definition of a service, and prints the commands to run",
  about: `Writes the definition of a service that runs this config, and prints the commands that
install and start it, for an administrator to run: the program cannot start others. The config must
be without mistakes. On Linux, both at once:

  sudo storehook service install | sudo sh`,
  options: [
    SERVICE_CONFIG,
    {
      kind: "text",
      name: "to",
      value: "FILE",
      isFile: true,
      help: "where the definition is written (default: where the supervisor looks for it)",
    },
    { kind: "flag", name: "replace", help: "replace a definition that is another" },
    { ...JSON_LINE, help: "what was written and the commands, as one line of JSON" },
    ...WHICH,
  ],
  exits: {
    0: "written",
    1: "it cannot be written, or the wrapper of Windows is missing",
    2: "wrong usage or config",
  },
  load: async () =>
    (await import("../service/service.ts")).serviceInstallCommand(await loadHandlers()),
};

/** `storehook service status`. */
export const serviceStatusEntry: CommandEntry = {
  name: "service status",
  summary: "whether the service is installed, and whether its server is ready",
  about: `Tells whether the definition of the service is in its place, and asks the server of this
config whether it is ready: the one that runs, also where its config names another port by now.`,
  options: [SERVICE_CONFIG, JSON_LINE, ...WHICH],
  exits: { 0: "it is ready", 1: "it is not", 2: "wrong usage or config" },
  load: async () =>
    (await import("../service/service.ts")).serviceStatusCommand(await loadHandlers()),
};

function stepsEntry(
  action: "start" | "stop" | "uninstall",
  does: string,
): Omit<CommandEntry, "load"> {
  return {
    name: `service ${action}`,
    summary: `the command that ${does} the service`,
    about: `Prints what ${does} the service, for an administrator to run: the program cannot start
others. On Linux, both at once:

  storehook service ${action} | sudo sh`,
    options: [...WHICH, { ...JSON_LINE, help: "the commands as one line of JSON" }],
    exits: { 0: "printed", 2: "wrong usage" },
  };
}

/** `storehook service start`. */
export const serviceStartEntry: CommandEntry = {
  ...stepsEntry("start", "starts"),
  load: async () => (await import("../service/service.ts")).serviceStartCommand,
};

/** `storehook service stop`. */
export const serviceStopEntry: CommandEntry = {
  ...stepsEntry("stop", "stops"),
  load: async () => (await import("../service/service.ts")).serviceStopCommand,
};

/** `storehook service uninstall`. */
export const serviceUninstallEntry: CommandEntry = {
  ...stepsEntry("uninstall", "removes"),
  load: async () => (await import("../service/service.ts")).serviceUninstallCommand,
};

/** `storehook service print`. */
export const servicePrintEntry: CommandEntry = {
  name: "service print",
  summary: "the definition of a service, on standard output",
  about: "Prints the definition of a service that runs this config, and writes nothing.",
  options: [
    SERVICE_CONFIG,
    { ...JSON_LINE, help: "the definition and where it belongs, as one line of JSON" },
    ...WHICH,
  ],
  exits: { 0: "printed", 2: "wrong usage or config" },
  load: async () =>
    (await import("../service/service.ts")).servicePrintCommand(await loadHandlers()),
};
