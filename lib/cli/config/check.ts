import { dirname } from "@std/path";
import type { DecidingRules } from "../../rules/decision.ts";
import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import { formatPath, type LocatedMistake, reportMistakes } from "../../config/mistake.ts";
import type { Loaded, NotLoaded } from "../../config/load.ts";
import { countResults, type RuleTestResult } from "../../trials/rule_tests/run.ts";
import { loadTestedConfig } from "../../trials/rule_tests/tested_config.ts";
import { openConnection } from "../../util/connection.ts";
import { configPlaces, findConfig, type LocatedConfig } from "../../config/locate.ts";
import { blank } from "../../config/secrets.ts";
import { fileExists } from "../../util/files.ts";
import type { RunCommand } from "../terminal/table.ts";
import type { Terminal } from "../terminal/terminal.ts";

/**
 * Makes `storehook check`.
 *
 * @param kinds The kinds that endpoints may have.
 * @returns The command.
 */
export function checkCommand(kinds: readonly EndpointKind[]): RunCommand {
  return async (options, terminal) => {
    const found = await findConfig({ flag: options.text("config"), env: terminal.env });
    const { file } = found;
    const { loaded, results } = await loadTestedConfig({
      file,
      kinds,
      env: terminal.env,
      environmentNames: Object.keys(Deno.env.toObject()),
    });
    if (options.flag("json")) {
      terminal.out(`${JSON.stringify(checkRecord(found, loaded, results))}\n`);
      return "mistakes" in loaded ? 2 : 0;
    }
    const { colour } = terminal;
    const warnings = reportMistakes(loaded.warnings, { file, colour, as: "warning" });
    const sections = "mistakes" in loaded
      ? [
        warnings,
        reportMistakes(loaded.mistakes, { file, colour }),
        await whereItWasFound(found, terminal),
      ]
      : [
        warnings,
        reportMistakes(loaded.notes, { file, colour, as: "note" }),
        describe(found, loaded, results),
      ];
    terminal.out(sections.filter((section) => section !== "").join("\n"));
    return "mistakes" in loaded ? 2 : 0;
  };
}

/** All that `check` finds, for machines: editors and CI look for the line and the column. */
function checkRecord(
  { file, why }: LocatedConfig,
  loaded: Loaded | NotLoaded,
  results: readonly RuleTestResult[],
) {
  const warnings = loaded.warnings.map(mistakeRecord);
  const head = { file, found: why };
  if ("mistakes" in loaded) {
    return {
      ok: false,
      ...head,
      mistakes: loaded.mistakes.map(mistakeRecord),
      warnings,
      notes: [],
    };
  }
  const { config, endpoints, notes } = loaded;
  const { hostname, port, publicUrl } = config.server;
  return {
    ok: true,
    ...head,
    mistakes: [],
    warnings,
    notes: notes.map(mistakeRecord),
    server: { hostname, port, publicUrl },
    endpoints: endpoints.map(({ path, kind, rules, auth }) => ({
      path,
      kind,
      rules: rules.length,
      keys: auth.keyFingerprints,
    })),
    services: Object.keys(config.services),
    destinations: Object.keys(config.destinations),
    tests: countResults(results),
    timeZone: config.timeZone,
  };
}

function mistakeRecord({ path, position, message, hint, file }: LocatedMistake) {
  return {
    ...(file !== undefined && { file }),
    path: formatPath(path),
    line: position?.line ?? null,
    column: position?.column ?? null,
    message,
    hint: hint ?? null,
  };
}

/** Who named it knows; who did not may look at another one than the one with the mistakes. */
async function whereItWasFound(
  { file, why, isNamed }: LocatedConfig,
  { env }: Terminal,
): Promise<string> {
  if (isNamed) return "";
  if (await fileExists(file)) return `The config is ${why}\n`;
  const places = configPlaces({ env });
  return places.length === 1 ? "" : `Looked for ${places.join(", then for ")}\n`;
}

function describe(
  { file, why }: LocatedConfig,
  { config, endpoints, secrets }: Loaded,
  results: readonly RuleTestResult[],
): string {
  const { hostname, port, publicUrl } = config.server;
  const zone = config.isTimeZoneSet ? "" : ', that of this machine: set "timeZone" to keep it';
  const pathWidth = Math.max(0, ...endpoints.map(({ path }) => path.length));
  const kindWidth = Math.max(0, ...endpoints.map(({ kind }) => kind.length));
  const lines = endpoints.map((endpoint) =>
    `  ${endpoint.path.padEnd(pathWidth)}  ${endpoint.kind.padEnd(kindWidth)}  ` +
    describeRuleCount(endpoint) + describeKeys(endpoint.auth.keyFingerprints)
  );
  return [
    `${file} is fine`,
    "",
    `Listens on ${hostname}, port ${port}; others reach it as ${publicUrl}`,
    ...lines,
    ...describeOthers("Services", Object.entries(config.services), secrets),
    ...describeOthers("Destinations", Object.entries(config.destinations), secrets),
    `Times without a zone are those of ${config.timeZone}${zone}`,
    ...describeTests(results),
    `The config is ${why}; relative paths in it start at ${dirname(file)}`,
    "",
  ].join("\n");
}

function describeTests(results: readonly RuleTestResult[]): readonly string[] {
  if (results.length === 0) return [];
  const { passed, skipped } = countResults(results);
  const rest = skipped === 0 ? "" : `, ${skipped} skipped`;
  return [`Tests: ${passed} passed${rest}`];
}

/** A third party: a service, or a destination. */
type Other = { readonly url: string; readonly proxy: string } | { readonly path: string };

function describeOthers(
  title: string,
  others: readonly (readonly [name: string, other: Other])[],
  secrets: readonly string[],
): readonly string[] {
  if (others.length === 0) return [];
  const width = Math.max(...others.map(([name]) => name.length));
  const lines = others.map(([name, other]) =>
    `  ${name.padEnd(width)}  ${
      "url" in other ? `${addressOf(other.url, secrets)}, ${describeWay(other)}` : other.path
    }`
  );
  return [`${title}:`, ...lines];
}

/** Where a request goes, without what lets it in: a password, a query, what came from outside. */
function addressOf(text: string, secrets: readonly string[]): string {
  const url = URL.parse(text);
  return blank(url === null ? text : `${url.origin}${url.pathname}`, secrets);
}

/** Also that there would be a proxy: whoever relied on the machine's has to name it. */
function describeWay(other: { readonly url: string; readonly proxy: string }): string {
  const { by } = openConnection(other);
  if (by !== undefined) return `by the proxy ${by}`;
  const couldBe = openConnection({ ...other, proxy: "environment" }).by !== undefined;
  return couldBe
    ? 'without a proxy ("proxy": "environment" would take that of the environment)'
    : "without a proxy";
}

/** How many rules there are, and how many rows in those that are tables. */
function describeRuleCount({ rules, linesOf }: DecidingRules): string {
  const tables = rules.filter(({ table }) => table !== undefined);
  const rows = tables.reduce((sum, { name }) => sum + (linesOf?.(name).length ?? 0), 0);
  const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;
  const inTables = tables.length === 0 ? "" : ` with ${counted(rows, "row")}`;
  return `${counted(rules.length, "rule")}${inTables}`;
}

/** Keys by their fingerprints, as deliveries and metrics name them. */
function describeKeys(fingerprints: readonly string[]): string {
  if (fingerprints.length === 0) return "";
  return `, ${fingerprints.length === 1 ? "key" : "keys"} ${fingerprints.join(" ")}`;
}
