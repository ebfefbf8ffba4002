import {
  createEvaluationCache,
  type DecisionSettings,
  type EvaluationCache,
  RuleFailure,
  withoutValues,
} from "../../rules/cel/evaluation.ts";
import { compileExpression } from "../../rules/expression.ts";
import { reachOf } from "../../rules/reach/unreachable.ts";
import { EVENT_VOCABULARY, viewEvent } from "../../events/filter.ts";
import type { ReceivedEvent } from "../../events/event.ts";
import type { Endpoint, ForwardChoice } from "../../http/endpoint.ts";
import { log } from "../../observe/log.ts";
import type { Vocabulary } from "../../rules/vocabulary.ts";
import type { ReportMistake } from "../../rules/rules.ts";

/** One entry of an endpoint's `forward`: a destination's name, or one with a filter. */
export type ForwardSetting = string | { readonly to: string; readonly when: string };

/**
 * Compiles the destinations of an endpoint.
 *
 * @param entries What the config says.
 * @param path The endpoint's path, for the log.
 * @param report Takes each mistake in a filter; the path begins with `forward`.
 * @param settings What filters depend on beside an event, and where a warning goes.
 * @returns To which destinations an event goes. A filter that fails lets the event through: one
 * handed on in vain does less harm than one that is lost.
 */
export function compileForwarding(
  entries: readonly ForwardSetting[],
  path: string,
  report: ReportMistake,
  settings: Partial<DecisionSettings> & {
    readonly warn?: ReportMistake;
    readonly vocabulary?: Vocabulary;
  } = {},
): Pick<Endpoint, "forwardTo" | "weighForwards"> {
  const { vocabulary = EVENT_VOCABULARY } = settings;
  const compiled = entries.map((entry, index): CompiledEntry => {
    if (typeof entry === "string") return { to: entry, when: null, test: () => true };
    const { to, when } = entry;
    const expression = compileExpression(vocabulary, when);
    if (!("message" in expression)) {
      if (isNeverMet(vocabulary, expression.expanded)) {
        settings.warn?.(
          ["forward", index, "when"],
          NEVER_MET,
          "Correct the filter, or take it out",
        );
      }
      return { to, when: expression.expanded, test: expression.test };
    }
    const { message, line, column, hint } = expression;
    const place = line === 1 ? `Column ${column}` : `Line ${line}, column ${column}`;
    report(["forward", index, "when"], `${place}: ${message}`, hint);
    return { to, when, test: () => false };
  });

  function weighForwards(event: ReceivedEvent): readonly ForwardChoice[] {
    const context = { event: viewEvent(event) };
    const cache = createEvaluationCache(settings);
    return compiled.map((entry) => weigh(entry, context, cache));
  }

  return {
    weighForwards,
    forwardTo(event) {
      const chosen = weighForwards(event).filter(({ goes }) => goes);
      for (const { destination, failure } of chosen) {
        if (failure === undefined) continue;
        log.warn(
          "The filter of {endpoint} for {destination} failed, so the event goes there: {reason}",
          { endpoint: path, destination, reason: withoutValues(failure) },
        );
      }
      return chosen.map(({ destination }) => destination);
    },
  };
}

const NEVER_MET = "nothing can meet this filter, so nothing goes there";

/** A filter that may fail lets events through, so it has to be false whatever comes. */
function isNeverMet(vocabulary: Vocabulary, when: string): boolean {
  const opposite = compileExpression(vocabulary, `!(${when}\n)`);
  return "ast" in opposite &&
    !reachOf(vocabulary, [{ name: "", when: opposite }]).leavesSome;
}

interface CompiledEntry {
  readonly to: string;
  readonly when: string | null;
  readonly test: (context: object, cache: EvaluationCache) => boolean;
}

function weigh(
  { to, when, test }: CompiledEntry,
  context: object,
  cache: EvaluationCache,
): ForwardChoice {
  try {
    return { destination: to, goes: test(context, cache), when };
  } catch (error) {
    if (!(error instanceof RuleFailure)) throw error;
    return { destination: to, goes: true, when, failure: error.reason };
  }
}
