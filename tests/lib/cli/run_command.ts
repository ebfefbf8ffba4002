import type { Terminal } from "../../../lib/cli/terminal/terminal.ts";
import { parseOptions } from "../../../lib/cli/terminal/options.ts";
import type { CommandSpec, RunCommand } from "../../../lib/cli/terminal/table.ts";

/** A command that a test runs. */
export interface Runnable {
  /** Runs it with what follows its name, and gives the exit code. */
  run(args: readonly string[], terminal: Terminal): Promise<number>;
}

/**
 * Makes a command run as the command line does, but that what is said of wrong usage is thrown.
 *
 * @param spec What it takes.
 * @param run What it does.
 */
export function runnable(spec: CommandSpec, run: RunCommand): Runnable {
  return {
    run: async (args, terminal) => await run(parseOptions(args, spec), terminal),
  };
}
