import { bold, cyan, dim } from "@std/fmt/colors";
import type { CommandEntry, CommandSpec, OptionSpec, WordSpec } from "../terminal/table.ts";
import { VERSION } from "../version.ts";

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

/** What fits into the window of a console as it opens. */
const COLUMNS = 80;

/**
 * Lays out Markdown for a terminal: 80 columns, headings bold, tables as lists, links by their
 * words. In colour when colours are on.
 *
 * @param markdown A section of a page.
 * @returns Lines.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(renderMarkdown("See [the log](logs.md).\n\n- one\n- two\n"), [
 *   "See the log.",
 *   "",
 *   "- one",
 *   "- two",
 * ]);
 * ```
 */
export function renderMarkdown(markdown: string): readonly string[] {
  const lines: string[] = [];
  let table: readonly string[] | undefined;
  for (const block of blocksOf(markdown)) {
    if (block.type === "code" || block.type === "indented") {
      lines.push(...block.lines.map((line) => line === "" ? "" : `    ${cyan(line)}`), "");
    } else if (block.type === "heading") {
      lines.push(bold(plain(block.lines.join(" "))), "");
    } else if (block.type === "table") {
      table = cellsOf(block.lines[0] ?? "");
      lines.push(...block.lines.slice(2).flatMap((row) => describeRow(table ?? [], row)));
    } else {
      lines.push(...wrap(plain(block.lines.join(" ")), block.indent, block.first));
      if (!block.tight) lines.push("");
    }
  }
  while (lines.at(-1) === "") lines.pop();
  return lines;
}

interface Block {
  readonly type: "code" | "indented" | "heading" | "table" | "text";
  readonly lines: string[];
  /** What begins its first line, and what its other lines begin with. */
  readonly first: string;
  readonly indent: string;
  /** Whether the next block follows without an empty line. */
  tight: boolean;
}

const ITEM = /^(\s*)([-*]|\d+\.) +/;

function blocksOf(markdown: string): readonly Block[] {
  const blocks: Block[] = [];
  let open: Block | undefined;
  const begin = (type: Block["type"], first = "", indent = "") => {
    open = { type, lines: [], first, indent, tight: false };
    blocks.push(open);
    return open;
  };
  for (const line of markdown.split("\n")) {
    const fence = /^\s*```/.test(line);
    if (open?.type === "code") {
      if (fence) open = undefined;
      else open.lines.push(line);
      continue;
    }
    if (fence) begin("code");
    else if (open?.type === "indented" || (open === undefined && /^ {4}\S/.test(line))) {
      if (line.trim() === "") open = undefined;
      else (open ?? begin("indented")).lines.push(line.slice(4));
    } else if (line.trim() === "" || /^<!--.*-->$/.test(line.trim())) open = undefined;
    else if (/^#{1,6} /.test(line)) {
      begin("heading").lines.push(line.replace(/^#+ /, ""));
      open = undefined;
    } else if (line.startsWith("|")) {
      (open?.type === "table" ? open : begin("table")).lines.push(line);
    } else {
      const [sign, space = "", bullet = ""] = ITEM.exec(line) ?? [];
      if (sign !== undefined) {
        if (open !== undefined) open.tight = true;
        const first = `${space}${bullet} `;
        begin("text", first, " ".repeat(first.length)).lines.push(line.slice(sign.length));
      } else (open?.type === "text" ? open : begin("text")).lines.push(line.trim());
    }
  }
  return blocks;
}

/** A row of a table as a list: its first cell, then the others with the heads of their columns. */
function describeRow(heads: readonly string[], row: string): readonly string[] {
  const [first = "", ...others] = cellsOf(row).map(plain);
  const isPlain = others.length === 1;
  return [
    ...wrap(bold(first), "", ""),
    ...others.flatMap((cell, index) =>
      cell === "" ? [] : wrap(
        isPlain ? cell : `${dim(`${plain(heads[index + 1] ?? "")}:`)} ${cell}`,
        "    ",
        "    ",
      )
    ),
    "",
  ];
}

function cellsOf(row: string): readonly string[] {
  return row.split(/(?<!\\)\|/).slice(1, -1).map((cell) => cell.replaceAll("\\|", "|").trim());
}

/** Words without the signs of links and emphasis; code keeps what is in it. */
function plain(text: string): string {
  return text
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replaceAll(/\*\*([^*]+)\*\*/g, "$1")
    .replaceAll(/(^|[\s(])_([^_]+)_(?=[\s.,;:)]|$)/g, "$1$2")
    .replaceAll(/`([^`]+)`/g, "$1")
    .replaceAll("<br>", " ");
}

/**
 * Breaks text into lines, of 80 columns unless told.
 *
 * @param text The text; any white space in it is where it may break.
 * @param indent What its lines begin with.
 * @param first What the first one begins with.
 * @param columns How long they may be.
 * @returns The lines. A longer word stands alone on its line.
 */
export function wrap(
  text: string,
  indent: string,
  first: string,
  columns: number = COLUMNS,
): readonly string[] {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of text.split(/\s+/)) {
    if (!isEmpty && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = indent;
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line];
}
