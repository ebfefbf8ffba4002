import type { ForwardState } from "../../forward/outbox.ts";
import type { ForwardFilter } from "../../journal/forwards.ts";
import { UsageError } from "../terminal/command.ts";
import { readSpan, readTexts, TIME_OPTIONS, timeHelp } from "../records/time_options.ts";
import type { OptionNames, Options } from "../terminal/options.ts";

const STATES: readonly ForwardState[] = ["waiting", "delivered", "failed", "cancelled"];

/** The options that choose forwards. */
export const FORWARD_OPTIONS = {
  text: ["state", "destination", ...TIME_OPTIONS],
} as const satisfies OptionNames;

/** What `--help` says about them, but for the state. */
export const FORWARD_HELP = `  --destination D   only to this destination, by its name in the config
${timeHelp("came in")}`;

/**
 * Reads the options that choose forwards.
 *
 * @param options The command's arguments.
 * @param states The states that may be asked for.
 * @param now What counts as now, in milliseconds since the epoch.
 * @returns The filter.
 * @throws {UsageError} When a state or a time can't be read.
 */
export function readForwardFilter(
  options: Options,
  states: readonly ForwardState[] = STATES,
  now: number = Date.now(),
): ForwardFilter {
  const text = options.text("state");
  const state = states.find((name) => name === text);
  if (text !== undefined && state === undefined) {
    throw new UsageError(`Cannot read --state "${text}": wanted ${states.join(", ")}`);
  }
  return {
    ...(state === undefined ? {} : { state }),
    ...readTexts(options, ["destination"]),
    ...readSpan(options, now),
  };
}
