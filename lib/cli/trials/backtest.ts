import { dim, setColorEnabled } from "@std/fmt/colors";
import { resolve } from "@std/path";
import type { Handler } from "../../../handlers/handler.ts";
import type { Loaded } from "../../config/load.ts";
import type { JournalPlace } from "../../journal/configured.ts";
import type { Journal } from "../../journal/journal.ts";
import type { Difference } from "../../trials/backtest/compare.ts";
import { runBacktest } from "../../trials/backtest/run.ts";
import type { Tally } from "../../trials/backtest/tally.ts";
import { loadLocated, locateForLoading } from "../config/load.ts";
import { needKnownNames } from "../records/known_names.ts";
import { readPlaceAndTime } from "../records/list.ts";
import { lookInto } from "../records/open_journal.ts";
import { formatCount } from "../terminal/format.ts";
import type { Options, RunCommand } from "../terminal/table.ts";
import { startProgress, type Terminal } from "../terminal/terminal.ts";
import { startBacktestThreads } from "./backtest_threads.ts";
import { describeDifference, describeTally, tallyRecord } from "./report.ts";

/** More than anybody reads; `--json` gives all. */
const MOST_SHOWN = 1000;

/**
 * Makes `storehook backtest`.
 *
 * @param handlers The kinds that endpoints may have.
 */
export function backtestCommand(handlers: readonly Handler[]): RunCommand {
  return async (options, terminal) => {
    const which = { config: options.text("config"), kinds: handlers };
    const load = await locateForLoading(which, terminal);
    const loaded = await loadLocated(load, terminal);
    if (loaded === undefined) return 2;
    const named = options.text("journal");
    const place = named === undefined ? loaded.config.journal : { path: resolve(named) };
    return await lookInto(place, terminal, async (journal) => {
      await needKnownNames(journal, options, which, terminal);
      const { file } = load;
      const trial = { journal, place, file, endpoints: loaded.endpoints, kinds: handlers };
      const { same, decided } = options.flag("json")
        ? await tellAsJson(trial, options, terminal)
        : await tell(trial, options, terminal);
      return same === decided ? 0 : 1;
    });
  };
}

/** What is tried on what. */
interface CommandTrial extends Pick<Loaded, "endpoints"> {
  readonly journal: Journal;
  readonly place: JournalPlace;
  /** The config's file. */
  readonly file: string;
  readonly kinds: readonly Handler[];
}

async function run(
  { place, file, ...trial }: CommandTrial,
  options: Options,
  terminal: Terminal,
  most: number,
  onDifference: (difference: Difference) => void,
): Promise<Tally> {
  const progress = startProgress("Decided again", terminal);
  try {
    return await runBacktest({
      ...trial,
      filter: readPlaceAndTime(options),
      most,
      onDifference,
      onProgress: progress.step,
      startThreads: (count) => startBacktestThreads({ file, journal: place }, count),
    });
  } finally {
    progress.end();
  }
}

async function tell(trial: CommandTrial, options: Options, terminal: Terminal): Promise<Tally> {
  setColorEnabled(terminal.colour);
  const most = options.flag("summary") ? 0 : MOST_SHOWN;
  const blocks: string[] = [];
  const tally = await run(trial, options, terminal, most, (difference) => {
    blocks.push(describeDifference(difference).join("\n"));
  });
  const rest = tally.decided - tally.same - blocks.length;
  const more = rest === 0 || most === 0
    ? []
    : [dim(`… and ${formatCount(rest)} more: --json gives all`)];
  terminal.out(`${[describeTally(tally).join("\n"), ...blocks, ...more].join("\n\n")}\n`);
  return tally;
}

async function tellAsJson(
  trial: CommandTrial,
  options: Options,
  terminal: Terminal,
): Promise<Tally> {
  const most = options.flag("summary") ? 0 : Infinity;
  const tally = await run(trial, options, terminal, most, ({ receivedAt, ...difference }) => {
    const line = { receivedAt: new Date(receivedAt).toISOString(), ...difference };
    terminal.out(`${JSON.stringify(line)}\n`);
  });
  terminal.out(`${JSON.stringify({ summary: tallyRecord(tally) })}\n`);
  return tally;
}
