import type { Command } from "../terminal/command.ts";
import { parseOptions } from "../terminal/options.ts";
import { SERVICE_OPTIONS_HELP, whichService, writeSteps } from "./options.ts";
import type { ServiceAction } from "./supervisor.ts";

/** `storehook service start`. */
export const serviceStartCommand: Command = stepsCommand("start", "starts");

/** `storehook service stop`. */
export const serviceStopCommand: Command = stepsCommand("stop", "stops");

/** `storehook service uninstall`. */
export const serviceUninstallCommand: Command = stepsCommand("uninstall", "removes");

/** The program cannot start others, and so prints what an administrator runs. */
function stepsCommand(action: Exclude<ServiceAction, "install">, does: string): Command {
  return {
    name: `service ${action}`,
    summary: `the command that ${does} the service`,
    help: `Usage: storehook service ${action}

Prints what ${does} the service, for an administrator to run: the program cannot start others.
On Linux, both at once:  storehook service ${action} | sudo sh

Options:
${SERVICE_OPTIONS_HELP}

Exit codes: 0 printed, 2 wrong usage
`,
    run(args, terminal) {
      const options = parseOptions(args, { text: ["executable", "for"] });
      const { supervisor, executable } = whichService(options);
      const said = ["Run as an administrator:"];
      writeSteps(supervisor, said, supervisor.steps[action](executable), terminal);
      return Promise.resolve(0);
    },
  };
}
