import { bold, dim, red, setColorEnabled, yellow } from "@std/fmt/colors";
import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import { reportMistakes } from "../../config/mistake.ts";
import { loadTestsOf, type TestedLoadOptions } from "../../trials/rule_tests/tested_config.ts";
import { runRuleTests } from "../../trials/rule_tests/run.ts";
import {
  type CoverageCount,
  coverJournal,
  coverTests,
  createCoverage,
  type EndpointCoverage,
  type RuleCoverage,
} from "../../trials/coverage.ts";
import type { Loaded } from "../../config/load.ts";
import { loadLocated, locateForLoading } from "../config/load.ts";
import { needKnownNames } from "../records/known_names.ts";
import { readPlaceAndTime } from "../records/list.ts";
import { type Column, describeColumns } from "../records/layout.ts";
import { lookInto } from "../records/open_journal.ts";
import { formatCount, printable } from "../terminal/format.ts";
import type { Options, RunCommand } from "../terminal/table.ts";
import { startProgress, type Terminal } from "../terminal/terminal.ts";
import { formatTimestamp } from "../../util/timestamp.ts";

/**
 * Makes `storehook coverage`.
 *
 * @param kinds The kinds that endpoints may have.
 */
export function coverageCommand(kinds: readonly EndpointKind[]): RunCommand {
  return async (options, terminal) => {
    const which = { config: options.text("config"), kinds };
    const load = await locateForLoading(which, terminal);
    const loaded = await loadLocated(load, terminal);
    if (loaded === undefined) return 2;
    // Rules that have gone from the config are not counted.
    await needKnownNames(undefined, options, which, terminal);
    const of = options.text("of") ?? "both";
    const coverage = createCoverage(loaded.endpoints, loaded.config.endpoints);
    if (of !== "journal" && !await coverAllTests(coverage, loaded, load, terminal)) return 2;
    const code = of === "tests" ? 0 : await coverAllDeliveries(coverage, loaded, options, terminal);
    // What never happened yet is no reason to say nothing of the tests.
    if (code !== 0 && of === "journal") return code;
    const { endpoint: path, kind: wanted } = readPlaceAndTime(options);
    const found = coverage.result().filter(({ endpoint, kind, rules, others }) =>
      (path ?? endpoint) === endpoint && (wanted ?? kind) === kind &&
      (path !== undefined || rules.length + others.length > 0)
    );
    if (options.flag("json")) terminal.out(`${JSON.stringify({ endpoints: found.map(record) })}\n`);
    else terminal.out(describe(found, terminal));
    return 0;
  };
}

async function coverAllTests(
  coverage: CoverageCount,
  loaded: Loaded,
  load: TestedLoadOptions,
  terminal: Terminal,
): Promise<boolean> {
  const { tests, mistakes } = await loadTestsOf(loaded, load);
  terminal.err(reportMistakes(mistakes, { file: load.file, colour: terminal.colour }));
  if (mistakes.length > 0) return false;
  coverTests(coverage, await runRuleTests(tests));
  return true;
}

async function coverAllDeliveries(
  coverage: CoverageCount,
  { config }: Loaded,
  options: Options,
  terminal: Terminal,
): Promise<number> {
  return await lookInto(config.journal, terminal, async (journal) => {
    const progress = startProgress("Deliveries looked through", terminal);
    try {
      const filter = readPlaceAndTime(options);
      await coverJournal(coverage, journal, filter, { onProgress: progress.step });
      return 0;
    } finally {
      progress.end();
    }
  });
}

function record({ rules, others, ...rest }: EndpointCoverage) {
  const one = ({ lastAt, ...counts }: RuleCoverage) => ({
    ...counts,
    lastAt: lastAt === null ? null : new Date(lastAt).toISOString(),
  });
  return { ...rest, rules: rules.map(one), others: others.map(one) };
}

/** A table may have very many rows. */
const MOST_SHOWN = 100;

function describe(found: readonly EndpointCoverage[], { colour, width }: Terminal): string {
  setColorEnabled(colour);
  if (found.length === 0) return "No endpoint has rules\n";
  return found.map(({ endpoint, kind, rules, others }) => {
    const never = rules.filter((one) => total(one) === 0).length;
    const head = never === 0
      ? `all ${formatCount(rules.length)} decided`
      : yellow(`${formatCount(never)} of ${formatCount(rules.length)} never decided`);
    const shown = [...rules.slice(0, MOST_SHOWN), ...others.slice(0, MOST_SHOWN)];
    const known = new Set(rules.slice(0, MOST_SHOWN));
    const rest = rules.length + others.length - shown.length;
    return [
      `${bold(printable(endpoint))} (${kind}): ${head}`,
      ...describeColumns(columnsOf(known), shown, width).map((line) =>
        `  ${line.replaceAll("\n", "\n  ")}`
      ),
      ...(rest > 0 ? [dim(`  … and ${formatCount(rest)} more: --json gives all`)] : []),
      "",
    ].join("\n");
  }).join("\n");
}

function total({ tests, journal }: RuleCoverage): number {
  return tests + journal;
}

function columnsOf(known: ReadonlySet<RuleCoverage>): readonly Column<RuleCoverage>[] {
  const paint = (row: RuleCoverage) =>
    total(row) === 0 ? red : known.has(row) ? (text: string) => text : dim;
  return [
    { head: "tests", cell: ({ tests }) => formatCount(tests), paint, isNumber: true },
    { head: "journal", cell: ({ journal }) => formatCount(journal), paint, isNumber: true },
    { head: "last", cell: ({ lastAt }) => lastAt === null ? "-" : formatTimestamp(lastAt), paint },
    {
      head: "rule",
      cell: (row) =>
        row.rule === null
          ? "no rule"
          : `${row.rule}${known.has(row) ? "" : " (no rule of the config)"}`,
      paint,
    },
  ];
}
