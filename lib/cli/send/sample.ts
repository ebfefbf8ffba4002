import type { Handler } from "../../../handlers/handler.ts";
import { needHandler } from "../explain/which_handler.ts";
import type { RunCommand } from "../terminal/table.ts";

/**
 * `storehook sample`: prints a document to begin with.
 *
 * @param handlers The kinds that have one.
 */
export function sampleCommand(handlers: readonly Handler[]): RunCommand {
  // deno-lint-ignore require-await -- so that what is thrown becomes a rejection
  return async (options, terminal) => {
    const { sample } = needHandler(handlers, options.words[0] ?? "");
    terminal.out(`${JSON.stringify(sample.request, null, options.flag("json") ? 0 : 2)}\n`);
    return 0;
  };
}
