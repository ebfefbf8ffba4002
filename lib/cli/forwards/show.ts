import { bold, dim, green, red } from "@std/fmt/colors";
import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import type { Attempt } from "../../forward/outbox.ts";
import { ATTEMPTS_KEPT, type ForwardStatus } from "../../journal/forward_status.ts";
import type { ForwardDetails, ForwardSummary } from "../../journal/forwards.ts";
import { nameOfType } from "../events/look.ts";
import { describeFacts } from "../records/layout.ts";
import { type Finding, runShow, type Showing } from "../records/show.ts";
import { formatCount, printable, programName } from "../terminal/format.ts";
import type { RunCommand } from "../terminal/table.ts";
import { formatExactTimestamp } from "../terminal/timestamp.ts";
import { describeForwards, forwardRecord, paintOfState } from "./look.ts";

/**
 * Makes `storehook forwards show`.
 *
 * @param kinds The kinds that endpoints may have.
 */
export function forwardsShowCommand(kinds: readonly EndpointKind[]): RunCommand {
  const showing: Showing<ForwardSummary, ForwardDetails> = {
    ...forwardFinding,
    kinds,
    get: async (journal, id) => await journal.outbox.get(id),
    page: describeForward,
    record: forwardRecord,
  };
  return (options, terminal) => runShow(showing, options, terminal);
}

/** How a forward is found by its id. */
export const forwardFinding: Finding<ForwardSummary> = {
  name: "forward",
  readPage: (journal) => async (part) => {
    const { forwards, next } = await journal.outbox.list(part);
    return { rows: forwards, next };
  },
  describe: describeForwards,
};

/**
 * Shows all of a forward. In colour when colours are on.
 *
 * @param forward The forward.
 * @returns Lines.
 */
function describeForward(forward: ForwardDetails): string[] {
  const { id, event, history, attempts } = forward;
  const kept = attempts > history.length ? `, of which the last ${ATTEMPTS_KEPT} are kept` : "";
  return [
    bold(`Forward ${id}`),
    ...describeFacts([
      ["destination", printable(forward.destination)],
      ["state", describeState(forward)],
      ["event", printable(nameOfType(event))],
      ["subject", printable(event.subject) || "-"],
      ["created", formatExactTimestamp(forward.createdAt)],
    ]),
    "",
    `${bold("Attempts")} (${formatCount(attempts)}${kept})`,
    ...describeAttempts(history),
    "",
    dim(`The event: ${programName()} events show ${event.id}`),
  ];
}

/**
 * Says where a forward stands, and when it is tried next.
 *
 * @param forward The forward.
 * @returns One line.
 */
export function describeState({ state, dueAt, leasedUntil }: ForwardStatus): string {
  const name = paintOfState(state)(state);
  if (dueAt === null) return name;
  return leasedUntil === null
    ? `${name}, due ${formatExactTimestamp(dueAt)}`
    : `${name}, a worker has it until ${formatExactTimestamp(leasedUntil)} at the latest`;
}

/**
 * Shows attempts, oldest first.
 *
 * @param attempts The attempts.
 * @returns Indented lines.
 */
export function describeAttempts(attempts: readonly Attempt[]): string[] {
  if (attempts.length === 0) return [dim("  none yet")];
  return attempts.map(({ startedAt, durationMs, status, error }) => {
    const result = error === null ? green(describeSuccess(status)) : red(printable(error));
    return `  ${formatExactTimestamp(startedAt)}  ${formatCount(durationMs)} ms  ${result}`;
  });
}

function describeSuccess(status: number | null): string {
  return status === null ? "delivered" : `delivered, answered ${status}`;
}
