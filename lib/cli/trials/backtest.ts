import { dim, setColorEnabled } from "@std/fmt/colors";
import { resolve } from "@std/path";
import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import type { Endpoint } from "../../http/endpoint.ts";
import { PROBLEM_STATUSES } from "../../http/problem/problem.ts";
import type { DeliveryFilter, StoredDelivery } from "../../journal/delivery.ts";
import type { Journal } from "../../journal/journal.ts";
import { loadOrComplain } from "../config/load.ts";
import { readPlaceAndTime } from "../records/list.ts";
import { lookInto } from "../records/open_journal.ts";
import { formatCount } from "../terminal/format.ts";
import type { RunCommand } from "../terminal/table.ts";
import { type Progress, startProgress, type Terminal } from "../terminal/terminal.ts";
import { decideAgain } from "../../trials/again.ts";
import {
  compare,
  countDecided,
  countMoved,
  type Difference,
  newTally,
  type Tally,
} from "../../trials/compare.ts";
import { describeDifference, describeTally } from "./report.ts";

/** More than anybody reads; `--json` gives all. */
const MOST_SHOWN = 1000;

/**
 * Makes `storehook backtest`.
 *
 * @param kinds The kinds that endpoints may have.
 */
export function backtestCommand(kinds: readonly EndpointKind[]): RunCommand {
  return async (options, terminal) => {
    const filter = readPlaceAndTime(options);
    const loaded = await loadOrComplain({ config: options.text("config"), kinds }, terminal);
    if (loaded === undefined) return 2;
    const named = options.text("journal");
    const place = named === undefined ? loaded.config.journal : { path: resolve(named) };
    return await lookInto(place, terminal, async (journal) => {
      const trial = { journal, endpoints: loaded.endpoints, filter };
      const { same, decided } = options.flag("json")
        ? await tellAsJson(trial, options.flag("summary"), terminal)
        : await tell(trial, options.flag("summary") ? 0 : MOST_SHOWN, terminal);
      return same === decided ? 0 : 1;
    });
  };
}

async function run(
  trial: Trial,
  terminal: Terminal,
  onDifference: (difference: Difference) => void,
): Promise<Tally> {
  const progress = startProgress("Decided again", terminal, await totalOf(trial));
  try {
    return await runBacktest(trial, progress, onDifference);
  } finally {
    progress.end();
  }
}

/** With a filter nobody knows how many there are before they are found. */
async function totalOf({ journal, filter }: Trial): Promise<number | undefined> {
  return Object.keys(filter).length === 0 ? (await journal.counts()).accepted : undefined;
}

async function tell(trial: Trial, mostShown: number, terminal: Terminal): Promise<Tally> {
  setColorEnabled(terminal.colour);
  const blocks: string[] = [];
  const tally = await run(trial, terminal, (difference) => {
    if (blocks.length < mostShown) blocks.push(describeDifference(difference).join("\n"));
  });
  const rest = tally.decided - tally.same - blocks.length;
  const more = rest === 0 || mostShown === 0
    ? []
    : [dim(`… and ${formatCount(rest)} more: --json gives all`)];
  terminal.out(`${[describeTally(tally).join("\n"), ...blocks, ...more].join("\n\n")}\n`);
  return tally;
}

async function tellAsJson(
  trial: Trial,
  countsAlone: boolean,
  terminal: Terminal,
): Promise<Tally> {
  const tally = await run(trial, terminal, ({ receivedAt, ...difference }) => {
    if (countsAlone) return;
    const line = { receivedAt: new Date(receivedAt).toISOString(), ...difference };
    terminal.out(`${JSON.stringify(line)}\n`);
  });
  const { moved, byRule, ...counts } = tally;
  const summary = {
    ...counts,
    moved: [...moved].map(([from, { to, count }]) => ({ from, to, count })),
    byRule: [...byRule.values()],
  };
  terminal.out(`${JSON.stringify({ summary })}\n`);
  return tally;
}

/** What is tried on what. */
interface Trial {
  readonly journal: Journal;
  readonly endpoints: readonly Endpoint[];
  /** Which of the accepted deliveries. */
  readonly filter: DeliveryFilter;
}

/**
 * Decides the accepted deliveries of a journal again, oldest first.
 *
 * @param trial What is tried on what. The journal is only read.
 * @param progress Where it is told how many are done.
 * @param onDifference Gets each delivery that would be decided otherwise.
 * @returns The counts.
 */
async function runBacktest(
  { journal, endpoints, filter }: Trial,
  progress: Progress,
  onDifference: (difference: Difference) => void,
): Promise<Tally> {
  const again = decideAgain(endpoints, journal);
  const tally = newTally();
  for await (const delivery of journal.each({ ...filter, verified: true })) {
    progress.step(tally.decided);
    if (delivery.erasedAt !== null) tally.erased++;
    else if (wasUnavailable(delivery)) tally.unavailable++;
    else {
      const { endpoint, moved } = again.takerOf(delivery);
      if (moved || endpoint === undefined) {
        countMoved(tally, delivery.endpoint, endpoint?.path ?? null);
      }
      const decided = again.decide(delivery, endpoint);
      // Most endpoints answer at once, and a turn of the event loop for each would be dear.
      const now = decided instanceof Promise ? await decided : decided;
      const difference = compare(delivery, now);
      countDecided(tally, difference);
      if (difference !== undefined) onDifference(difference);
    }
  }
  return tally;
}

/** A service that failed is answered with the same status, and can be decided again. */
function wasUnavailable({ status, decisions }: StoredDelivery): boolean {
  return status === PROBLEM_STATUSES.unavailable &&
    decisions.every(({ asked }) => asked?.failure === undefined);
}
