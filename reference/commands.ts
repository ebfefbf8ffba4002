/** Writes what `docs/commands.md` says of every command. */
import { describeOption, usageOf, wrap } from "../lib/cli/help/render.ts";
import type { CommandSpec, WordSpec } from "../lib/cli/terminal/table.ts";
import { markdownTable } from "./markdown.ts";

/** How long `deno fmt` leaves lines. */
const COLUMNS = 100;

/**
 * Writes a section for each command.
 *
 * @param commands The commands.
 * @returns Markdown, as `deno fmt` leaves it.
 */
export async function commandReference(commands: readonly CommandSpec[]): Promise<string> {
  return (await Promise.all(commands.map(sectionOf))).join("\n\n");
}

async function sectionOf(spec: CommandSpec): Promise<string> {
  const { name, about, words = [], options, examples = [], exits } = spec;
  const meanings = Object.entries(exits).map(([code, meaning]) => [`\`${code}\``, meaning]);
  return [
    `## \`${name}\``,
    shell([`storehook ${usageOf(spec)}`]),
    ...paragraphsOf(about),
    ...await Promise.all(words.map(valuesOf)),
    options.length === 0 ? "" : markdownTable(
      ["option", "what it does"],
      options.map(describeOption).map(([option, help]) => [`\`${option}\``, help]),
    ),
    examples.length === 0 ? "" : shell(examples),
    markdownTable(["exit code", "means"], meanings),
  ].filter((part) => part !== "").join("\n\n");
}

async function valuesOf({ name, values }: WordSpec): Promise<string> {
  if (values === undefined) return "";
  const rows = (await values()).map(([value, meaning]) => [`\`${value}\``, inMarkdown(meaning)]);
  return markdownTable([name, ""], rows);
}

function paragraphsOf(about: string): readonly string[] {
  return about.split("\n\n").map((paragraph) =>
    paragraph.startsWith("  ")
      ? shell(paragraph.split("\n").map((line) => line.trim()))
      : wrap(inMarkdown(paragraph), "", "", COLUMNS).join("\n")
  );
}

function shell(lines: readonly string[]): string {
  return ["```sh", ...lines, "```"].join("\n");
}

/** Addresses, options and quoted commands as code: they are typed. */
function inMarkdown(text: string): string {
  return text
    .replaceAll(/"(storehook [^"]+)"/g, "`$1`")
    .replaceAll(/(?<=^|\s)(https?:\/\/[^\s,]+[^\s,.])/g, "`$1`")
    .replaceAll(/(?<=^|\s|\()(--[a-z-]+)/g, "`$1`");
}
