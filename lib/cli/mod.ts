import { nearest } from "../util/words.ts";
import { COMMANDS, commandsOfGroup, findCommand } from "./commands.ts";
import { OutputError, processTerminal, type Terminal, UsageError } from "./terminal/terminal.ts";
import { parseOptions } from "./terminal/options.ts";
import type { CommandEntry } from "./terminal/table.ts";

const DEFAULT_COMMAND = COMMANDS.find(({ isDefault }) => isDefault)?.name ?? "";

/**
 * Runs the command line.
 *
 * @param args The arguments after the program's name; without a command it serves.
 * @param terminal The world around the process.
 * @returns The exit code: 0 fine, 1 the answer is no or it failed, 2 wrong usage or config.
 */
export async function main(
  args: readonly string[],
  terminal: Terminal = processTerminal(),
): Promise<number> {
  try {
    return await runNamed(args, terminal);
  } catch (error) {
    return endedByOutput(error, terminal);
  }
}

/**
 * Says whether a command calls functions of Windows. The program gives up that permission before it
 * does anything else.
 *
 * @param args The arguments after the program's name.
 * @returns Whether it does.
 */
export function callsWindows(args: readonly string[]): boolean {
  return findCommand(args)?.command.usesWindows === true;
}

/** Ends a command whose output cannot be written; any other error goes on. */
function endedByOutput(error: unknown, terminal: Terminal): number {
  // Whoever reads has seen enough: `storehook deliveries export | head`.
  if (error instanceof Deno.errors.BrokenPipe) return 0;
  if (!(error instanceof OutputError)) throw error;
  terminal.err(`${error.message}\n`);
  return 1;
}

async function runNamed(args: readonly string[], terminal: Terminal): Promise<number> {
  const [name = DEFAULT_COMMAND, ...rest] = args;
  if (name === "--help" || name === "-h" || name === "help") {
    return await help(rest, terminal);
  }
  const found = findCommand(completed(args));
  if (found === undefined) return await withoutCommand(args, terminal);
  const { command, rest: given } = found;
  if (given.includes("--help") || given[0] === "-h") {
    terminal.out(await helpOf(command));
    return 0;
  }
  try {
    const options = parseOptions(given, command);
    const run = await command.load();
    return await run(options, terminal);
  } catch (error) {
    if (error instanceof UsageError) return complain(error.message, command.name, terminal);
    throw error;
  }
}

/** The arguments with the command that options alone stand for: `storehook --port 9000` serves. */
function completed(args: readonly string[]): readonly string[] {
  const [first, ...rest] = args;
  if (first === "--version") return ["version", ...rest];
  return first === undefined || first.startsWith("-") ? [DEFAULT_COMMAND, ...args] : args;
}

/** Answers words that name no command; the first may name a group of them. */
async function withoutCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  const [name = "", word] = args;
  const group = commandsOfGroup(name);
  if (group.length === 0) return complain(unknownCommand(args), undefined, terminal);
  if (word === "--help" || word === "-h") {
    terminal.out(await overview(group));
    return 0;
  }
  if (word === undefined) {
    terminal.err(await overview(group));
    return 2;
  }
  const isAlone = word.startsWith("-");
  return complain(isAlone ? incomplete(name, group) : unknownCommand(args), name, terminal);
}

/** Says of a group of commands which there are. */
function incomplete(name: string, group: readonly { readonly name: string }[]): string {
  const names = group.map((command) => command.name.slice(name.length + 1));
  return `The command behind "${name}" is missing, wanted one of ${names.join(", ")}`;
}

/** Tells of a command, a group of commands, or what the documentation says on a topic. */
async function help(topic: readonly string[], terminal: Terminal): Promise<number> {
  const found = findCommand(topic);
  const group = commandsOfGroup(topic[0] ?? "");
  if (found !== undefined) terminal.out(await helpOf(found.command));
  else if (topic.length === 0) terminal.out(await overview(COMMANDS));
  else if (group.length > 0 && topic.length === 1) terminal.out(await overview(group));
  else return await (await import("./help/topic.ts")).showTopic(topic, terminal);
  return 0;
}

/** What other programs call what a command does here. */
const OTHER_NAMES: ReadonlyMap<string, string> = new Map([
  ["run", "serve"],
  ["start", "serve"],
  ["server", "serve"],
  ["validate", "check"],
  ["lint", "check"],
  ["new", "init"],
  ["replay", "forwards retry"],
  ["retry", "forwards retry"],
  ["list", "deliveries list"],
  ["logs", "deliveries list"],
  ["show", "deliveries show"],
  ["backup", "journal backup"],
  ["prune", "journal prune"],
  ["erase", "journal erase"],
  ["install", "service install"],
  ["uninstall", "service uninstall"],
  ["status", "service status"],
  ["stop", "service stop"],
]);

/** Says of words that name no command which one was probably meant: of two words, in any order. */
function unknownCommand([name = "", next]: readonly string[]): string {
  const names = COMMANDS.map((command) => command.name);
  const word = next === undefined || next.startsWith("-") ? undefined : next;
  const isGroup = commandsOfGroup(name).length > 0;
  const meant = word === undefined
    ? undefined
    : nearest(`${name} ${word}`, names) ?? nearest(`${word} ${name}`, names);
  const near = meant ?? OTHER_NAMES.get(name.toLowerCase()) ??
    nearest(name, [...names, ...names.map((full) => full.split(" ", 1)[0] ?? "")]);
  const found = word !== undefined && (isGroup || meant !== undefined) ? `${name} ${word}` : name;
  return `Unknown command "${found}"${near === undefined ? "" : `, did you mean "${near}"?`}`;
}

function complain(message: string, command: string | undefined, terminal: Terminal): number {
  const help = command === undefined ? "storehook --help" : `storehook ${command} --help`;
  terminal.err(`${message}\nSee: ${help}\n`);
  return 2;
}

async function helpOf(command: CommandEntry): Promise<string> {
  return await (await import("./help/render.ts")).commandHelp(command);
}

async function overview(entries: readonly CommandEntry[]): Promise<string> {
  return (await import("./help/render.ts")).overview(entries);
}
