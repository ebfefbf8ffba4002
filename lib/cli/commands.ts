import { consoleEntry, consolePasswordEntry, consoleTokenEntry } from "./table/console.ts";
import {
  forwardsCancelEntry,
  forwardsListEntry,
  forwardsResendEntry,
  forwardsRetryEntry,
  forwardsShowEntry,
  forwardsTestEntry,
} from "./table/forwards.ts";
import {
  journalBackupEntry,
  journalCopyEntry,
  journalEraseEntry,
  journalInfoEntry,
  journalPruneEntry,
} from "./table/journal.ts";
import {
  deliveriesExportEntry,
  deliveriesListEntry,
  deliveriesShowEntry,
  eventsExportEntry,
  eventsListEntry,
  eventsShowEntry,
} from "./table/records.ts";
import {
  checkEntry,
  initEntry,
  openapiEntry,
  schemaEntry,
  serveEntry,
  setupEntry,
  tableConvertEntry,
  versionEntry,
} from "./table/server.ts";
import {
  serviceInstallEntry,
  servicePrintEntry,
  serviceRunEntry,
  serviceStartEntry,
  serviceStatusEntry,
  serviceStopEntry,
  serviceUninstallEntry,
} from "./table/service.ts";
import {
  demoEntry,
  emporixConfigEntry,
  explainEntry,
  sampleEntry,
  sendEntry,
  signEntry,
  verifyEntry,
} from "./table/store.ts";
import {
  backtestEntry,
  coverageEntry,
  shadowEntry,
  testEntry,
  testPinEntry,
} from "./table/trials.ts";
import type { CommandEntry } from "./terminal/table.ts";

/** `storehook completions`. */
const completionsEntry: CommandEntry = {
  name: "completions",
  summary: "what lets a shell complete commands and options",
  about: `Prints a script that lets a shell complete the commands, their options and the values of
options that are few. Nothing runs while you type but the shell.`,
  words: [{
    name: "SHELL",
    values: () =>
      Promise.resolve([
        ["bash", "source <(storehook completions bash)"],
        ["zsh", "source <(storehook completions zsh)"],
        ["fish", "storehook completions fish | source"],
        ["powershell", "storehook completions powershell | Out-String | Invoke-Expression"],
      ]),
    valuesHead: "SHELL is one of, with the line that switches it on, for the shell's own profile:",
  }],
  options: [],
  exits: { 0: "fine", 2: "wrong usage" },
  load: async () => (await import("./help/completions.ts")).completionsCommand(COMMANDS),
};

/** All commands, in the order of the help. */
export const COMMANDS: readonly CommandEntry[] = [
  serveEntry,
  checkEntry,
  initEntry,
  setupEntry,
  signEntry,
  verifyEntry,
  sendEntry,
  sampleEntry,
  demoEntry,
  explainEntry,
  testEntry,
  testPinEntry,
  coverageEntry,
  backtestEntry,
  shadowEntry,
  tableConvertEntry,
  emporixConfigEntry,
  deliveriesListEntry,
  deliveriesShowEntry,
  deliveriesExportEntry,
  eventsListEntry,
  eventsShowEntry,
  eventsExportEntry,
  forwardsListEntry,
  forwardsShowEntry,
  forwardsRetryEntry,
  forwardsResendEntry,
  forwardsCancelEntry,
  forwardsTestEntry,
  journalInfoEntry,
  journalPruneEntry,
  journalBackupEntry,
  journalCopyEntry,
  journalEraseEntry,
  consoleEntry,
  consolePasswordEntry,
  consoleTokenEntry,
  serviceInstallEntry,
  serviceStatusEntry,
  serviceStartEntry,
  serviceStopEntry,
  serviceUninstallEntry,
  servicePrintEntry,
  serviceRunEntry,
  schemaEntry,
  openapiEntry,
  completionsEntry,
  versionEntry,
];

/** A command and the arguments that are left for it. */
interface FoundCommand {
  readonly command: CommandEntry;
  readonly rest: readonly string[];
}

/**
 * Finds the command that the first words name: a name has one word or two.
 *
 * @param args The arguments after the program's name.
 * @returns The command, `undefined` when there is none of that name.
 */
export function findCommand(args: readonly string[]): FoundCommand | undefined {
  for (const length of [2, 1]) {
    const name = args.slice(0, length).join(" ");
    const command = COMMANDS.find((candidate) => candidate.name === name);
    if (command !== undefined) return { command, rest: args.slice(length) };
  }
  return undefined;
}

/**
 * Finds the commands whose names begin with a word: `deliveries` has `deliveries list` and others.
 *
 * @param word The word.
 * @returns The commands, none when the word names no group.
 */
export function commandsOfGroup(word: string): readonly CommandEntry[] {
  return COMMANDS.filter((command) => command.name.startsWith(`${word} `));
}
