import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import type { KeptEvent } from "../../journal/events.ts";
import type { Command } from "../terminal/command.ts";
import { findJournal } from "../records/find_journal.ts";
import { lookInto } from "../records/open.ts";
import { type Formats, needFormat, writeExport } from "../records/write_export.ts";
import { parseOptions } from "../terminal/options.ts";
import { EVENT_CSV_HEAD, eventCsvLine } from "./csv.ts";
import { EVENT_HELP, EVENT_OPTIONS, readEventFilter } from "./filter_options.ts";
import { eventRecord } from "./record.ts";

const FORMATS: Formats<KeptEvent> = {
  jsonl: { head: "", line: (event) => `${JSON.stringify(eventRecord(event))}\n` },
  csv: { head: EVENT_CSV_HEAD, line: eventCsvLine },
};

/**
 * Makes `storehook events export`.
 *
 * @param kinds The kinds that endpoints may have.
 */
export function eventsExportCommand(kinds: readonly EndpointKind[]): Command {
  return {
    name: "events export",
    summary: "events with their payloads, as JSON lines or CSV",
    help: `Usage: storehook events export [--format jsonl|csv] [--out FILE] [options]

Writes events with all that is kept of them, oldest first. A payload that is no text in UTF-8 is
written in Base64. In CSV, what a spreadsheet would take for a formula stands behind an apostrophe.
Works beside a running server.

Options:
  --format F        jsonl, a line of JSON for each (the default), or csv
  --out FILE        where to write instead of standard output; never overwrites a file
${EVENT_HELP}  --config FILE     the config, found as "serve" finds it

Examples:
  storehook events export --since 2026-07-01 --out july.jsonl
  storehook events export --type order_create --format csv --out orders.csv

Exit codes: 0 fine, 1 the journal can't be read or FILE can't be written, 2 wrong usage or config
`,
    async run(args, terminal) {
      const options = parseOptions(args, {
        text: ["config", "format", "out", ...EVENT_OPTIONS.text],
        flags: EVENT_OPTIONS.flags,
      });
      const format = needFormat(FORMATS, options.text("format"));
      const filter = readEventFilter(options);
      const section = await findJournal({ config: options.text("config"), kinds }, terminal);
      if (section === undefined) return 2;
      return await lookInto(section.path, terminal, (journal) => {
        const out = options.text("out");
        const rows = journal.events.each(filter);
        return writeExport({ rows, format, out, names: ["event", "events"] }, terminal);
      });
    },
  };
}
