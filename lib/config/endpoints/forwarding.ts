import { compileExpression } from "../../decide/expression.ts";
import { RuleFailure, withoutValues } from "../../decide/rule_failure.ts";
import { EVENT_VOCABULARY, viewEvent } from "../../events/filter.ts";
import type { Endpoint } from "../../http/endpoint.ts";
import { log } from "../../observe/log.ts";
import type { ReportMistake } from "../../decide/rules.ts";

/** One entry of an endpoint's `forward`: a destination's name, or one with a filter. */
export type ForwardEntry = string | { readonly to: string; readonly when: string };

/**
 * Compiles the destinations of an endpoint.
 *
 * @param entries What the config says.
 * @param path The endpoint's path, for the log.
 * @param report Takes each mistake in a filter; the path begins with `forward`.
 * @returns To which destinations an event goes. A filter that fails lets the event through: one
 * handed on in vain does less harm than one that is lost.
 */
export function compileForwarding(
  entries: readonly ForwardEntry[],
  path: string,
  report: ReportMistake,
): Endpoint["forwardTo"] {
  const compiled = entries.map((entry, index) => {
    if (typeof entry === "string") return { to: entry, test: () => true };
    const expression = compileExpression(EVENT_VOCABULARY, entry.when);
    if (!("message" in expression)) return { to: entry.to, test: expression.test };
    const { message, line, column, hint } = expression;
    const place = line === 1 ? `Column ${column}` : `Line ${line}, column ${column}`;
    report(["forward", index, "when"], `${place}: ${message}`, hint);
    return { to: entry.to, test: () => false };
  });
  return (event) => {
    const context = { event: viewEvent(event) };
    return compiled.filter(({ to, test }) => {
      try {
        return test(context);
      } catch (error) {
        if (!(error instanceof RuleFailure)) throw error;
        log.warn(
          "The filter of {endpoint} for {destination} failed, so the event goes there: {reason}",
          {
            endpoint: path,
            destination: to,
            reason: withoutValues(error.reason),
          },
        );
        return true;
      }
    }).map(({ to }) => to);
  };
}
