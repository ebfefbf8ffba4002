import type { ChoiceOption, CommandEntry, FlagOption, TextOption } from "../terminal/table.ts";
import { CONFIG, JSON_LINE, loadHandlers, YES } from "./shared.ts";

const GONE_JSON: FlagOption = {
  ...JSON_LINE,
  help: "what went, or would go, as one line of JSON",
};

const CHANGE_EXITS = {
  0: "fine",
  1: "the journal can't be written or the answer was no",
  2: "wrong usage or config",
};

/** `storehook journal info`. */
export const journalInfoEntry: CommandEntry = {
  name: "journal info",
  summary: "how much the journal holds, and since when",
  about:
    `Tells where the journal is (a file, or the URL of a database without the password), how many
deliveries, events, forwards and exported lists it holds, which destinations are disabled, and how
large it is. Works beside a running server.`,
  options: [CONFIG, JSON_LINE],
  exits: { 0: "fine", 1: "the journal can't be read", 2: "wrong usage or config" },
  load: async () => (await import("../journal.ts")).journalInfoCommand(await loadHandlers()),
};

/** `storehook journal prune`. */
export const journalPruneEntry: CommandEntry = {
  name: "journal prune",
  summary: "removes what is too old or too much from the journal",
  about: `Removes the oldest deliveries, events and exported lists, and makes the file smaller by as
much. Events that wait for a destination stay. Without --older-than and --max-size it goes by
"retentionDays" and "maxBytes" of the config's "journal", as the server does by itself. Works beside
a running server. On a terminal it tells what will go, and asks.`,
  options: [
    {
      kind: "duration",
      name: "older-than",
      value: "TIME",
      help: "removes what was received longer ago, e.g. 30d, 12h",
    },
    {
      kind: "size",
      name: "max-size",
      value: "SIZE",
      help: "removes the oldest until the journal is no larger, e.g. 2GB, 500MB",
    },
    {
      kind: "flag",
      name: "dry-run",
      help: "tells what would go, and changes nothing; by size it is about so",
    },
    YES,
    CONFIG,
    GONE_JSON,
  ],
  exits: CHANGE_EXITS,
  load: async () =>
    (await import("../journal_removal.ts")).journalPruneCommand(await loadHandlers()),
};

/** `storehook journal backup`. */
export const journalBackupEntry: CommandEntry = {
  name: "journal backup",
  summary: "writes a copy of the journal, also while the server runs",
  about: `Writes a complete copy of the journal as of one moment. Works beside a running server. To
restore it, stop the server and put the copy in the place of the journal, without the files "-wal"
and "-shm" beside it. Never overwrites a file.`,
  words: [{ name: "FILE", isFile: true }],
  options: [CONFIG, { ...JSON_LINE, help: "what was written as one line of JSON" }],
  exits: {
    0: "fine",
    1: "the journal can't be read or FILE can't be written",
    2: "wrong usage or config",
  },
  load: async () => (await import("../journal.ts")).journalBackupCommand(await loadHandlers()),
};

const EMAIL: TextOption = {
  kind: "text",
  name: "email",
  value: "ADDRESS",
  help: "the person's e-mail address",
  missing: "The address is missing: give --email ADDRESS",
};

const ROLE: ChoiceOption = {
  kind: "one-of",
  name: "role",
  value: "ROLE",
  choices: ["shopper", "store"],
  help: 'only what names the address as the "shopper", or only what names it as the "store" or ' +
    "its staff alone",
};

/** `storehook journal erase`. */
export const journalEraseEntry: CommandEntry = {
  name: "journal erase",
  summary: "takes a person's data out of the journal, for good",
  about: `Takes out all that was sent with a person's address: of each delivery that holds it remain
id, times, endpoint and status, of each event id, times, endpoint, source and type; exported lists
that hold it go, and what is not forwarded yet is called off. It can't be undone. Backups keep what
they hold. Works beside a running server. On a terminal it tells what will go, and asks.`,
  options: [
    EMAIL,
    ROLE,
    { kind: "flag", name: "dry-run", help: "tells what would go, and changes nothing" },
    YES,
    CONFIG,
    GONE_JSON,
  ],
  needs: [[EMAIL]],
  exits: CHANGE_EXITS,
  load: async () =>
    (await import("../journal_removal.ts")).journalEraseCommand(await loadHandlers()),
};

const FROM: TextOption = {
  kind: "text",
  name: "from",
  value: "A",
  isFile: true,
  help: "what is copied: the file of a journal, or postgres://user:password@host/database",
  missing: "What is copied is missing: give --from FILE or --from postgres://…",
};

const TO: TextOption = {
  kind: "text",
  name: "to",
  value: "B",
  isFile: true,
  help: "what gets the copy; a file is made where it is missing",
  missing: "Where to is missing: give --to FILE or --to postgres://…",
};

/** `storehook journal copy`. */
export const journalCopyEntry: CommandEntry = {
  name: "journal copy",
  summary: "copies a journal between files and databases",
  about: `Copies all deliveries, events with their forwards, and exported lists, day by day, and
compares both by a checksum of each day. Works while a server writes what is copied; no server may
have the file that gets the copy. Run again it goes on where it stopped, and copies the days alone
that differ: to move a journal, copy it beside the running server, stop that, and copy again.`,
  options: [FROM, TO, { ...JSON_LINE, help: "what was copied as one line of JSON" }],
  needs: [[FROM], [TO]],
  examples: [
    "storehook journal copy --from journal.db --to postgres://user@db/storehook",
  ],
  exits: {
    0: "both hold the same",
    1: "one of them can't be used, or both differ",
    2: "wrong usage",
  },
  load: async () => (await import("../journal_copy.ts")).journalCopyCommand,
};
