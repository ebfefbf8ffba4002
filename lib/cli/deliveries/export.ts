import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import type { StoredDelivery } from "../../journal/delivery.ts";
import type { Command } from "../terminal/command.ts";
import { findJournal } from "../records/find_journal.ts";
import { lookInto } from "../records/open.ts";
import { type Formats, needFormat, writeExport } from "../records/write_export.ts";
import { parseOptions } from "../terminal/options.ts";
import { CSV_HEAD, csvLine } from "./csv.ts";
import { FILTER_HELP, FILTER_OPTIONS, readFilter } from "./filter_options.ts";
import { deliveryRecord } from "./record.ts";

const FORMATS: Formats<StoredDelivery> = {
  jsonl: { head: "", line: (delivery) => `${JSON.stringify(deliveryRecord(delivery))}\n` },
  csv: { head: CSV_HEAD, line: csvLine },
};

/**
 * Makes `storehook deliveries export`.
 *
 * @param kinds The kinds that endpoints may have.
 */
export function deliveriesExportCommand(kinds: readonly EndpointKind[]): Command {
  return {
    name: "deliveries export",
    summary: "deliveries with all that is kept of them, as JSON lines or CSV",
    help: `Usage: storehook deliveries export [--format jsonl|csv] [--out FILE] [options]

Writes deliveries with their headers, bodies and answers, oldest first. A body that is no text in
UTF-8 is written in Base64. In CSV, what a spreadsheet would take for a formula stands behind an
apostrophe. Works beside a running server.

Options:
  --format F        jsonl, a line of JSON for each (the default), or csv
  --out FILE        where to write instead of standard output; never overwrites a file
${FILTER_HELP}  --config FILE     the config, found as "serve" finds it

Examples:
  storehook deliveries export --since 2026-07-01 --out july.jsonl
  storehook deliveries export --endpoint /ustore/cart-export --format csv --out carts.csv

Exit codes: 0 fine, 1 the journal can't be read or FILE can't be written, 2 wrong usage or config
`,
    async run(args, terminal) {
      const options = parseOptions(args, {
        text: ["config", "format", "out", ...FILTER_OPTIONS.text],
        flags: FILTER_OPTIONS.flags,
      });
      const format = needFormat(FORMATS, options.text("format"));
      const filter = readFilter(options);
      const section = await findJournal({ config: options.text("config"), kinds }, terminal);
      if (section === undefined) return 2;
      return await lookInto(section.path, terminal, (journal) => {
        const out = options.text("out");
        const rows = journal.each(filter);
        return writeExport({ rows, format, out, names: ["delivery", "deliveries"] }, terminal);
      });
    },
  };
}
