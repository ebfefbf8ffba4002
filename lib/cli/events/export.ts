import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import type { KeptEvent } from "../../journal/events.ts";
import { findJournal } from "../records/find_journal.ts";
import { lookInto } from "../records/open.ts";
import { type Formats, writeExport } from "../records/write_export.ts";
import { EVENT_CSV_HEAD, eventCsvLine } from "./csv.ts";
import { readEventFilter } from "./filter_options.ts";
import { eventRecord } from "./record.ts";
import type { RunCommand } from "../terminal/table.ts";

const FORMATS: Formats<KeptEvent> = {
  jsonl: { head: "", line: (event) => `${JSON.stringify(eventRecord(event))}\n` },
  csv: { head: EVENT_CSV_HEAD, line: eventCsvLine },
};

/**
 * Makes `storehook events export`.
 *
 * @param kinds The kinds that endpoints may have.
 */
export function eventsExportCommand(kinds: readonly EndpointKind[]): RunCommand {
  return async (options, terminal) => {
    const format = FORMATS[options.text("format") === "csv" ? "csv" : "jsonl"];
    const filter = readEventFilter(options);
    const section = await findJournal({ config: options.text("config"), kinds }, terminal);
    if (section === undefined) return 2;
    return await lookInto(section, terminal, async (journal) => {
      const out = options.text("out");
      const rows = journal.events.each(filter);
      return await writeExport({ rows, format, out, names: ["event", "events"] }, terminal);
    });
  };
}
