import { nearest } from "../nearest.ts";
import { type CommandEntry, COMMANDS } from "./commands.ts";
import { type Terminal, UsageError } from "./terminal/command.ts";
import { commandsOfGroup, findCommand } from "./terminal/find_command.ts";
import { processTerminal } from "./terminal/terminal.ts";

const SERVE = "serve";

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
  const [name = SERVE, ...rest] = args;
  if (name === "--help" || name === "-h" || name === "help") {
    terminal.out(await helpOn(rest));
    return 0;
  }
  const found = findCommand(COMMANDS, completed(args));
  if (found === undefined) return await withoutCommand(args, terminal);
  const { rest: given } = found;
  const command = await found.command.load();
  if (given.includes("--help") || given[0] === "-h") {
    terminal.out(command.help);
    return 0;
  }
  try {
    return await command.run(given, terminal);
  } catch (error) {
    if (error instanceof UsageError) return complain(error.message, command.name, terminal);
    // Whoever reads has seen enough: `storehook deliveries export | head`.
    if (error instanceof Deno.errors.BrokenPipe) return 0;
    throw error;
  }
}

/** The arguments with the command that options alone stand for: `storehook --port 9000` serves. */
function completed(args: readonly string[]): readonly string[] {
  const [first, ...rest] = args;
  if (first === "--version") return ["version", ...rest];
  return first === undefined || first.startsWith("-") ? [SERVE, ...args] : args;
}

/** Answers words that name no command; the first may name a group of them. */
async function withoutCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  const [name = "", word] = args;
  const group = commandsOfGroup(COMMANDS, name);
  if (group.length === 0) return complain(unknownCommand(name), undefined, terminal);
  if (word === "--help" || word === "-h") {
    terminal.out(await overview(group));
    return 0;
  }
  if (word === undefined) {
    terminal.err(await overview(group));
    return 2;
  }
  return complain(unknownCommand(`${name} ${word}`), name, terminal);
}

async function helpOn(topic: readonly string[]): Promise<string> {
  const found = findCommand(COMMANDS, topic);
  if (found !== undefined) return (await found.command.load()).help;
  const group = commandsOfGroup(COMMANDS, topic[0] ?? "");
  return await overview(group.length > 0 ? group : COMMANDS);
}

function unknownCommand(name: string): string {
  const near = nearest(name, COMMANDS.map((command) => command.name));
  return `Unknown command "${name}"${near === undefined ? "" : `, did you mean "${near}"?`}`;
}

function complain(message: string, command: string | undefined, terminal: Terminal): number {
  const help = command === undefined ? "storehook --help" : `storehook ${command} --help`;
  terminal.err(`${message}\nSee: ${help}\n`);
  return 2;
}

async function overview(entries: readonly CommandEntry[]): Promise<string> {
  const { VERSION } = await import("./version.ts");
  const shown = await Promise.all(entries.map((entry) => entry.load()));
  const width = Math.max(...shown.map((command) => command.name.length));
  const lines = shown.map(({ name, summary }) => `  ${name.padEnd(width)}   ${summary}`);
  return `Storehook ${VERSION}: answers uStore's webhooks, signed, and takes in events

Usage: storehook [command] [options]

Commands:
${lines.join("\n")}

Without a command it serves. "storehook COMMAND --help" tells more of each.
Exit codes: 0 fine, 1 the answer is no or it failed, 2 wrong usage or config
`;
}
