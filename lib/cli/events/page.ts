import { bold, dim, yellow } from "@std/fmt/colors";
import type { KeptEvent } from "../../journal/events.ts";
import type { ForwardDetails } from "../../journal/forwards.ts";
import { formatCount, printable } from "../terminal/format.ts";
import { describeAttempts, describeState } from "../forwards/page.ts";
import { describeContent } from "../records/describe_content.ts";
import { describeFacts, type Fact } from "../records/facts.ts";
import { formatExactTimestamp } from "../terminal/timestamp.ts";
import { nameOfType } from "./table.ts";

/**
 * Shows all of an event, and what became of it. In colour when colours are on.
 *
 * @param event The event.
 * @param forwards Its forwards.
 * @returns Lines.
 */
export function describeEvent(event: KeptEvent, forwards: readonly ForwardDetails[]): string[] {
  const { id, warnings, payload } = event;
  return [
    bold(`Event ${id}`),
    ...describeFacts(factsOf(event)),
    ...(warnings.length === 0 ? [] : [
      "",
      bold("Warnings"),
      ...warnings.map((warning) => yellow(`  ${printable(warning)}`)),
    ]),
    "",
    `${bold("Payload")} (${formatCount(payload.length, "byte")})`,
    ...describeContent(payload),
    "",
    bold("Forwards"),
    ...(forwards.length === 0
      ? ["  none: no destination of its endpoint wanted it"]
      : forwards.flatMap(describeForward)),
  ];
}

function factsOf(event: KeptEvent): readonly Fact[] {
  const { subject, occurredAt, duplicates, lastSeenAt, erasedAt } = event;
  return [
    ["type", printable(nameOfType(event))],
    ["subject", printable(subject) || "-"],
    ["source", `${printable(event.source)}, by ${printable(event.endpoint)}`],
    ["received", formatExactTimestamp(event.receivedAt)],
    ["happened", occurredAt === null ? "not said" : formatExactTimestamp(occurredAt)],
    ["came again", duplicates === 0 ? "no" : cameAgain(duplicates, lastSeenAt)],
    ["key", printable(event.key)],
    ["delivery", event.deliveryId],
    ...(erasedAt === null ? [] : [["erased", formatExactTimestamp(erasedAt)] as const]),
  ];
}

function cameAgain(duplicates: number, lastSeenAt: number): string {
  const times = formatCount(duplicates, "time");
  return `${times}, at last ${formatExactTimestamp(lastSeenAt)}; kept and forwarded once`;
}

function describeForward(forward: ForwardDetails): string[] {
  const name = printable(forward.destination);
  return [
    `  ${name}: ${describeState(forward)}  ${dim(forward.id)}`,
    ...describeAttempts(forward.history).map((line) => `  ${line}`),
  ];
}
