import { bold, dim, setColorEnabled, yellow } from "@std/fmt/colors";
import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import { readShadow, shadowFile, type ShadowFindings } from "../../trials/shadow_record.ts";
import { formatTimestamp } from "../../util/timestamp.ts";
import { findJournal } from "../records/open_journal.ts";
import { formatCount, printable } from "../terminal/format.ts";
import type { RunCommand } from "../terminal/table.ts";
import { describeDifference, describeTally, tallyRecord } from "./report.ts";

/**
 * Makes `storehook shadow`.
 *
 * @param kinds The kinds that endpoints may have.
 */
export function shadowCommand(kinds: readonly EndpointKind[]): RunCommand {
  return async (options, terminal) => {
    const section = await findJournal({ config: options.text("config"), kinds }, terminal);
    if (section === undefined) return 2;
    const file = shadowFile(section.url === undefined ? section.path : section.spool);
    const found = await readShadow(file);
    if (found === undefined) {
      terminal.err("No server was started with a shadow: storehook serve --shadow new.json\n");
      return 1;
    }
    const limit = options.number("limit") ?? 0;
    if (options.flag("json")) {
      for (const { receivedAt, ...difference } of found.differences.slice(0, limit)) {
        const line = { receivedAt: new Date(receivedAt).toISOString(), ...difference };
        terminal.out(`${JSON.stringify(line)}\n`);
      }
      terminal.out(`${JSON.stringify({ summary: summaryOf(found) })}\n`);
    } else {
      setColorEnabled(terminal.colour);
      terminal.out(describe(found, limit));
    }
    return found.tally.same === found.tally.decided ? 0 : 1;
  };
}

function summaryOf({ config, since, tally, dropped, failed }: ShadowFindings) {
  const { erased: _erased, unavailable: _unavailable, moved: _moved, ...counts } = tallyRecord(
    tally,
  );
  return { config, since: new Date(since).toISOString(), ...counts, dropped, failed };
}

function describe(found: ShadowFindings, limit: number): string {
  const { config, since, tally, dropped, failed, differences } = found;
  const others = [
    ...(dropped === 0 ? [] : [
      yellow(`${formatCount(dropped)} left out: the shadow could not keep up`),
    ]),
    ...(failed === 0 ? [] : [yellow(`${formatCount(failed)} failed`)]),
  ];
  const head = `${bold(printable(config))} beside the config, since ${formatTimestamp(since)}`;
  const shown = differences.slice(0, limit);
  const rest = tally.decided - tally.same - shown.length;
  return `${
    [
      [head, ...others].join("\n"),
      // Of what is the same no time is kept.
      describeTally({ ...tally, oldest: null, newest: null }).join("\n"),
      ...shown.map((one) => describeDifference(one).join("\n")),
      ...(rest > 0 ? [dim(`… and ${formatCount(rest)} more: --limit ${limit * 10}`)] : []),
    ].join("\n\n")
  }\n`;
}
