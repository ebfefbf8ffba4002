import type { Handler } from "../../../handlers/handler.ts";
import type { Command } from "../terminal/command.ts";
import { parseOptions } from "../terminal/options.ts";
import { listKinds, needHandler } from "../explain/which_handler.ts";

/**
 * `storehook sample`: prints a document to begin with.
 *
 * @param handlers The kinds that have one.
 */
export function sampleCommand(handlers: readonly Handler[]): Command {
  return {
    name: "sample",
    summary:
      'a document of a kind, to change and try: what "send" and "explain" use without --body',
    help: `Usage: storehook sample KIND

Prints the example of a kind, the vendor's own where there is one, as "send" sends it and "explain"
decides it without --body.

KIND is one of:
${listKinds(handlers)}

Examples:
  storehook sample ustore.order-approval > order.json
  storehook explain ustore.order-approval --body order.json

Exit codes: 0 fine, 2 wrong usage
`,
    // deno-lint-ignore require-await -- so that what is thrown becomes a rejection
    async run(args, terminal) {
      const options = parseOptions(args, { words: ["KIND"] });
      const { sample } = needHandler(handlers, options.words[0] ?? "");
      terminal.out(`${JSON.stringify(sample.request, null, 2)}\n`);
      return 0;
    },
  };
}
