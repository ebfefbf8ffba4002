import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import type { EraseCounts, EraseResult, Journal } from "../../journal/journal.ts";
import type { MentionRole } from "../../journal/mention_roles.ts";
import { mentionTest } from "../../journal/mentions.ts";
import { isConfirmed, type Terminal, UsageError } from "../terminal/terminal.ts";
import { formatCount } from "../terminal/format.ts";
import { type Options } from "../terminal/options.ts";
import { changeJournal, findJournal } from "../records/open_journal.ts";
import type { RunCommand } from "../terminal/table.ts";

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
  else terminal.out(`Erased the data of ${count(result)}\n`);
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
    `naming the shopper                      ${count(ofShopper)}`,
    `naming the store or its staff alone     ${count(ofStore)}`,
    `called off, as it is not forwarded yet  ${formatCount(forwards, "forward")}`,
  ];
  return lines.map((line) => `  ${line}\n`).join("");
}

function count({ deliveries, events, exportVersions }: EraseCounts): string {
  return `${formatCount(deliveries, "delivery", "deliveries")}, ` +
    `${formatCount(events, "event")} and ${formatCount(exportVersions, "exported list")}`;
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
