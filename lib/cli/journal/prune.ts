import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import { MAX_STOP_MS } from "../../journal/clock_watch.ts";
import type { Journal, PruneOptions, PruneResult } from "../../journal/journal.ts";
import { isConfirmed, startProgress, type Terminal } from "../terminal/terminal.ts";
import { formatCount, formatSize } from "../terminal/format.ts";
import { type Options } from "../terminal/options.ts";
import { changeJournal, findJournal } from "../records/open_journal.ts";
import type { RunCommand } from "../terminal/table.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** How often the progress is shown. */
const STEP_BUDGET_MS = 100;

/**
 * Makes `storehook journal prune`.
 *
 * @param kinds The kinds that endpoints may have.
 */
export function journalPruneCommand(kinds: readonly EndpointKind[]): RunCommand {
  return async (options, terminal) => {
    const given = limitsOf(options);
    const section = await findJournal({ config: options.text("config"), kinds }, terminal);
    if (section === undefined) return 2;
    const byConfig = {
      olderThanMs: section.retentionDays * DAY_MS,
      maxBytes: section.maxBytes,
    };
    return await changeJournal(section, terminal, async (journal) => {
      const limits = Object.keys(given).length > 0
        ? given
        : await limitsByClock(byConfig, journal, terminal);
      return await prune(journal, limits, options, terminal);
    });
  };
}

type Limits = Pick<PruneOptions, "olderThanMs" | "maxBytes">;

function limitsOf(options: Options): Limits {
  const olderThanMs = options.number("older-than");
  const maxBytes = options.number("max-size");
  return {
    ...(olderThanMs === undefined ? {} : { olderThanMs }),
    ...(maxBytes === undefined ? {} : { maxBytes }),
  };
}

/** Whether a clock is wrong is for the server to find out; until then nothing is too old. */
async function limitsByClock(
  limits: Required<Limits>,
  journal: Journal,
  terminal: Terminal,
): Promise<Limits> {
  const known = await journal.clockRecord();
  const aheadMs = known === null ? 0 : Date.now() - known.trustedAt;
  if (aheadMs <= MAX_STOP_MS) return limits;
  terminal.err(
    `The clock is ${formatCount(Math.round(aheadMs / HOUR_MS))} hours ahead of the time that the ` +
      `journal knows, so nothing is taken for too old; to go by it all the same, give --older-than\n`,
  );
  return { maxBytes: limits.maxBytes };
}

async function prune(
  journal: Journal,
  limits: Limits,
  options: Options,
  terminal: Terminal,
): Promise<number> {
  const dryRun = options.flag("dry-run");
  const look = () => journal.prune({ ...limits, dryRun: true, budgetMs: STEP_BUDGET_MS });
  if (dryRun) {
    const wouldGo = await look();
    terminal.out(
      options.flag("json")
        ? await json(dryRun, wouldGo, journal)
        : `This would go: ${count(wouldGo)}\n`,
    );
    return 0;
  }
  const intent = {
    question: "Remove it?",
    describe: async () => `This would go, for good: ${count(await look())}\n`,
  };
  if (!await isConfirmed(options, terminal, intent)) return 1;
  const removed = await pruneAll(journal, limits, terminal);
  terminal.out(
    options.flag("json") ? await json(dryRun, removed, journal) : `Removed ${count(removed)}; ` +
      `the journal takes ${formatSize((await journal.counts()).bytes)} now\n`,
  );
  return 0;
}

type Removed = Pick<PruneResult, "deliveries" | "events" | "exportVersions">;

async function json(
  dryRun: boolean,
  { deliveries, events, exportVersions }: Removed,
  journal: Journal,
): Promise<string> {
  const { bytes } = await journal.counts();
  return `${JSON.stringify({ dryRun, deliveries, events, exportVersions, bytes })}\n`;
}

function count({ deliveries, events, exportVersions }: Removed): string {
  return `${formatCount(deliveries, "delivery", "deliveries")}, ` +
    `${formatCount(events, "event")} and ${formatCount(exportVersions, "exported list")}`;
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
