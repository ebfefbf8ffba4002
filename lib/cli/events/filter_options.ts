import type { EventFilter } from "../../journal/events.ts";
import { readSpan, readTexts, TIME_OPTIONS, timeHelp } from "../records/time_options.ts";
import type { OptionNames, Options } from "../terminal/options.ts";

const TEXTS = ["endpoint", "source", "type", "subject", "text"] as const;

/** The options that choose events. */
export const EVENT_OPTIONS = {
  text: [...TEXTS, ...TIME_OPTIONS],
  flags: ["warnings"],
} as const satisfies OptionNames;

/** What `--help` says about them. */
export const EVENT_HELP = `  --endpoint PATH   only of this endpoint, e.g. /emporix
  --source S        only of this source: emporix, ultracart, webhooks
  --type T          only of this type, e.g. cart.created
  --subject S       only about this, e.g. cart/5c9a
${
  timeHelp("received")
}  --text T          that holds T in the payload, the subject or the key; a-z match A-Z
  --warnings        only those with warnings
`;

/**
 * Reads the options that choose events.
 *
 * @param options The command's arguments.
 * @param now What counts as now, in milliseconds since the epoch.
 * @returns The filter.
 * @throws {UsageError} When a time can't be read.
 */
export function readEventFilter(options: Options, now: number = Date.now()): EventFilter {
  return {
    ...readTexts(options, TEXTS),
    ...readSpan(options, now),
    ...(options.flag("warnings") ? { withWarnings: true } : {}),
  };
}
