import type { CommandEntry, FlagOption } from "../terminal/table.ts";
import { CONFIG, ENDPOINT, JSON_LINE, KIND, loadHandlers, timeOptions } from "./shared.ts";

/** `storehook test`. */
export const testEntry: CommandEntry = {
  name: "test",
  summary: "run the tests beside the rules",
  about: `Runs the tests that the config names under "tests", each of which says of an order which
rule decides it and what is answered, and shows what came instead where one fails, and why. Nothing
is sent, and no service is asked. "check" runs them too, and a server takes over no config whose
tests fail.`,
  options: [
    CONFIG,
    {
      kind: "text",
      name: "filter",
      value: "TEXT",
      help: "only those with TEXT in their name, their file or their endpoint",
    },
    {
      kind: "text",
      name: "junit",
      value: "FILE",
      isFile: true,
      help: 'writes the results to FILE as JUnit does; "-" is standard output',
    },
    { ...JSON_LINE, help: "the results as one line of JSON" },
  ],
  examples: ["storehook test", "storehook test --filter plants --junit results.xml"],
  exits: {
    0: "all pass",
    1: "one fails or cannot be run",
    2: "wrong usage, config or test files; or there are no tests",
  },
  load: async () => (await import("../trials/test.ts")).testCommand(await loadHandlers()),
};

/** `storehook test pin`. */
export const testPinEntry: CommandEntry = {
  name: "test pin",
  summary: "a test made of a recorded delivery, without personal data",
  about: `Writes a test of a recorded delivery, which says how it is decided by the rules as they
are now, into the folder of the config's tests. Names, addresses, numbers and whatever else is about
a person are replaced by what looks alike: letters by letters, the same word by the same word. What
rules compare with stays, such as the end of an e-mail address, and the test is run before it is
written. Where a rule decides by what is about a person and has no text of its own for it, nothing is
written, and the message names the fields.`,
  words: [{ name: "DELIVERY" }],
  options: [
    {
      kind: "text",
      name: "out",
      value: "FILE",
      isFile: true,
      help: 'where to write instead; "-" is standard output; never overwrites a file',
    },
    { kind: "text", name: "name", value: "TEXT", help: "what the test is called" },
    {
      kind: "text",
      name: "keep",
      value: "F,F",
      help: "fields that stay as they are, as the message names them",
    },
    CONFIG,
    JSON_LINE,
  ],
  examples: ["storehook test pin 01a1fb5a", "storehook test pin 01a1fb5a --out - --name VIP"],
  exits: {
    0: "written",
    1: "there is no such delivery, or it can't be pinned without personal data",
    2: "wrong usage or config",
  },
  load: async () => (await import("../trials/pin.ts")).pinCommand(await loadHandlers()),
};

/** `storehook coverage`. */
export const coverageEntry: CommandEntry = {
  name: "coverage",
  summary: "how often each rule and each row of a table decided",
  about: `Counts per rule, and per row of a table, how often it decided: in the tests beside the
rules, in the deliveries of the journal, or in both. Those that never did come first: they are dead,
or nobody has tested them. An order item is a decision of its own.`,
  options: [
    CONFIG,
    {
      kind: "one-of",
      name: "of",
      value: "WHAT",
      help: "what is counted: tests, journal or both",
      choices: ["tests", "journal", "both"],
      preset: "both",
      refuse: "Cannot count",
      wanted: "--of tests, journal or both",
    },
    ENDPOINT,
    KIND,
    ...timeOptions("received"),
    { ...JSON_LINE, help: "all counts as one line of JSON" },
  ],
  examples: ["storehook coverage --since 90d", "storehook coverage --of tests"],
  exits: { 0: "fine", 1: "the journal can't be read", 2: "wrong usage, config or test files" },
  load: async () => (await import("../trials/coverage.ts")).coverageCommand(await loadHandlers()),
};

const SUMMARY: FlagOption = {
  kind: "flag",
  name: "summary",
  help: "only the counts, without the deliveries that differ",
};

/** `storehook backtest`. */
export const backtestEntry: CommandEntry = {
  name: "backtest",
  summary: "what a config would change in the answers to recorded deliveries",
  about: `Decides the accepted deliveries of the journal again by a config, and shows which would
get another answer or be decided by another rule. Nothing is sent or written, and a running server
is not disturbed.`,
  options: [
    { ...CONFIG, help: 'the config to try, found as "serve" finds it' },
    {
      kind: "text",
      name: "journal",
      value: "FILE",
      isFile: true,
      help: "the journal, where the config to try does not name it",
    },
    ENDPOINT,
    KIND,
    ...timeOptions("received"),
    SUMMARY,
    {
      ...JSON_LINE,
      help: "one line of JSON for each delivery that differs, and one with the counts",
    },
  ],
  examples: ["storehook backtest --config new.json --since 30d"],
  exits: {
    0: "nothing differs",
    1: "something differs or the journal can't be read",
    2: "wrong usage or config",
  },
  load: async () => (await import("../trials/backtest.ts")).backtestCommand(await loadHandlers()),
};

/** `storehook shadow`. */
export const shadowEntry: CommandEntry = {
  name: "shadow",
  summary: "where the config of serve --shadow decides otherwise than the one that is served",
  about: `Shows what a running server has found, or the last one: with "serve --shadow FILE" each
delivery is decided by a second config too, after the answer and without touching it. First the
counts since that config was loaded, then the newest deliveries that it decides otherwise, with the
outcomes in the place of the answers.`,
  options: [
    {
      kind: "number",
      name: "limit",
      value: "N",
      help: "how many deliveries are shown, 0 to 10000",
      min: 0,
      max: 10_000,
      preset: 20,
      refuse: "Cannot show",
    },
    CONFIG,
    { ...JSON_LINE, help: "one line of JSON for each delivery, and one with the counts" },
  ],
  examples: ["storehook serve --shadow new.json", "storehook shadow"],
  exits: {
    0: "nothing differs",
    1: "something differs, or there is no shadow",
    2: "wrong usage or config",
  },
  load: async () => (await import("../trials/shadow.ts")).shadowCommand(await loadHandlers()),
};
