import { journalCopyEntry } from "../../../../lib/cli/table/journal.ts";
import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../../../lib/cli/terminal/terminal.ts";
import type { CommandSpec } from "../../../../lib/cli/terminal/table.ts";
import { parseOptions } from "../../../../lib/cli/terminal/options.ts";

const NAMES: Pick<CommandSpec, "options" | "words"> = {
  options: [
    { kind: "text", name: "config", value: "FILE", help: "" },
    { kind: "text", name: "key", value: "K", help: "", missing: "The key is missing" },
    { kind: "flag", name: "json", help: "" },
    { kind: "one-of", name: "state", value: "S", help: "", choices: ["on", "off"] },
    { kind: "one-of", name: "format", value: "F", help: "", choices: ["a", "b"], preset: "a" },
    { kind: "number", name: "limit", value: "N", help: "", min: 1, max: 9, preset: 5 },
    { kind: "time", name: "since", value: "T", help: "" },
    { kind: "duration", name: "older-than", value: "TIME", help: "" },
    { kind: "size", name: "max-size", value: "SIZE", help: "" },
    { kind: "text", name: "code", value: "C", help: "", pattern: /^x/, wanted: "an x" },
  ],
  words: [{ name: "FILE" }],
};

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
  ["none of few words", ["--state=up", "f"], 'Cannot read --state "up": wanted on or off'],
  [
    "a number too large",
    ["--limit=10", "f"],
    'Cannot read --limit "10": wanted a number from 1 to 9',
  ],
  ["no number", ["--limit=1e0", "f"], 'Cannot read --limit "1e0": wanted a number from 1 to 9'],
  ["what its pattern refuses", ["--code=y", "f"], 'Cannot read --code "y": wanted an x'],
  ["a missing word", [], "FILE is missing"],
  ["a word too many", ["f", "secret"], "One word too many, after FILE"],
];

for (const [what, args, message] of MISTAKES) {
  Deno.test(`parseOptions() refuses ${what}`, () => {
    assertEquals(assertThrows(() => parseOptions(args, NAMES), UsageError).message, message);
  });
}

Deno.test("parseOptions() reads numbers, times, durations and sizes", () => {
  const args = ["f", "--since", "2s", "--older-than", "1h", "--max-size", "2KB", "--limit", "7"];
  const options = parseOptions(args, NAMES, 10_000);
  const names = ["since", "older-than", "max-size", "limit"];
  assertEquals(names.map(options.number), [8000, 3_600_000, 2000, 7]);
});

Deno.test("parseOptions() gives presets, and tells what is given", () => {
  const options = parseOptions(["f", "--key=k", "--json"], NAMES);
  assertEquals([options.text("format"), options.number("limit")], ["a", 5]);
  assertEquals([...options.given], [["key", "k"], ["json", true]]);
});

Deno.test("need() says how an option is given that is missing", () => {
  const options = parseOptions(["f"], NAMES);
  assertThrows(() => options.need("key"), UsageError, "The key is missing");
  assertThrows(() => options.need("config"), UsageError, "--config FILE is missing");
});

Deno.test("a name that is not in the table is a mistake of the program", () => {
  assertThrows(() => parseOptions(["f"], NAMES).flag("jsn"), RangeError, '"jsn"');
});

Deno.test("parseOptions() wants no word where an option stands for it, and any number of some", () => {
  const key = { kind: "text", name: "key", value: "K", help: "" } as const;
  const spec = { options: [key], words: [{ name: "KIND", unless: key }] };
  assertEquals(parseOptions(["--key", "k"], spec).words, []);
  assertThrows(() => parseOptions([], spec), UsageError, "KIND is missing");
  const many = { options: [], words: [{ name: "ID", isRepeated: true as const }] };
  assertEquals(parseOptions(["a", "b"], many).words, ["a", "b"]);
  assertEquals(parseOptions([], many).words, []);
});

Deno.test("parseOptions() names on Windows no file that is a device or is found under another name", () => {
  const spec: Pick<CommandSpec, "options" | "words"> = {
    options: [{ kind: "text", name: "out", value: "FILE", isFile: true, help: "" }],
    words: [{ name: "FILE", isFile: true, isRepeated: true }],
  };
  const refused: readonly (readonly [args: readonly string[], message: string])[] = [
    [
      ["--out", "out\\nul.json"],
      'Cannot use --out "out\\\\nul.json", but on Windows "nul.json" is',
    ],
    [["a.json", "CON"], 'Cannot use FILE "CON", but on Windows "CON" is the name of a device'],
    [["a.json. "], 'Cannot use FILE "a.json. ", but Windows leaves out the dots and blanks'],
    [["a?.json"], "but Windows has no file or folder with"],
  ];
  for (const [args, message] of refused) {
    assertThrows(() => parseOptions(args, spec, 0, "windows"), UsageError, message);
    assertEquals(parseOptions(args, spec, 0, "linux").words.length <= 2, true);
  }
  const fine = ["-", "C:a.json", "C:\\a.json", "\\\\server\\share\\a.json", "..\\console.json"];
  fine.push("postgres://ann@db/aux?sslmode=require");
  assertEquals(parseOptions(fine, spec, 0, "windows").words, fine);
});

Deno.test("journal copy takes no device of Windows for a file, and an address for what it is", () => {
  const parse = (to: string) =>
    parseOptions(["--from", "a.db", "--to", to], journalCopyEntry, 0, "windows").text("to");
  assertThrows(() => parse("C:\\x\\aux.db"), UsageError, "is the name of a device");
  assertEquals(parse("postgres://ann@db/aux"), "postgres://ann@db/aux");
});
