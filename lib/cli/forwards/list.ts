import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import type { ForwardFilter, ForwardSummary } from "../../journal/forwards.ts";
import type { Journal } from "../../journal/journal.ts";
import { describeDisabled, describePause } from "../records/describe_held.ts";
import { shellWord } from "../terminal/program.ts";
import { formatCount } from "../terminal/format_count.ts";
import { printable } from "../terminal/printable.ts";
import { formatSize } from "../terminal/size.ts";
import type { Command } from "../terminal/command.ts";
import { LIST_HELP, type Listing, runList } from "../records/paging.ts";
import { FORWARD_HELP, FORWARD_OPTIONS, readForwardFilter } from "./filter_options.ts";
import { forwardSummaryRecord } from "./record.ts";
import { describeForwards } from "./table.ts";

/** What waits for a destination is told from so much on. */
const LARGE_BYTES = 1_000_000;

/** The destinations that get nothing now, whatever is due. */
function describeHeld({ outbox }: Journal): readonly string[] {
  const large = Array.from(outbox.counts()).filter(([, one]) => one.waitingBytes >= LARGE_BYTES);
  const paused = [...outbox.paused()].filter(([, { until }]) => until > Date.now());
  return [
    ...large.map(([name, { waiting, waitingBytes }]) =>
      `Waiting: ${formatCount(waiting, "forward")} for ${printable(name)}, ` +
      `${formatSize(waitingBytes)} of the journal; see journal.maxWaitingBytes`
    ),
    ...paused.map(([name, pause]) =>
      `Paused: ${describePause(name, pause)}; to end that: forwards retry --destination ${
        shellWord(name)
      }`
    ),
    ...Array.from(
      outbox.disabled(),
      ([name, disabled]) =>
        `Disabled: ${
          describeDisabled(name, disabled)
        }; to enable it: forwards retry --destination ${shellWord(name)}`,
    ),
  ];
}

/**
 * Makes `storehook forwards list`.
 *
 * @param kinds The kinds that endpoints may have.
 */
export function forwardsListCommand(kinds: readonly EndpointKind[]): Command {
  const listing: Listing<ForwardFilter, ForwardSummary> = {
    command: "forwards list",
    kinds,
    options: FORWARD_OPTIONS,
    readFilter: (options) => readForwardFilter(options),
    page(journal, wanted) {
      const { forwards, next } = journal.outbox.list(wanted);
      return { rows: forwards, next };
    },
    describe: describeForwards,
    held: describeHeld,
    record: forwardSummaryRecord,
    none: "There is no such forward.",
  };
  return {
    name: "forwards list",
    summary: "what goes to which destination, newest first",
    help: `Usage: storehook forwards list [options]

Lists events on their way to destinations, newest first: what waits, was delivered, failed after its
last attempt or was cancelled. Below stand the destinations that get nothing now: those that asked
for a rest, and until when, and those that are disabled. Works beside a running server.

Options:
  --state S         only in this state: waiting, delivered, failed, cancelled
${FORWARD_HELP}${LIST_HELP}
Examples:
  storehook forwards list --state failed
  storehook forwards list --destination erp --since 2h

Exit codes: 0 fine, 1 the journal can't be read, 2 wrong usage or config
`,
    run: (args, terminal) => runList(listing, args, terminal),
  };
}
