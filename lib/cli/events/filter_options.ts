import type { EventFilter } from "../../journal/events.ts";
import { readSpan, readTexts } from "../records/time_options.ts";
import type { Options } from "../terminal/options.ts";

/**
 * Reads the options that choose events.
 *
 * @param options The command's arguments.
 * @returns The filter.
 */
export function readEventFilter(options: Options): EventFilter {
  return {
    ...readTexts(options, ["endpoint", "source", "type", "subject", "text"]),
    ...readSpan(options),
    ...(options.flag("warnings") ? { withWarnings: true } : {}),
  };
}
