import type { CommandEntry } from "../terminal/table.ts";
import { CONFIG, JSON_LINE, loadHandlers } from "./shared.ts";

/** `storehook console`. */
export const consoleEntry: CommandEntry = {
  name: "console",
  summary: "a link that signs in to the console, once",
  about:
    `Prints a link to the console of the server that runs with the config's journal. It signs in
once, within a minute, without a password: whoever can change the journal may look into it.`,
  options: [
    CONFIG,
    {
      kind: "one-of",
      name: "role",
      value: "ROLE",
      choices: ["viewer", "operator", "admin"],
      help: "what may be done there: viewer, operator or admin; admin unless given",
    },
    { ...JSON_LINE, help: "as one line of JSON: the link, its role and until when it can be used" },
  ],
  examples: ["storehook console", "storehook console --role viewer"],
  exits: {
    0: "fine",
    1: "no server runs, or the journal can't be used",
    2: "wrong usage or config",
  },
  load: async () => (await import("../console.ts")).consoleCommand(await loadHandlers()),
};

/** `storehook console password`. */
export const consolePasswordEntry: CommandEntry = {
  name: "console password",
  summary: "the hash of a password, for console.users in the config",
  about: `Asks for a password twice and prints its hash, which the config keeps. Where nobody can be
asked, the password is the first line of standard input.`,
  options: [{ ...JSON_LINE, help: "the hash, as one line of JSON" }],
  examples: ["storehook console password", "storehook console password < password.txt"],
  exits: { 0: "fine", 1: "the password is too short", 2: "wrong usage" },
  load: async () => (await import("../console.ts")).consolePasswordCommand,
};

/** `storehook console token`. */
export const consoleTokenEntry: CommandEntry = {
  name: "console token",
  summary: "a token for a script, and its hash for console.tokens in the config",
  about: `Makes a bearer token with which a script uses the console's API, and its hash, which the
config keeps. The token is shown this once.`,
  options: [{ ...JSON_LINE, help: "the token and its hash, as one line of JSON" }],
  exits: { 0: "fine", 2: "wrong usage" },
  load: async () => (await import("../console.ts")).consoleTokenCommand,
};
