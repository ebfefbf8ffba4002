import { bold, dim, green, yellow } from "@std/fmt/colors";
import type { ReceivedEvent } from "../../events/event.ts";
import type { Endpoint, ForwardChoice } from "../../http/endpoint.ts";
import { valuesRead } from "../../rules/evidence.ts";
import type { ReadValue } from "../../rules/cel/evaluation.ts";
import { compileValue } from "../../rules/expression.ts";
import { EVENT_VOCABULARY, viewEvent } from "../../events/filter.ts";
import { isoOrNull, nameOfType } from "../../console/queries/records.ts";
import { describeFacts, type Fact } from "../records/layout.ts";
import { formatExactTimestamp } from "../../util/timestamp.ts";
import { describeRead } from "./why.ts";
import { printable } from "../terminal/format.ts";

/** An event that was found in a body, with where it would go, and why. */
export interface ExplainedEvent extends Omit<ReceivedEvent, "payload"> {
  readonly payloadBytes: number;
  readonly forwards: readonly ExplainedForward[];
}

/** Whether it would go to a destination, with what the filter read of it. */
interface ExplainedForward extends ForwardChoice {
  readonly values?: readonly ReadValue[];
}

/**
 * Explains what would become of events.
 *
 * @param events The events that were found in a body.
 * @param endpoint The endpoint that found them.
 * @returns The events with where they would go.
 */
export function explainEvents(
  events: readonly ReceivedEvent[],
  endpoint: Pick<Endpoint, "weighForwards">,
): readonly ExplainedEvent[] {
  return events.map((event) => {
    const { payload, ...rest } = event;
    const forwards = endpoint.weighForwards(event).map((choice) => explainForward(choice, event));
    return { ...rest, payloadBytes: payload.length, forwards };
  });
}

function explainForward(choice: ForwardChoice, event: ReceivedEvent): ExplainedForward {
  const filter = choice.when === null ? undefined : compileValue(EVENT_VOCABULARY, choice.when);
  if (filter === undefined || "message" in filter) return choice;
  return { ...choice, values: valuesRead([filter], { event: viewEvent(event) }) };
}

/**
 * Turns an event into what machines read of it: times in ISO 8601, in UTC.
 *
 * @param event The event.
 * @returns An object to be written as JSON.
 */
export function explainedEventRecord({ occurredAt, ...event }: ExplainedEvent) {
  return { ...event, occurredAt: isoOrNull(occurredAt) };
}

/**
 * Shows events and where they would go. In colour when colours are on.
 *
 * @param events The events.
 * @returns Lines, with an empty one behind each event.
 */
export function describeExplainedEvents(events: readonly ExplainedEvent[]): string[] {
  if (events.length === 0) return ["No event", ""];
  return events.flatMap((event, index) => [
    bold(`Event ${index + 1}: ${printable(nameOfType(event))}`),
    ...describeFacts([
      ["source", printable(event.source)],
      ["subject", printable(event.subject) || "-"],
      ["key", printable(event.key)],
      ["happened", event.occurredAt === null ? "-" : formatExactTimestamp(event.occurredAt)],
      ...event.warnings.map((warning): Fact => ["warning", yellow(printable(warning))]),
      ...describeForwards(event.forwards),
    ]),
    "",
  ]);
}

function describeForwards(forwards: readonly ExplainedForward[]): readonly Fact[] {
  if (forwards.length === 0) return [["goes to", dim('nowhere: the endpoint has no "forward"')]];
  return forwards.flatMap(({ destination, goes, when, failure, values = [] }): readonly Fact[] => {
    const name = printable(destination);
    const why = describeWhy(when, failure);
    return [
      goes ? ["goes to", `${green(name)}${why}`] : ["not to", `${dim(name)}${why}`],
      ...values.map((value): Fact => ["", `  ${describeRead(value)}`]),
    ];
  });
}

function describeWhy(when: string | null, failure: string | undefined): string {
  if (when === null) return "";
  const filter = `by its filter ${printable(when)}`;
  return failure === undefined
    ? `, ${filter}`
    : `, ${filter}, which failed and so lets it through: ${printable(failure)}`;
}
