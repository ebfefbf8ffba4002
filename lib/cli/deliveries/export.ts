import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import type { StoredDelivery } from "../../journal/delivery.ts";
import { findJournal } from "../records/find_journal.ts";
import { lookInto } from "../records/open.ts";
import { type Formats, writeExport } from "../records/write_export.ts";
import { CSV_HEAD, csvLine } from "./csv.ts";
import { readFilter } from "./filter_options.ts";
import { deliveryRecord } from "./record.ts";
import type { RunCommand } from "../terminal/table.ts";

const FORMATS: Formats<StoredDelivery> = {
  jsonl: { head: "", line: (delivery) => `${JSON.stringify(deliveryRecord(delivery))}\n` },
  csv: { head: CSV_HEAD, line: csvLine },
};

/**
 * Makes `storehook deliveries export`.
 *
 * @param kinds The kinds that endpoints may have.
 */
export function deliveriesExportCommand(kinds: readonly EndpointKind[]): RunCommand {
  return async (options, terminal) => {
    const format = FORMATS[options.text("format") === "csv" ? "csv" : "jsonl"];
    const filter = readFilter(options);
    const section = await findJournal({ config: options.text("config"), kinds }, terminal);
    if (section === undefined) return 2;
    return await lookInto(section, terminal, async (journal) => {
      const out = options.text("out");
      const rows = journal.each(filter);
      return await writeExport({ rows, format, out, names: ["delivery", "deliveries"] }, terminal);
    });
  };
}
