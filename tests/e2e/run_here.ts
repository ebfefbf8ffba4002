import { main } from "../../lib/cli/mod.ts";
import { fakeTerminal } from "../lib/cli/fake_terminal.ts";
import type { Ran } from "./program.ts";

/**
 * Runs a command to its end in this process, where it is not the process that is tested: that takes
 * a tenth of a start. What looks through all variables of the environment needs a process.
 *
 * @param args The command line.
 * @param world Its standard input and environment; nothing of that of the tests reaches it.
 */
export async function runHere(
  args: readonly string[],
  world: {
    readonly stdin?: string;
    readonly env?: Readonly<Record<string, string>>;
  } = {},
): Promise<Ran> {
  const terminal = fakeTerminal(world);
  const code = await main(args, terminal);
  return { code, stdout: terminal.output(), stderr: terminal.errors() };
}
