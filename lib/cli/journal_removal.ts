import type { EndpointKind } from "../config/endpoints/endpoint_kind.ts";
import { MAX_STOP_MS } from "../journal/clock_watch.ts";
import type { EraseResult, Journal, PruneOptions, PruneResult } from "../journal/journal.ts";
import { type MentionRole, mentionTest } from "../journal/mentions.ts";
import { changeJournal, findJournal } from "./records/open_journal.ts";
import { formatCount, formatSize } from "./terminal/format.ts";
import type { Options, RunCommand } from "./terminal/table.ts";
import { isConfirmed, startProgress, type Terminal, UsageError } from "./terminal/terminal.ts";

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
        : `This would go: ${countRemoved(wouldGo)}\n`,
    );
    return 0;
  }
  const intent = {
    question: "Remove it?",
    describe: async () => `This would go, for good: ${countRemoved(await look())}\n`,
  };
  if (!await isConfirmed(options, terminal, intent)) return 1;
  const removed = await pruneAll(journal, limits, terminal);
  terminal.out(
    options.flag("json")
      ? await json(dryRun, removed, journal)
      : `Removed ${countRemoved(removed)}; ` +
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

function countRemoved({ deliveries, events, exportVersions }: Removed): string {
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

/**
 * Makes `storehook journal erase`.
 *
 * @param kinds The kinds that endpoints may have.
 */
export function journalEraseCommand(kinds: readonly EndpointKind[]): RunCommand {
  return async (options, terminal) => {
    const erasure = { email: needAddress(options.need("email")), ...readRole(options) };
    const section = await findJournal({ config: options.text("config"), kinds }, terminal);
    if (section === undefined) return 2;
    return await changeJournal(
      section,
      terminal,
      (journal) => erase(journal, erasure, options, terminal),
    );
  };
}

interface Erasure {
  readonly email: string;
  readonly role?: MentionRole;
}

async function erase(
  journal: Journal,
  { email, ...which }: Erasure,
  options: Options,
  terminal: Terminal,
): Promise<number> {
  if (terminal.showsProgress) terminal.err("Looking through the whole journal…\n");
  const dryRun = options.flag("dry-run");
  const intent = {
    question: "Erase it?",
    async describe() {
      const wouldGo = await journal.erase(email, { ...which, dryRun: true });
      return `This would go, for good:\n${describe(wouldGo)}`;
    },
  };
  if (!dryRun && !await isConfirmed(options, terminal, intent)) return 1;
  const result = await journal.erase(email, { ...which, dryRun });
  if (options.flag("json")) terminal.out(`${JSON.stringify({ dryRun, ...result })}\n`);
  else if (dryRun) terminal.out(`This would go:\n${describe(result)}`);
  else terminal.out(`Erased the data of ${countRemoved(result)}\n`);
  return 0;
}

/** What would go, by role. */
function describe({ ofStore, forwards, ...all }: EraseResult): string {
  const ofShopper = {
    deliveries: all.deliveries - ofStore.deliveries,
    events: all.events - ofStore.events,
    exportVersions: all.exportVersions - ofStore.exportVersions,
  };
  const lines = [
    `naming the shopper                      ${countRemoved(ofShopper)}`,
    `naming the store or its staff alone     ${countRemoved(ofStore)}`,
    `called off, as it is not forwarded yet  ${formatCount(forwards, "forward")}`,
  ];
  return lines.map((line) => `  ${line}\n`).join("");
}

function readRole(options: Options): Pick<Erasure, "role"> {
  const role = options.text("role");
  return role === "shopper" || role === "store" ? { role } : {};
}

function needAddress(email: string): string {
  try {
    mentionTest(email);
    return email;
  } catch (error) {
    if (error instanceof SyntaxError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}
