import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import { loadConfig, type Loaded } from "../../config/load.ts";
import { openConnection } from "../../util/connection.ts";
import { locateConfig } from "../../config/file/locate.ts";
import { blank } from "../../config/values/secrets.ts";
import { reportMistakes } from "../../config/report.ts";
import type { Command } from "../terminal/command.ts";
import { parseOptions } from "../terminal/options.ts";

const help = `Usage: storehook check [--config FILE]

Reads a config the way "serve" does, without starting the server, and lists all of its mistakes:
where each is, what was found, what is wanted and how to mend it.

Options:
  --config FILE   the config; else STOREHOOK_CONFIG, else config.json in the working directory,
                  else config.json beside the program

Examples:
  storehook check
  storehook check --config C:\\Storehook\\config.json

Exit codes: 0 fine, 2 the config has mistakes, or wrong usage
`;

/**
 * Makes `storehook check`.
 *
 * @param kinds The kinds that endpoints may have.
 * @returns The command.
 */
export function checkCommand(kinds: readonly EndpointKind[]): Command {
  return {
    name: "check",
    summary: "every mistake of a config: where, what was found, what is wanted",
    help,
    async run(args, terminal) {
      const options = parseOptions(args, { text: ["config"] });
      const file = await locateConfig({ flag: options.text("config"), env: terminal.env });
      const loaded = await loadConfig({
        file,
        kinds,
        env: terminal.env,
        environmentNames: Object.keys(Deno.env.toObject()),
      });
      const { colour } = terminal;
      const warnings = reportMistakes(loaded.warnings, { file, colour, as: "warning" });
      const sections = "mistakes" in loaded
        ? [warnings, reportMistakes(loaded.mistakes, { file, colour })]
        : [
          warnings,
          reportMistakes(loaded.notes, { file, colour, as: "note" }),
          describe(file, loaded),
        ];
      terminal.out(sections.filter((section) => section !== "").join("\n"));
      return "mistakes" in loaded ? 2 : 0;
    },
  };
}

function describe(file: string, { config, endpoints, secrets }: Loaded): string {
  const { hostname, port, publicUrl } = config.server;
  const zone = config.isTimeZoneSet ? "" : ', that of this machine: set "timeZone" to keep it';
  const pathWidth = Math.max(0, ...endpoints.map(({ path }) => path.length));
  const kindWidth = Math.max(0, ...endpoints.map(({ kind }) => kind.length));
  const lines = endpoints.map(({ path, kind, rules, auth }) =>
    `  ${path.padEnd(pathWidth)}  ${kind.padEnd(kindWidth)}  ` +
    (rules.length === 1 ? "1 rule" : `${rules.length} rules`) + describeKeys(auth.keyFingerprints)
  );
  return [
    `${file} is fine`,
    "",
    `Listens on ${hostname}, port ${port}; others reach it as ${publicUrl}`,
    ...lines,
    ...describeOthers("Services", Object.entries(config.services), secrets),
    ...describeOthers("Destinations", Object.entries(config.destinations), secrets),
    `Times without a zone are those of ${config.timeZone}${zone}`,
    "",
  ].join("\n");
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

/** Keys by their fingerprints, as deliveries and metrics name them. */
function describeKeys(fingerprints: readonly string[]): string {
  if (fingerprints.length === 0) return "";
  return `, ${fingerprints.length === 1 ? "key" : "keys"} ${fingerprints.join(" ")}`;
}
