/** What each kind of webhook gives by itself: a document to begin with, and how Emporix is told of an endpoint. */
import type { Handler } from "../../../handlers/handler.ts";
import { nearest } from "../../util/words.ts";
import type { Options, RunCommand } from "../terminal/table.ts";
import { type Terminal, UsageError } from "../terminal/terminal.ts";
import { CART_EVENT_TYPES, eventsConfiguration } from "../../../handlers/emporix/event_type.ts";

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

/**
 * Finds a handler by what the user calls it.
 *
 * @param handlers All handlers.
 * @param kind The kind, e.g. `ustore.order-approval`.
 * @throws {UsageError} When there is none of that kind; it names the nearest one or all.
 */
export function needHandler(handlers: readonly Handler[], kind: string): Handler {
  const handler = handlers.find((candidate) => candidate.kind === kind);
  if (handler !== undefined) return handler;
  const kinds = handlers.map((candidate) => candidate.kind);
  const near = nearest(kind, kinds);
  throw new UsageError(
    `Unknown kind "${kind}", ${
      near === undefined ? `wanted one of ${kinds.join(", ")}` : `did you mean "${near}"?`
    }`,
  );
}

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
