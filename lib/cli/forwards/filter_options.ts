import { FORWARD_STATES } from "../table/forwards.ts";
import type { ForwardFilter } from "../../journal/forwards.ts";
import { readSpan, readTexts } from "../records/time_options.ts";
import type { Options } from "../terminal/options.ts";

/**
 * Reads the options that choose forwards.
 *
 * @param options The command's arguments.
 * @returns The filter.
 */
export function readForwardFilter(options: Options): ForwardFilter {
  const text = options.text("state");
  const state = FORWARD_STATES.find((name) => name === text);
  return {
    ...(state === undefined ? {} : { state }),
    ...readTexts(options, ["destination"]),
    ...readSpan(options),
  };
}
