import { handlers } from "../../handlers/mod.ts";
import { sampleConfig } from "../../handlers/ustore/sample_config.ts";
import { nearest } from "../nearest.ts";
import { backtestCommand } from "./backtest/backtest.ts";
import { checkCommand } from "./config/check.ts";
import { type Command, type Terminal, UsageError } from "./terminal/command.ts";
import { deliveriesExportCommand } from "./deliveries/export.ts";
import { deliveriesListCommand } from "./deliveries/list.ts";
import { deliveriesShowCommand } from "./deliveries/show.ts";
import { demoCommand } from "./demo/demo.ts";
import { emporixConfigCommand } from "./config/emporix_config.ts";
import { eventsExportCommand } from "./events/export.ts";
import { eventsListCommand } from "./events/list.ts";
import { eventsShowCommand } from "./events/show.ts";
import { explainCommand } from "./explain/explain.ts";
import { commandsOfGroup, findCommand } from "./terminal/find_command.ts";
import { forwardsCancelCommand } from "./forwards/cancel.ts";
import { forwardsListCommand } from "./forwards/list.ts";
import { forwardsRetryCommand } from "./forwards/retry.ts";
import { forwardsShowCommand } from "./forwards/show.ts";
import { initCommand } from "./config/init.ts";
import { journalBackupCommand } from "./journal/backup.ts";
import { journalEraseCommand } from "./journal/erase.ts";
import { journalInfoCommand } from "./journal/info.ts";
import { journalPruneCommand } from "./journal/prune.ts";
import { openapiCommand } from "./openapi/openapi.ts";
import { schemaCommand } from "./config/schema.ts";
import { sendCommand } from "./send/send.ts";
import { serveCommand } from "./serve/serve.ts";
import { serviceInstallCommand } from "./service/install.ts";
import { servicePrintCommand } from "./service/print.ts";
import { serviceStatusCommand } from "./service/status.ts";
import {
  serviceStartCommand,
  serviceStopCommand,
  serviceUninstallCommand,
} from "./service/steps.ts";
import { signCommand } from "./signature/sign.ts";
import { processTerminal } from "./terminal/terminal.ts";
import { verifyCommand } from "./signature/verify.ts";
import { VERSION, versionCommand } from "./version.ts";

const serve = serveCommand(handlers);

const commands: readonly Command[] = [
  serve,
  checkCommand(handlers),
  initCommand(sampleConfig, handlers),
  signCommand,
  verifyCommand,
  sendCommand(handlers),
  demoCommand(handlers, sampleConfig),
  explainCommand(handlers),
  backtestCommand(handlers),
  emporixConfigCommand,
  deliveriesListCommand(handlers),
  deliveriesShowCommand(handlers),
  deliveriesExportCommand(handlers),
  eventsListCommand(handlers),
  eventsShowCommand(handlers),
  eventsExportCommand(handlers),
  forwardsListCommand(handlers),
  forwardsShowCommand(handlers),
  forwardsRetryCommand(handlers),
  forwardsCancelCommand(handlers),
  journalInfoCommand(handlers),
  journalPruneCommand(handlers),
  journalBackupCommand(handlers),
  journalEraseCommand(handlers),
  serviceInstallCommand(handlers),
  serviceStatusCommand(handlers),
  serviceStartCommand,
  serviceStopCommand,
  serviceUninstallCommand,
  servicePrintCommand(handlers),
  schemaCommand(handlers),
  openapiCommand(handlers, sampleConfig),
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
    terminal.out(helpOn(rest));
    return 0;
  }
  if (name === "--version") return versionCommand.run(rest, terminal);
  // `storehook --port 9000` serves: serve is the default command.
  const found = name.startsWith("-") || args.length === 0
    ? { command: serve, rest: args }
    : findCommand(commands, args);
  if (found === undefined) return withoutCommand(args, terminal);
  const { command, rest: given } = found;
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

/** Answers words that name no command; the first may name a group of them. */
function withoutCommand(args: readonly string[], terminal: Terminal): number {
  const [name = "", word] = args;
  const group = commandsOfGroup(commands, name);
  if (group.length === 0) return complain(unknownCommand(name), undefined, terminal);
  if (word === "--help" || word === "-h") {
    terminal.out(overview(group));
    return 0;
  }
  if (word === undefined) {
    terminal.err(overview(group));
    return 2;
  }
  return complain(unknownCommand(`${name} ${word}`), name, terminal);
}

function helpOn(topic: readonly string[]): string {
  const group = commandsOfGroup(commands, topic[0] ?? "");
  return findCommand(commands, topic)?.command.help ??
    overview(group.length > 0 ? group : commands);
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

function overview(shown: readonly Command[]): string {
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
