import { dim, setColorEnabled } from "@std/fmt/colors";
import type { EndpointKind } from "../../config/endpoint_kind.ts";
import type { DeliveryPage, Journal, ListOptions } from "../../journal/journal.ts";
import { type Command, UsageError } from "../command.ts";
import { findJournal } from "../journal/find_journal.ts";
import { lookInto } from "../journal/open.ts";
import { type Options, parseOptions } from "../options.ts";
import { programName } from "../program.ts";
import { FILTER_HELP, FILTER_OPTIONS, readFilter } from "./filter_options.ts";
import { summaryRecord } from "./record.ts";
import { describeTable } from "./table.ts";

const LARGEST_LIMIT = 10_000;
const TEXT_OPTIONS = ["config", ...FILTER_OPTIONS.text, "limit"] as const;

/**
 * Makes `storehook deliveries list`.
 *
 * @param kinds The kinds that endpoints may have.
 */
export function deliveriesListCommand(kinds: readonly EndpointKind[]): Command {
  return {
    name: "deliveries list",
    summary: "what was received and answered, newest first",
    help: `Usage: storehook deliveries list [options]

Lists the deliveries of the journal, newest first. Works beside a running server.

Options:
${FILTER_HELP}  --limit N         how many at most, 1 to 10000 (default 50)
  --cursor C        continues a list, as its end says
  --json            one line of JSON for each
  --config FILE     the config, found as "serve" finds it

Examples:
  storehook deliveries list --status 4xx --since 2h
  storehook deliveries list --text 28604 --json

Exit codes: 0 fine, 1 the journal can't be read, 2 wrong usage or config
`,
    async run(args, terminal) {
      const options = parseOptions(args, {
        text: [...TEXT_OPTIONS, "cursor"],
        flags: [...FILTER_OPTIONS.flags, "json"],
      });
      const cursor = options.text("cursor");
      const wanted: ListOptions = {
        ...readFilter(options),
        limit: readLimit(options.text("limit") ?? "50"),
        ...(cursor === undefined ? {} : { cursor }),
      };
      const section = await findJournal({ config: options.text("config"), kinds }, terminal);
      if (section === undefined) return 2;
      setColorEnabled(terminal.colour);
      return await lookInto(section.path, terminal, (journal) => {
        const page = listOrComplain(journal, wanted);
        const more = page.next === null ? undefined : nextPage(options, page.next);
        if (options.flag("json")) {
          terminal.out(
            page.deliveries.map((one) => `${JSON.stringify(summaryRecord(one))}\n`).join(""),
          );
          if (more !== undefined) terminal.err(`${more}\n`);
        } else {
          const lines = page.deliveries.length === 0
            ? ["There is no such delivery."]
            : describeTable(page.deliveries);
          terminal.out(
            `${[...lines, ...(more === undefined ? [] : ["", dim(more)])].join("\n")}\n`,
          );
        }
        return 0;
      });
    },
  };
}

function readLimit(text: string): number {
  const limit = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (limit >= 1 && limit <= LARGEST_LIMIT) return limit;
  throw new UsageError(`Cannot list "${text}": wanted a number from 1 to ${LARGEST_LIMIT}`);
}

function listOrComplain(journal: Journal, wanted: ListOptions): DeliveryPage {
  try {
    return journal.list(wanted);
  } catch (error) {
    if (error instanceof SyntaxError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}

/** The command that gives the next page: the same one with the new cursor. */
function nextPage(options: Options, next: string): string {
  const words = TEXT_OPTIONS.flatMap((name) => {
    const value = options.text(name);
    return value === undefined ? [] : [`--${name}`, quoted(value)];
  });
  const flags = [...FILTER_OPTIONS.flags, "json"].filter((name) => options.flag(name));
  const all = [...words, ...flags.map((name) => `--${name}`), "--cursor", next];
  return `More: ${programName()} deliveries list ${all.join(" ")}`;
}

function quoted(value: string): string {
  return /^[\w./:@%+,-]+$/.test(value) ? value : JSON.stringify(value);
}
