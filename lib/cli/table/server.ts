import type { CommandEntry, TextOption } from "../terminal/table.ts";
import { CONFIG, JSON_LINE, loadHandlers, loadSampleConfig } from "./shared.ts";

const FOUND_CONFIG: TextOption = {
  ...CONFIG,
  help: "the config; else STOREHOOK_CONFIG, else config.json in the working directory, else " +
    "beside the program, else in %ProgramData%\\Storehook",
};

/** `storehook serve`. */
export const serveEntry: CommandEntry = {
  name: "serve",
  isDefault: true,
  summary: "answer webhooks (the default command)",
  about: `Answers the webhooks of the config until it is stopped by Ctrl+C or a termination signal;
requests that are in are answered first. A config with mistakes is told and not served. When the
file changes it is served as it is then; with mistakes, the one before is served on.`,
  options: [
    FOUND_CONFIG,
    {
      kind: "text",
      name: "hostname",
      value: "H",
      help: "where to listen instead of the config's server.hostname",
    },
    {
      kind: "number",
      name: "port",
      value: "N",
      help: "the port instead of the config's server.port; 0 takes a free one",
      min: 0,
      max: 65_535,
      refuse: "Cannot listen on port",
    },
    {
      kind: "text",
      name: "shadow",
      value: "FILE",
      isFile: true,
      help:
        "a second config that decides each delivery too, after the answer and without touching " +
        'it; "storehook shadow" shows where the two differ',
    },
  ],
  exits: { 0: "stopped", 1: "cannot listen", 2: "wrong usage or config" },
  async load() {
    const { beginJournalThread } = await import("../../journal/sqlite/begin_thread.ts");
    return async (options, terminal) => {
      // First: it loads what it needs while this thread does.
      const thread = beginJournalThread();
      const { serveCommand } = await import("../serve/serve.ts");
      return await serveCommand(await loadHandlers(), thread)(options, terminal);
    };
  },
};

/** `storehook check`. */
export const checkEntry: CommandEntry = {
  name: "check",
  summary: "every mistake of a config: where, what was found, what is wanted",
  about: `Reads a config the way "serve" does, without starting the server, and lists all of its
mistakes: where each is, what was found, what is wanted and how to mend it.`,
  options: [FOUND_CONFIG, {
    ...JSON_LINE,
    help: "as one line of JSON: each mistake with its path, line, column, message and hint, then " +
      "the warnings and notes, and what is served",
  }],
  examples: ["storehook check", "storehook check --config C:\\Storehook\\config.json"],
  exits: { 0: "fine", 2: "the config has mistakes, or wrong usage" },
  load: async () => (await import("../config/check.ts")).checkCommand(await loadHandlers()),
};

/** `storehook table convert`. */
export const tableConvertEntry: CommandEntry = {
  name: "table convert",
  summary: "the CSV of a table, made of a sheet of an .xlsx workbook",
  about: `Writes what stands in a sheet of an .xlsx workbook as the CSV of a table, beside the
workbook and with its name unless --out says otherwise; a file that is there is replaced, and a
running server takes it over. Of formulas it takes what they gave when the workbook was saved. Dates
become 2026-12-24, numbers have a decimal point and no separators of thousands, whatever the cell
shows.`,
  words: [{ name: "FILE", isFile: true }],
  options: [
    {
      kind: "text",
      name: "sheet",
      value: "NAME",
      help: "which sheet; the first one unless given",
    },
    {
      kind: "text",
      name: "out",
      value: "FILE",
      isFile: true,
      help: 'where to write; "-" prints it',
    },
    JSON_LINE,
  ],
  examples: [
    "storehook table convert plants.xlsx",
    "storehook table convert approvals.xlsx --sheet 2026 --out tables/approvals.csv",
  ],
  exits: { 0: "written", 1: "the workbook cannot be read or has errors", 2: "wrong usage" },
  load: async () => (await import("../config/table_convert.ts")).convertTable,
};

/** `storehook init`. */
export const initEntry: CommandEntry = {
  name: "init",
  summary: "writes a commented config with fresh random keys",
  about: `Writes a first config, with comments and fresh random keys, and beside it
config.schema.json for editors. Never overwrites a file.`,
  options: [
    {
      ...CONFIG,
      help:
        "where to write; else STOREHOOK_CONFIG, else config.json in the working directory; in " +
        "folders of Windows and of installed programs, beside the program or in " +
        "%ProgramData%\\Storehook",
    },
    { ...JSON_LINE, help: "what was written, as one line of JSON; without the keys" },
  ],
  exits: { 0: "fine", 1: "the file exists or can't be written", 2: "wrong usage" },
  load: async () =>
    (await import("../config/init.ts")).initCommand(
      await loadSampleConfig(),
      await loadHandlers(),
    ),
};

/** `storehook setup`. */
export const setupEntry: CommandEntry = {
  name: "setup",
  usesWindows: true,
  summary: "asks for what a config needs, writes it and tries it",
  about: `Asks for the port, which webhooks and events are answered, their keys and what the first
rule needs, and writes the config. On Windows it installs the service, too; at last it plays the
store against what was set up. Each answer is judged as "check" does.

It can be run again: what is there is offered, and what is not answered anew stays as it is, with
all comments; the version before is kept beside it. Until the last question nothing is written.

Where nobody can be asked, a file gives the answers, as JSON: port, endpoints, group, amount,
manufacturers, percent, publicUrl, service, try, write, and "key PATH" or "remove PATH" of an
endpoint. What it does not answer is as if Enter were pressed.`,
  options: [
    {
      ...CONFIG,
      help: 'the config; else as "serve" finds it; a new one is written where "init" writes it',
    },
    {
      kind: "text",
      name: "answers",
      value: "FILE",
      isFile: true,
      help: "takes the answers from a file, - for standard input, and asks nobody",
    },
  ],
  examples: ["storehook setup", "storehook setup --answers answers.json"],
  exits: {
    0: "set up, and the test went well",
    1: "broken off, it can't be written, or the test failed",
    2: "wrong usage or config",
  },
  load: async () => (await import("../setup/setup.ts")).setupCommand(await loadHandlers()),
};

/** `storehook schema`. */
export const schemaEntry: CommandEntry = {
  name: "schema",
  summary: "the JSON Schema of the config, for editors",
  about: `Prints the JSON Schema of the config. An editor that finds it beside the config, through
"$schema": "./config.schema.json", completes keys and shows mistakes while you type. With --tests it
is that of files of rule tests.`,
  options: [{ kind: "flag", name: "tests", help: "the JSON Schema of files of rule tests" }],
  examples: [
    "storehook schema > config.schema.json",
    "storehook schema --tests > tests.schema.json",
  ],
  exits: { 0: "fine", 2: "wrong usage" },
  load: async () => (await import("../config/init.ts")).schemaCommand(await loadHandlers()),
};

/** `storehook openapi`. */
export const openapiEntry: CommandEntry = {
  name: "openapi",
  summary: "all HTTP described by OpenAPI 3.1",
  about: `Prints a description of all HTTP by OpenAPI 3.1: what each endpoint of a config takes and
answers, with every error, and the health checks, exported lists and metrics. It holds no secrets.`,
  options: [{ ...FOUND_CONFIG, help: `${FOUND_CONFIG.help}, else an endpoint of every kind` }],
  examples: ["storehook openapi > openapi.json"],
  exits: { 0: "fine", 2: "the config has mistakes, or wrong usage" },
  load: async () =>
    (await import("../config/openapi.ts")).openapiCommand(
      await loadHandlers(),
      await loadSampleConfig(),
    ),
};

/** `storehook version`. */
export const versionEntry: CommandEntry = {
  name: "version",
  summary: "the version of the program and of what it runs on",
  about: "Prints the version of the program, its commit and what it runs on.",
  options: [{
    ...JSON_LINE,
    help: "as one line of JSON: the version, the commit and its time, what it runs on, and what " +
      "the runtime lets it do",
  }],
  exits: { 0: "fine", 2: "wrong usage" },
  load: async () => (await import("../version.ts")).versionCommand,
};
