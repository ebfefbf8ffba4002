import { resolve } from "@std/path";
import { describeJournalError, openEndOfCopy } from "../journal/configured.ts";
import { mistakeInUrl } from "../journal/postgres/hosts.ts";
import { withoutCredentials } from "../config/secrets.ts";
import { type CopiedDay, type CopyEnd, copyJournal, type CopyResult } from "../journal/copy.ts";
import { formatCount } from "./terminal/format.ts";
import { ADDRESS } from "./terminal/options.ts";
import { type Terminal, UsageError } from "./terminal/terminal.ts";
import type { RunCommand } from "./terminal/table.ts";

/** `storehook journal copy`: copies a journal between files and databases. */
export const journalCopyCommand: RunCommand = async (options, terminal) => {
  const [from, to] = (["from", "to"] as const).map((side) => placeOf(options.text(side), side));
  if (from === undefined || to === undefined) throw new UsageError("--from and --to are needed");
  if (from === to) throw new UsageError("--from and --to name the same journal");
  let source: CopyEnd | undefined;
  let target: CopyEnd | undefined;
  try {
    source = await openEndOfCopy(from, "from");
    target = await openEndOfCopy(to, "to");
    const result = await copyJournal(source, target, (day) => terminal.err(`${progress(day)}\n`));
    tell(result, options.flag("json"), terminal);
    return result.differing.length === 0 ? 0 : 1;
  } catch (error) {
    const reason = error instanceof RangeError
      ? error.message
      : describeJournalError(error, { path: fileOf({ from, to }, source) });
    if (reason === undefined) throw error;
    terminal.err(`${whichOf({ from, to }, source, target)}${reason}\n`);
    return 1;
  } finally {
    await target?.close();
    await source?.close();
  }
};

function placeOf(text: string | undefined, side: "from" | "to"): string | undefined {
  if (text === undefined || !ADDRESS.test(text)) return text === undefined ? text : resolve(text);
  const mistake = mistakeInUrl(text);
  if (mistake === undefined) return text;
  throw new UsageError(`Cannot use --${side} "${withoutCredentials(text)}": ${mistake}`);
}

/** What is copied, and where to. */
interface Places {
  readonly from: string;
  readonly to: string;
}

/** Of which of the two an error of SQLite speaks, which no address is: that may hold a password. */
function fileOf({ from, to }: Places, source: CopyEnd | undefined): string {
  return source === undefined || ADDRESS.test(to) ? from : to;
}

/** Which of two databases could not be opened; the words about a file name it. */
function whichOf(
  { from, to }: Places,
  source: CopyEnd | undefined,
  target: CopyEnd | undefined,
): string {
  if (target !== undefined) return "";
  const [side, place] = source === undefined ? ["--from", from] : ["--to", to];
  return ADDRESS.test(place) ? `${side} ${withoutCredentials(place)}: ` : "";
}

function progress({ day, source, wasThere }: CopiedDay): string {
  const { deliveries, events } = source;
  const held = `${formatCount(deliveries, "delivery", "deliveries")}, ${
    formatCount(events, "event")
  }`;
  return `${day}  ${held}${wasThere ? ", there already" : ""}`;
}

function tell(result: CopyResult, asJson: boolean, terminal: Terminal): void {
  const { days, exports, differing } = result;
  const sum = (of: (day: CopiedDay) => number) => days.reduce((total, day) => total + of(day), 0);
  const copied = {
    days: days.length,
    deliveries: sum(({ source }) => source.deliveries),
    events: sum(({ source }) => source.events),
    exports,
    differing,
    beyond: sum((day) => day.beyond ?? 0),
  };
  if (asJson) {
    terminal.out(`${JSON.stringify(copied)}\n`);
    return;
  }
  terminal.out(
    `Copied ${formatCount(copied.deliveries, "delivery", "deliveries")}, ` +
      `${formatCount(copied.events, "event")} and ${formatCount(exports, "exported list")} of ` +
      `${formatCount(copied.days, "day")}\n`,
  );
  if (differing.length > 0) {
    terminal.out(
      `Both do not hold the same of ${differing.join(", ")}: what is written meanwhile differs. ` +
        "Stop the servers and run it again, it copies these days alone\n",
    );
  } else if (copied.beyond > 0) {
    terminal.out(
      "All of it is there, by a checksum of each day, beside " +
        `${formatCount(copied.beyond, "entry", "entries")} more that the source does not have, ` +
        "or not any more\n",
    );
  } else terminal.out("Both hold the same, by a checksum of each day\n");
}
