import { handlers } from "../../handlers/mod.ts";
import { sampleConfig } from "../../handlers/ustore/sample_config.ts";
import { nearest } from "../nearest.ts";
import { checkCommand } from "./check.ts";
import { type Command, type Terminal, UsageError } from "./command.ts";
import { demoCommand } from "./demo.ts";
import { explainCommand } from "./explain.ts";
import { initCommand } from "./init.ts";
import { schemaCommand } from "./schema.ts";
import { sendCommand } from "./send.ts";
import { serveCommand } from "./serve.ts";
import { signCommand } from "./sign.ts";
import { processTerminal } from "./terminal.ts";
import { verifyCommand } from "./verify.ts";
import { VERSION, versionCommand } from "./version.ts";

const commands: readonly Command[] = [
  serveCommand(handlers),
  checkCommand(handlers),
  initCommand(sampleConfig, handlers),
  signCommand,
  verifyCommand,
  sendCommand(handlers),
  demoCommand(handlers, sampleConfig),
  explainCommand(handlers),
  schemaCommand(handlers),
  versionCommand,
];

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
  const [name = "serve", ...rest] = args;
  if (name === "--help" || name === "-h" || name === "help") {
    const topic = commands.find((command) => command.name === rest[0]);
    terminal.out(topic?.help ?? overview());
    return 0;
  }
  if (name === "--version") return versionCommand.run(rest, terminal);
  // `storehook --port 9000` serves: serve is the default command.
  const command = name.startsWith("-")
    ? commands[0]
    : commands.find((candidate) => candidate.name === name);
  if (command === undefined) return complain(unknownCommand(name), undefined, terminal);
  const given = name.startsWith("-") ? args : rest;
  if (given.includes("--help") || given[0] === "-h") {
    terminal.out(command.help);
    return 0;
  }
  try {
    return await command.run(given, terminal);
  } catch (error) {
    if (error instanceof UsageError) return complain(error.message, command.name, terminal);
    throw error;
  }
}

function unknownCommand(name: string): string {
  const near = nearest(name, commands.map((command) => command.name));
  return `Unknown command "${name}"${near === undefined ? "" : `, did you mean "${near}"?`}`;
}

function complain(message: string, command: string | undefined, terminal: Terminal): number {
  const help = command === undefined ? "storehook --help" : `storehook ${command} --help`;
  terminal.err(`${message}\nSee: ${help}\n`);
  return 2;
}

function overview(): string {
  const width = Math.max(...commands.map((command) => command.name.length));
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(width)}   ${summary}`);
  return `Storehook ${VERSION}: answers uStore's webhooks, signed

Usage: storehook [command] [options]

Commands:
${lines.join("\n")}

Without a command it serves. "storehook COMMAND --help" tells more of each.
Exit codes: 0 fine, 1 the answer is no or it failed, 2 wrong usage or config
`;
}
