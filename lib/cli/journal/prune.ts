import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import type { Journal, PruneOptions } from "../../journal/journal.ts";
import { type Command, type Terminal, UsageError } from "../terminal/command.ts";
import { formatCount } from "../terminal/format_count.ts";
import { type Options, parseOptions } from "../terminal/options.ts";
import { startProgress } from "../terminal/progress.ts";
import { findJournal } from "../records/find_journal.ts";
import { parseDuration } from "../records/moment.ts";
import { changeJournal } from "../records/open.ts";
import { formatSize, parseSize } from "./size.ts";

const DAY_MS = 86_400_000;
/** How often the progress is shown. */
const STEP_BUDGET_MS = 100;

/**
 * Makes `storehook journal prune`.
 *
 * @param kinds The kinds that endpoints may have.
 */
export function journalPruneCommand(kinds: readonly EndpointKind[]): Command {
  return {
    name: "journal prune",
    summary: "removes what is too old or too much from the journal",
    help: `Usage: storehook journal prune [--older-than TIME] [--max-size SIZE] [--config FILE]

Removes the oldest deliveries, events and exported lists, and makes the file smaller by as much.
Events that wait for a destination stay. Without --older-than and --max-size it goes by
"retentionDays" and "maxBytes" of the config's "journal", as the server does by itself every few
minutes. Works beside a running server.

Options:
  --older-than TIME   removes what was received longer ago, e.g. 30d, 12h
  --max-size SIZE     removes the oldest until the journal is no larger, e.g. 2GB, 500MB
  --config FILE       the config, found as "serve" finds it

Exit codes: 0 fine, 1 the journal can't be written, 2 wrong usage or config
`,
    async run(args, terminal) {
      const options = parseOptions(args, { text: ["older-than", "max-size", "config"] });
      const given = limitsOf(options);
      const section = await findJournal({ config: options.text("config"), kinds }, terminal);
      if (section === undefined) return 2;
      const limits = Object.keys(given).length > 0
        ? given
        : { olderThanMs: section.retentionDays * DAY_MS, maxBytes: section.maxBytes };
      return await changeJournal(section.path, terminal, async (journal) => {
        const { deliveries, events, exportVersions } = await pruneAll(journal, limits, terminal);
        terminal.out(
          `Removed ${formatCount(deliveries, "delivery", "deliveries")}, ` +
            `${formatCount(events, "event")} and ` +
            `${formatCount(exportVersions, "exported list")}; ` +
            `the journal takes ${formatSize(journal.counts().bytes)} now\n`,
        );
        return 0;
      });
    },
  };
}

type Limits = Pick<PruneOptions, "olderThanMs" | "maxBytes">;

function limitsOf(options: Options): Limits {
  const age = options.text("older-than");
  const size = options.text("max-size");
  const olderThanMs = age === undefined ? undefined : parseDuration(age);
  const maxBytes = size === undefined ? undefined : parseSize(size);
  if (age !== undefined && olderThanMs === undefined) {
    throw new UsageError(`Cannot read --older-than "${age}": wanted a time such as 30d or 12h`);
  }
  if (size !== undefined && maxBytes === undefined) {
    throw new UsageError(`Cannot read --max-size "${size}": wanted a size such as 2GB or 500MB`);
  }
  return {
    ...(olderThanMs === undefined ? {} : { olderThanMs }),
    ...(maxBytes === undefined ? {} : { maxBytes }),
  };
}

async function pruneAll(journal: Journal, limits: Limits, terminal: Terminal) {
  const progress = startProgress("Deliveries removed", terminal);
  const removed = { deliveries: 0, events: 0, exportVersions: 0 };
  try {
    for (let done = false; !done;) {
      const step = await journal.prune({ ...limits, budgetMs: STEP_BUDGET_MS });
      removed.deliveries += step.deliveries;
      removed.events += step.events;
      removed.exportVersions += step.exportVersions;
      progress.step(removed.deliveries);
      done = step.done;
    }
  } finally {
    progress.end();
  }
  return removed;
}
