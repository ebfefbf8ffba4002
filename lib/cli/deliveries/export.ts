import { resolve } from "@std/path";
import type { EndpointKind } from "../../config/endpoint_kind.ts";
import type { StoredDelivery } from "../../journal/delivery.ts";
import type { DeliveryFilter } from "../../journal/filter.ts";
import type { Journal } from "../../journal/journal.ts";
import { type Command, type Terminal, UsageError } from "../command.ts";
import { formatCount } from "../format_count.ts";
import { findJournal } from "../journal/find_journal.ts";
import { lookInto } from "../journal/open.ts";
import { parseOptions } from "../options.ts";
import { startProgress } from "../progress.ts";
import { CSV_HEAD, csvLine } from "./csv.ts";
import { FILTER_HELP, FILTER_OPTIONS, readFilter } from "./filter_options.ts";
import { openOutput, OutputFailed } from "./output.ts";
import { deliveryRecord } from "./record.ts";

interface Format {
  readonly head: string;
  readonly line: (delivery: StoredDelivery) => string;
}

const FORMATS: ReadonlyMap<string, Format> = new Map([
  ["jsonl", { head: "", line: (delivery) => `${JSON.stringify(deliveryRecord(delivery))}\n` }],
  ["csv", { head: CSV_HEAD, line: csvLine }],
]);

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
      const format = needFormat(options.text("format") ?? "jsonl");
      const filter = readFilter(options);
      const section = await findJournal({ config: options.text("config"), kinds }, terminal);
      if (section === undefined) return 2;
      return await lookInto(section.path, terminal, (journal) => {
        const out = options.text("out");
        return exportTo(out, { journal, filter, format }, terminal);
      });
    },
  };
}

function needFormat(name: string): Format {
  const format = FORMATS.get(name);
  if (format !== undefined) return format;
  throw new UsageError(`Cannot write "${name}": wanted --format jsonl or csv`);
}

interface Work {
  readonly journal: Journal;
  readonly filter: DeliveryFilter;
  readonly format: Format;
}

function exportTo(
  out: string | undefined,
  { journal, filter, format }: Work,
  terminal: Terminal,
): number {
  const output = openOutput(out === undefined ? undefined : resolve(out), terminal);
  if (output === undefined) return 1;
  const progress = startProgress("Deliveries written", terminal);
  let count = 0;
  try {
    output.write(format.head);
    for (const delivery of journal.each(filter)) {
      output.write(format.line(delivery));
      progress.step(++count);
    }
    output.finish();
  } catch (error) {
    output.abandon();
    if (!(error instanceof OutputFailed)) throw error;
    terminal.err(`${error.message}\n`);
    return 1;
  } finally {
    progress.end();
  }
  if (out !== undefined) {
    terminal.err(`Wrote ${formatCount(count, "delivery", "deliveries")} to ${resolve(out)}\n`);
  }
  return 0;
}
