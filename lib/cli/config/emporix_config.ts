import { CART_EVENT_TYPES, eventsConfiguration } from "../../../handlers/emporix/names.ts";
import { type Command, UsageError } from "../terminal/command.ts";
import { parseOptions } from "../terminal/options.ts";

/** `storehook emporix config`. */
export const emporixConfigCommand: Command = {
  name: "emporix config",
  summary: 'writes the "eventsConfiguration" of Emporix, a URL for each event type',
  help: `Usage: storehook emporix config --to URL [--events TYPE,TYPE,…]

Writes the value of "eventsConfiguration" in the configuration of Emporix's HTTP provider: each event
type gets a URL of its own below the endpoint's, since the body of an event does not say its type.
Everything else of the configuration, its secret key above all, stays as it is.

Options:
  --to URL        the endpoint's public URL, e.g. https://hooks.example/emporix
  --events T,T    the event types, e.g. cart.created,order.created (default: the seven cart events)

Example:
  storehook emporix config --to https://hooks.example/emporix --events cart.created,cart.closed

Exit codes: 0 fine, 2 wrong usage
`,
  // deno-lint-ignore require-await -- so that what is thrown becomes a rejection
  async run(args, terminal) {
    const options = parseOptions(args, { text: ["to", "events"] });
    const url = options.text("to");
    if (url === undefined) throw new UsageError("--to URL is missing");
    const types = options.text("events")?.split(",") ?? CART_EVENT_TYPES;
    terminal.out(`${JSON.stringify(configure(url, types), null, 2)}\n`);
    return 0;
  },
};

function configure(url: string, types: readonly string[]) {
  try {
    return eventsConfiguration(url, types);
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}
