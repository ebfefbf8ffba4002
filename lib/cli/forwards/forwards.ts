import { bold, dim, green, red, yellow } from "@std/fmt/colors";
import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import {
  type Attempt,
  type Disabled,
  type ForwardState,
  type Pause,
  PAUSED_BY_HAND,
} from "../../forward/outbox.ts";
import { forwardRecord, forwardSummaryRecord } from "../../console/queries/forwards.ts";
import { nameOfType } from "../../console/queries/records.ts";
import {
  ATTEMPTS_KEPT,
  type ForwardDetails,
  type ForwardFilter,
  type ForwardStatus,
  type ForwardSummary,
} from "../../journal/forwards.ts";
import type { Journal } from "../../journal/journal.ts";
import { type Listing, readForwardFilter, runList } from "../records/list.ts";
import { type Column, describeColumns, describeFacts, type Paint } from "../records/layout.ts";
import { type Finding, runShow, type Showing } from "../records/show.ts";
import { formatCount, formatSize, printable, programName, shellWord } from "../terminal/format.ts";
import type { RunCommand } from "../terminal/table.ts";
import { formatExactTimestamp, formatTimestamp } from "../../util/timestamp.ts";

/** What waits for a destination is told from so much on. */
const LARGE_BYTES = 1_000_000;

/** The destinations that get nothing now, whatever is due. */
async function describeHeld({ outbox }: Journal): Promise<readonly string[]> {
  const large = Array.from(await outbox.counts()).filter(([, one]) =>
    one.waitingBytes >= LARGE_BYTES
  );
  const paused = [...await outbox.paused()].filter(([, { until }]) => until > Date.now());
  return [
    ...large.map(([name, { waiting, waitingBytes }]) =>
      `Waiting: ${formatCount(waiting, "forward")} for ${printable(name)}, ` +
      `${formatSize(waitingBytes)} of the journal; see journal.maxWaitingBytes`
    ),
    ...paused.map(([name, pause]) =>
      `Paused: ${
        describePausedDestination(name, pause)
      }; to end that: forwards retry --destination ${shellWord(name)}`
    ),
    ...Array.from(
      await outbox.disabled(),
      ([name, disabled]) =>
        `Disabled: ${
          describeDisabledDestination(name, disabled)
        }; to enable it: forwards retry --destination ${shellWord(name)}`,
    ),
  ];
}

/**
 * Makes `storehook forwards list`.
 *
 * @param kinds The kinds that endpoints may have.
 */
export function forwardsListCommand(kinds: readonly EndpointKind[]): RunCommand {
  const listing: Listing<ForwardFilter, ForwardSummary> = {
    command: "forwards list",
    kinds,
    readFilter: readForwardFilter,
    async page(journal, wanted) {
      const { forwards, next } = await journal.outbox.list(wanted);
      return { rows: forwards, next };
    },
    describe: describeForwards,
    held: describeHeld,
    record: forwardSummaryRecord,
    none: "There is no such forward.",
  };
  return (options, terminal) => runList(listing, options, terminal);
}

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

const PAINTS: Readonly<Record<ForwardState, Paint>> = {
  waiting: yellow,
  delivered: green,
  failed: red,
  cancelled: dim,
};

const COLUMNS: readonly Column<ForwardSummary>[] = [
  { head: "TIME", cell: ({ createdAt }) => formatTimestamp(createdAt) },
  { head: "ID", cell: ({ id }) => id, paint: () => dim },
  { head: "STATE", cell: ({ state }) => state, paint: ({ state }) => paintOfState(state) },
  { head: "DESTINATION", cell: ({ destination }) => destination },
  { head: "EVENT", cell: ({ event }) => nameOfType(event) },
  { head: "SUBJECT", cell: ({ event }) => event.subject || "-" },
  { head: "TRIES", cell: ({ attempts }) => String(attempts), isNumber: true },
  { head: "NEXT", cell: ({ dueAt }) => dueAt === null ? "-" : formatTimestamp(dueAt) },
  { head: "LAST", cell: lastOf, paint: () => dim },
];

/**
 * Shows forwards in aligned columns, in colour when colours are on.
 *
 * @param forwards The forwards.
 * @param width How wide the terminal is; `undefined` where it is none.
 * @returns The heads of the columns and a text for each forward.
 */
function describeForwards(
  forwards: readonly ForwardSummary[],
  width?: number,
): string[] {
  return describeColumns(COLUMNS, forwards, width);
}

/**
 * Chooses the colour of a state.
 *
 * @param state Where a forward stands.
 * @returns What colours a text.
 */
function paintOfState(state: ForwardState): Paint {
  return PAINTS[state];
}

function lastOf({ lastAttempt }: ForwardStatus): string {
  if (lastAttempt === null) return "-";
  return lastAttempt.error ?? (lastAttempt.status === null ? "done" : String(lastAttempt.status));
}

const REASONS: Readonly<Record<Disabled["reason"], string>> = {
  gone: "it answered 410",
  failing: "nothing got through for long",
};

/**
 * Says since when and why a destination gets nothing.
 *
 * @param name Its name.
 * @param disabled When and why it was disabled.
 * @returns One line without a period.
 */
export function describeDisabledDestination(name: string, { at, reason }: Disabled): string {
  return `${printable(name)}, since ${formatExactTimestamp(at)}: ${REASONS[reason]}`;
}

/**
 * Says until when and why a destination gets nothing.
 *
 * @param name Its name.
 * @param pause The rest that it asked for.
 * @returns One line without a period.
 */
export function describePausedDestination(name: string, { until, status }: Pause): string {
  const why = status === PAUSED_BY_HAND ? "it was paused by hand" : `it answered ${status}`;
  return `${printable(name)}, until ${formatExactTimestamp(until)}: ${why}`;
}
