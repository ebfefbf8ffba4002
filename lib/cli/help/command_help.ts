import type { CommandEntry, CommandSpec, OptionSpec, WordSpec } from "../terminal/table.ts";
import { VERSION } from "../version.ts";
import { wrap } from "./render.ts";

/**
 * Writes the help of a command: usage, what it does, options, examples and exit codes, within 80
 * columns.
 *
 * @param spec The command.
 * @returns Whole lines.
 */
export async function commandHelp(spec: CommandSpec): Promise<string> {
  const { about, words = [], options, examples = [] } = spec;
  const lists = await Promise.all(words.map(listValues));
  return sections([
    [`Usage: storehook ${usageOf(spec)}`],
    ...paragraphs(about),
    ...lists,
    options.length === 0 ? [] : ["Options:", ...columns(options.map(describeOption))],
    examples.length === 0 ? [] : [
      examples.length === 1 ? "Example:" : "Examples:",
      ...examples.map((example) => `  ${example}`),
    ],
    describeExits(spec),
  ]);
}

/**
 * Writes the list of commands.
 *
 * @param entries The commands; their code is not loaded.
 * @returns Whole lines.
 */
export function overview(entries: readonly CommandEntry[]): string {
  return sections([
    [`Storehook ${VERSION}: answers uStore's webhooks, signed, and takes in events`],
    ["Usage: storehook [command] [options]"],
    ["Commands:", ...columns(entries.map(({ name, summary }) => [name, summary]))],
    [
      ...wrap(
        'Without a command it serves. "storehook COMMAND --help" tells more of each, and ' +
          '"storehook help TOPIC" what the documentation says: help rules, help not_json',
        "",
        "",
      ),
      "Exit codes: 0 fine, 1 the answer is no or it failed, 2 wrong usage or config",
    ],
  ]);
}

/**
 * Writes how a command is called, behind the program's name.
 *
 * @param spec The command.
 */
export function usageOf({ name, isDefault, words = [], options, needs = [] }: CommandSpec): string {
  const given = [
    ...words.map(usageOfWord),
    ...needs.map((group) => {
      const names = group.map(nameWithValue).join(" | ");
      return group.length === 1 ? names : `(${names})`;
    }),
  ];
  const isOptional = (option: OptionSpec) => !needs.some((group) => group.includes(option));
  return [
    isDefault ? `[${name}]` : name,
    ...given,
    ...(options.some(isOptional) ? ["[options]"] : []),
  ].join(" ");
}

function usageOfWord({ name, isRepeated, unless }: WordSpec): string {
  const word = isRepeated ? `${name}…` : name;
  return unless === undefined ? word : `(${word} | ${nameWithValue(unless)})`;
}

/** An option as it is written, with what stands for its value. */
function nameWithValue(option: OptionSpec): string {
  return option.kind === "flag" ? `--${option.name}` : `--${option.name} ${option.value}`;
}

/**
 * Writes an option and what it does, with what it is where it is not given.
 *
 * @param option The option.
 */
export function describeOption(option: OptionSpec): readonly [name: string, help: string] {
  const preset = "preset" in option ? ` (default ${option.preset})` : "";
  return [nameWithValue(option), `${option.help}${preset}`];
}

/** What the exit codes mean; none stands at the end of a line, away from its meaning. */
function describeExits({ exits }: CommandSpec): readonly string[] {
  const all = Object.entries(exits).map(([code, meaning]) => `${code}${TIE}${meaning}`);
  return wrap(`Exit codes: ${all.join(", ")}`, "", "").map((line) => line.replaceAll(TIE, " "));
}

/** Holds words together while lines are broken. */
const TIE = "\u0000";

async function listValues({ name, values, valuesHead }: WordSpec): Promise<readonly string[]> {
  if (values === undefined) return [];
  const rows = columns(await values());
  return [...wrap(valuesHead ?? `${name} is one of:`, "", ""), ...rows];
}

/** Paragraphs in lines; what is indented stays as it is. */
function paragraphs(text: string): readonly (readonly string[])[] {
  return text.split("\n\n").map((paragraph) =>
    paragraph.startsWith("  ") ? paragraph.split("\n") : wrap(paragraph, "", "")
  );
}

/** Names in one column, and what is said of each in the other. */
function columns(rows: readonly (readonly [name: string, text: string])[]): readonly string[] {
  const width = Math.max(...rows.map(([name]) => name.length));
  const indent = " ".repeat(width + 5);
  return rows.flatMap(([name, text]) => wrap(text, indent, `  ${name.padEnd(width)}   `));
}

function sections(parts: readonly (readonly string[])[]): string {
  const filled = parts.filter((lines) => lines.length > 0);
  return `${filled.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}
