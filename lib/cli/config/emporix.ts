import { CART_EVENT_TYPES, eventsConfiguration } from "../../../handlers/emporix/event_type.ts";
import type { Options } from "../terminal/table.ts";
import { type Terminal, UsageError } from "../terminal/terminal.ts";

/** `storehook emporix config`. */
// deno-lint-ignore require-await -- so that what is thrown becomes a rejection
export async function emporixConfigCommand(options: Options, terminal: Terminal): Promise<number> {
  const types = options.text("events")?.split(",") ?? CART_EVENT_TYPES;
  const configuration = configure(options.need("to"), types);
  terminal.out(`${JSON.stringify(configuration, null, options.flag("json") ? 0 : 2)}\n`);
  return 0;
}

function configure(url: string, types: readonly string[]) {
  try {
    return eventsConfiguration(url, types);
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}
