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
