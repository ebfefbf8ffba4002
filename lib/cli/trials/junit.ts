import { dirname, resolve } from "@std/path";
import type { RuleTestResult } from "../../trials/rule_tests/run.ts";
import { countResults } from "../../trials/rule_tests/run.ts";
import { describeReadFailure, retryWhileBusy } from "../../util/files.ts";
import { type Terminal, UsageError } from "../terminal/terminal.ts";

/**
 * Writes what became of tests as JUnit does, which every system for continuous integration reads.
 *
 * @param file Where to; `-` is standard output. What is there goes.
 * @param results What became of them.
 * @param terminal Where standard output is.
 * @throws {UsageError} When it can't be written.
 */
export async function writeJUnit(
  file: string,
  results: readonly RuleTestResult[],
  terminal: Pick<Terminal, "out">,
): Promise<void> {
  const text = junitXml(results);
  if (file === "-") return terminal.out(text);
  try {
    await Deno.mkdir(dirname(resolve(file)), { recursive: true });
    await retryWhileBusy(() => Deno.writeTextFile(file, text));
  } catch (error) {
    throw new UsageError(`Cannot write "${file}": ${describeReadFailure(error)}`, { cause: error });
  }
}

/**
 * Writes results as JUnit does: a suite for each file.
 *
 * @param results What became of the tests.
 * @returns The document.
 */
export function junitXml(results: readonly RuleTestResult[]): string {
  const byFile = Map.groupBy(results, ({ test }) => test.file);
  const suites = Array.from(byFile, ([file, ofFile]) =>
    [
      `  <testsuite name="${escapeXml(file)}"${countsOf(ofFile)}>`,
      ...ofFile.flatMap(describeCase),
      "  </testsuite>",
    ].join("\n"));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="storehook"${countsOf(results)}>`,
    ...suites,
    "</testsuites>",
    "",
  ].join("\n");
}

function countsOf(results: readonly RuleTestResult[]): string {
  const { failed, skipped } = countResults(results);
  const time = results.reduce((sum, { durationMs }) => sum + durationMs, 0);
  return ` tests="${results.length}" failures="${failed}" errors="0" skipped="${skipped}" ` +
    `time="${seconds(time)}"`;
}

function describeCase({ test, state, differences, durationMs }: RuleTestResult): string[] {
  const line = test.place().position?.line;
  const place = `file="${escapeXml(test.file)}"${line === undefined ? "" : ` line="${line}"`}`;
  const head = `    <testcase name="${escapeXml(test.name)}" classname="${escapeXml(test.path)}" ` +
    `${place} time="${seconds(durationMs)}"`;
  if (state === "passed") return [`${head}/>`];
  if (state === "skipped") {
    return [
      `${head}>`,
      `      <skipped message="${escapeXml(test.skipped ?? "")}"/>`,
      "    </testcase>",
    ];
  }
  const lines = differences.map(({ what, expected, got }) =>
    `${what}: expected ${expected}, got ${got}`
  );
  return [
    `${head}>`,
    `      <failure message="${escapeXml(lines[0] ?? "")}">${
      escapeXml(lines.join("\n"))
    }</failure>`,
    "    </testcase>",
  ];
}

function seconds(durationMs: number): string {
  return (durationMs / 1000).toFixed(6);
}

/** What XML cannot hold at all is shown by its number. */
function escapeXml(text: string): string {
  return text.toWellFormed().replace(
    // deno-lint-ignore no-control-regex -- These are what XML 1.0 has no way to write.
    /[&<>"]|[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g,
    (sign) => ENTITIES[sign] ?? `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  ).replaceAll("\n", "&#10;");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};
