import { assert, assertEquals } from "@std/assert";
import { createMeters } from "../../lib/observe/metrics/meters.ts";

const METRIC = /\b(?:storehook|process)_[a-z_]+\b/g;

function read(page: string): string {
  return Deno.readTextFileSync(new URL(`../../docs/${page}`, import.meta.url));
}

/** The formatter pads the cells of tables. */
function withoutPadding(line: string): string {
  return line.replace(/ +/g, " ").trim();
}

/** Every name under which a value of the program can be asked for. */
function knownNames(): ReadonlySet<string> {
  return new Set(
    createMeters("1.2.3").families().flatMap(({ name, type }) =>
      type === "histogram" ? ["_bucket", "_sum", "_count"].map((suffix) => name + suffix) : [name]
    ),
  );
}

function assertKnown(texts: readonly string[]): void {
  const names = texts.flatMap((text) => text.match(METRIC) ?? []);
  const known = knownNames();
  assert(names.length > 0);
  assertEquals(names.filter((name) => !known.has(name)), []);
}

/** Every text in a JSON value that stands under a key. */
function textsUnder(key: string, value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]: readonly [string, unknown]) =>
    name === key && typeof inner === "string" ? [inner] : textsUnder(key, inner)
  );
}

Deno.test("docs/metrics.md lists every metric as the program has it", () => {
  const listed = read("metrics.md").split(/\r?\n/).map(withoutPadding)
    .filter((line) => /^\| `(?:storehook|process)_/.test(line));
  const wanted = createMeters("1.2.3").families().map(({ name, type, labels, help }) =>
    withoutPadding(
      `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(", ")} | ${help} |`,
    )
  );
  assertEquals(listed, wanted);
});

Deno.test("docs/grafana.json asks only for metrics that the program has", () => {
  const dashboard: unknown = JSON.parse(read("grafana.json"));
  assertKnown(textsUnder("expr", dashboard));
  assertKnown(textsUnder("query", dashboard).filter((text) => text.startsWith("label_values(")));
});

Deno.test("docs/alerts.yml asks only for metrics that the program has", () => {
  const expressions = read("alerts.yml").split(/^ +- alert: .*$/m)
    .map((rule) => /expr:([^]*?)\n {8}(?:for|labels):/.exec(rule)?.[1] ?? "");
  assertKnown(expressions);
});

Deno.test("docs/grafana.json shows every metric but what stands in a name alone", () => {
  const expressions = textsUnder("expr", JSON.parse(read("grafana.json"))).join("\n");
  const missing = createMeters("1.2.3").families().map(({ name }) => name)
    .filter((name) => !expressions.includes(name));
  assertEquals(missing, [
    "storehook_config_reloads_total",
    "storehook_config_loaded_timestamp_seconds",
    "storehook_build_info",
  ]);
});
