import { bold, dim, green, red, setColorEnabled, yellow } from "@std/fmt/colors";
import { relative } from "@std/path";
import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import { reportMistakes } from "../../config/mistake.ts";
import { explainDecisions } from "../../console/queries/why.ts";
import { namesOfRules } from "../../rules/decision.ts";
import type { RuleTest } from "../../trials/rule_tests/load.ts";
import { countResults, type RuleTestResult, runRuleTests } from "../../trials/rule_tests/run.ts";
import { loadTestsOf } from "../../trials/rule_tests/tested_config.ts";
import { locateForLoading } from "../config/load.ts";
import { loadLocated } from "../config/load.ts";
import type { Decided } from "../../trials/decide_body.ts";
import { cut } from "../records/layout.ts";
import { describeDecisions } from "../explain/why.ts";
import { formatCount, printable } from "../terminal/format.ts";
import type { RunCommand } from "../terminal/table.ts";
import { startProgress, type Terminal } from "../terminal/terminal.ts";
import { writeJUnit } from "./junit.ts";

/**
 * Makes `storehook test`.
 *
 * @param kinds The kinds that endpoints may have.
 */
export function testCommand(kinds: readonly EndpointKind[]): RunCommand {
  return async (options, terminal) => {
    const load = await locateForLoading({ config: options.text("config"), kinds }, terminal);
    const loaded = await loadLocated(load, terminal);
    if (loaded === undefined) return 2;
    const { file } = load;
    const { tests, mistakes, warnings } = await loadTestsOf(loaded, load);
    const { colour } = terminal;
    terminal.err(reportMistakes(warnings, { file, colour, as: "warning" }));
    terminal.err(reportMistakes(mistakes, { file, colour }));
    if (mistakes.length > 0) return 2;
    const filter = options.text("filter");
    const chosen = filter === undefined ? tests : tests.filter((test) => isMeant(test, filter));
    if (chosen.length === 0) {
      terminal.err(
        filter === undefined
          ? `${NO_TESTS}\n`
          : `No test has ${JSON.stringify(filter)} in its name, its file or its endpoint\n`,
      );
      return 2;
    }
    const results = await runWithProgress(chosen, terminal);
    const junit = options.text("junit");
    if (junit !== undefined) await writeJUnit(junit, results, terminal);
    if (options.flag("json")) terminal.out(`${JSON.stringify(recordOf(results))}\n`);
    else if (junit !== "-") terminal.out(describeResults(results, kinds, terminal));
    return results.every(({ state }) => state === "passed") ? 0 : 1;
  };
}

const NO_TESTS = 'There are no tests. Name their files in the config: "tests": ["tests/*.json"]';

function isMeant({ name, file, path }: RuleTest, filter: string): boolean {
  const wanted = filter.toLowerCase();
  return [name, file, path].some((text) => text.toLowerCase().includes(wanted));
}

async function runWithProgress(
  tests: readonly RuleTest[],
  terminal: Terminal,
): Promise<readonly RuleTestResult[]> {
  const progress = startProgress("Tests run", terminal, tests.length);
  let done = 0;
  try {
    return await runRuleTests(tests, () => progress.step(++done));
  } finally {
    progress.end();
  }
}

/** What became of tests, for machines. */
function recordOf(results: readonly RuleTestResult[]) {
  return {
    summary: { tests: results.length, ...countResults(results) },
    tests: results.map(({ test, state, differences, decided, durationMs }) => ({
      name: test.name,
      file: test.file,
      line: test.place().position?.line ?? null,
      endpoint: test.path,
      state,
      ...(test.skipped !== undefined && { skipped: test.skipped }),
      status: decided?.status ?? null,
      rule: decided === undefined ? null : namesOfRules(decided.decisions),
      durationMs: Math.round(durationMs * 1000) / 1000,
      differences,
    })),
  };
}

const MARKS = {
  passed: (text: string) => green(text),
  failed: (text: string) => red(text),
  skipped: (text: string) => yellow(text),
} as const;

const WORDS = { passed: "ok  ", failed: "FAIL", skipped: "skip" } as const;

function describeResults(
  results: readonly RuleTestResult[],
  kinds: readonly EndpointKind[],
  { colour, width }: Terminal,
): string {
  setColorEnabled(colour);
  const byFile = Map.groupBy(results, ({ test }) => test.file);
  const describeOne = (result: RuleTestResult) => {
    const { state, test: { name } } = result;
    const [first = "", ...rest] = wrap(printable(name), (width ?? Infinity) - INDENT);
    return [
      `  ${MARKS[state](WORDS[state])}  ${first}`,
      ...[...rest, ...describeWhy(result, kinds, width ?? Infinity)].map((line) =>
        `${" ".repeat(INDENT)}${line}`.trimEnd()
      ),
    ];
  };
  const blocks = Array.from(
    byFile,
    ([file, ofFile]) =>
      [bold(printable(nearName(file))), ...ofFile.flatMap(describeOne), ""].join("\n"),
  );
  return `${blocks.join("\n")}\n${describeCounts(results)}\n`;
}

/** As it is seen from where the command was called, where that is shorter. */
function nearName(file: string): string {
  const near = relative(Deno.cwd(), file);
  return near.length < file.length ? near : file;
}

function describeCounts(results: readonly RuleTestResult[]): string {
  const { passed, failed, skipped } = countResults(results);
  const parts = [
    ...(failed > 0 ? [red(`${formatCount(failed)} failed`)] : []),
    ...(skipped > 0 ? [yellow(`${formatCount(skipped)} skipped`)] : []),
    green(`${formatCount(passed)} passed`),
  ];
  return `${formatCount(results.length, "test")}: ${parts.join(", ")}`;
}

function describeWhy(
  result: RuleTestResult,
  kinds: readonly EndpointKind[],
  width: number,
): string[] {
  const { test, state, differences } = result;
  if (test.skipped !== undefined) return wrap(printable(test.skipped), width - INDENT);
  if (state === "passed") return [];
  const line = test.place().position?.line;
  return [
    dim(`${nearName(test.file)}${line === undefined ? "" : `:${line}`}, ${test.path}`),
    ...differences.flatMap(({ what, expected, got }) => [
      `${bold(printable(what))}`,
      ...labelled("expected", green, expected, width),
      ...labelled("got", red, got, width),
    ]),
    ...describeDecided(result, kinds),
  ];
}

const INDENT = 8;
const LABEL = 11;

function labelled(
  label: string,
  paint: (text: string) => string,
  text: string,
  width: number,
): string[] {
  return wrap(printable(text), width - INDENT - LABEL).map((line, index) =>
    `${(index === 0 ? `  ${label}` : "").padEnd(LABEL)}${paint(line)}`
  );
}

/** Breaks a text where a line ends, between words where there are some. */
function wrap(text: string, width: number): string[] {
  if (text.length <= width || width < 20) return [text];
  const space = text.lastIndexOf(" ", width);
  const end = space > width / 2 ? space : width;
  return [text.slice(0, end), ...wrap(text.slice(end).trimStart(), width)];
}

/** Of many items and rules these say why: the first that are not as expected. */
const MOST_DECISIONS = 2;
const MOST_RULES = 4;

/** Nothing was decided: the answer says why, such as a field of the wrong form. */
function describeAnswer({ status, body, events }: Decided): string[] {
  if (events !== undefined && events.length > 0) return [];
  const text = cut(new TextDecoder().decode(body), LONGEST_ANSWER);
  return [dim(`answered ${status ?? "by nobody"} ${text}`.trimEnd())];
}

const LONGEST_ANSWER = 300;

/** The rule that decided, and the one that was expected to, with what they read. */
function describeDecided(
  { test, decided, differences }: RuleTestResult,
  kinds: readonly EndpointKind[],
): string[] {
  if (decided === undefined) return [];
  if (decided.decisions.length === 0) return describeAnswer(decided);
  const { endpoint, body, expect: { rule: wanted } } = test;
  const sight = kinds.find(({ kind }) => kind === endpoint.kind)?.sight;
  const explained = explainDecisions(sight, body, endpoint.rules, decided.decisions);
  const named = explained.filter(({ subject }) =>
    differences.some(({ what }) => what.startsWith(`item ${subject}`))
  );
  const shown = (named.length > 0 ? named : explained).slice(0, MOST_DECISIONS);
  return describeDecisions(shown.map((one) => {
    const concerned = one.trace.filter(({ rule, state }) =>
      state !== "not matched" || rule === wanted
    );
    const trace = concerned.length > 0 ? concerned : one.trace.slice(-MOST_RULES);
    return { ...one, trace: trace.slice(0, MOST_RULES) };
  })).slice(0, -1);
}
