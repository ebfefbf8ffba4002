import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../../../lib/cli/terminal/command.ts";
import { parseOptions } from "../../../../lib/cli/terminal/options.ts";

const NAMES = { text: ["config", "key"], flags: ["json"], words: ["FILE"] };

Deno.test("parseOptions() takes options in any place and either form", () => {
  const options = parseOptions(["--config", "a.json", "order.json", "--json", "--key=k"], NAMES);
  assertEquals(options.text("config"), "a.json");
  assertEquals(options.text("key"), "k");
  assertEquals(options.flag("json"), true);
  assertEquals(options.words, ["order.json"]);
});

Deno.test("parseOptions() says what is not given", () => {
  const options = parseOptions(["order.json"], NAMES);
  assertEquals(options.text("config"), undefined);
  assertEquals(options.flag("json"), false);
});

Deno.test("parseOptions() takes a dash and what follows two dashes for words", () => {
  assertEquals(parseOptions(["-"], NAMES).words, ["-"]);
  assertEquals(parseOptions(["--", "--key"], NAMES).words, ["--key"]);
});

const MISTAKES: readonly (readonly [string, readonly string[], string])[] = [
  ["an unknown option", ["--jsno", "f"], 'Unknown option "--jsno", did you mean "--json"?'],
  ["an option like no other", ["--qqqqqq", "f"], 'Unknown option "--qqqqqq"'],
  [
    "an unknown option's value",
    ["--kye=secret", "f"],
    'Unknown option "--kye", did you mean "--key"?',
  ],
  ["an option without its value", ["f", "--key"], 'Option "--key" needs a value'],
  [
    "an option in the place of a value",
    ["--key", "--config", "c", "f"],
    'Option "--key" needs a value',
  ],
  ["an option given twice", ["--key", "a", "--key", "b", "f"], 'Option "--key" is given twice'],
  ["a missing word", [], "FILE is missing"],
  ["a word too many", ["f", "secret"], "One word too many, after FILE"],
];

for (const [what, args, message] of MISTAKES) {
  Deno.test(`parseOptions() refuses ${what}`, () => {
    assertEquals(assertThrows(() => parseOptions(args, NAMES), UsageError).message, message);
  });
}
