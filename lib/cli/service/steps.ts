import type { RunCommand } from "../terminal/table.ts";
import { whichService, writeSteps } from "./options.ts";
import type { ServiceAction } from "./supervisor.ts";

/** `storehook service start`. */
export const serviceStartCommand: RunCommand = stepsCommand("start");

/** `storehook service stop`. */
export const serviceStopCommand: RunCommand = stepsCommand("stop");

/** `storehook service uninstall`. */
export const serviceUninstallCommand: RunCommand = stepsCommand("uninstall");

/** The program cannot start others, and so prints what an administrator runs. */
function stepsCommand(action: Exclude<ServiceAction, "install">): RunCommand {
  // deno-lint-ignore require-await -- so that what is thrown becomes a rejection
  return async (options, terminal) => {
    const { supervisor, executable } = whichService(options);
    const commands = supervisor.steps[action](executable);
    if (options.flag("json")) {
      terminal.out(`${JSON.stringify({ supervisor: supervisor.name, commands })}\n`);
    } else writeSteps(supervisor, ["Run as an administrator:"], commands, terminal);
    return 0;
  };
}
