import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import type { ForwardFilter, ForwardSummary } from "../../journal/forwards.ts";
import type { Journal } from "../../journal/journal.ts";
import { describeDisabled, describeForwards, describePause, forwardSummaryRecord } from "./look.ts";
import { formatCount, formatSize, printable, shellWord } from "../terminal/format.ts";
import { type Listing, runList } from "../records/list.ts";
import { readForwardFilter } from "../records/filters.ts";
import type { RunCommand } from "../terminal/table.ts";

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
      `Paused: ${describePause(name, pause)}; to end that: forwards retry --destination ${
        shellWord(name)
      }`
    ),
    ...Array.from(
      await outbox.disabled(),
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
