import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../../../lib/cli/terminal/command.ts";
import { readKey } from "../../../../lib/cli/signature/key.ts";
import { parseOptions } from "../../../../lib/cli/terminal/options.ts";
import { KEY, KEY_ENV } from "../../../../lib/cli/table/shared.ts";
import { fakeTerminal } from "../fake_terminal.ts";

function keyOf(args: readonly string[], env: Readonly<Record<string, string>> = {}): string {
  const options = parseOptions(args, { options: [KEY, KEY_ENV] });
  return readKey(options, fakeTerminal({ env }));
}

for (
  const key of ["+abc==", "-abc", "--abc", "-", "007", "1e3", "0x10", "a=b", "a b\n", " ", "é"]
) {
  Deno.test(`readKey() keeps the key ${JSON.stringify(key)} as it is`, () => {
    assertEquals(keyOf(["--key", key]), key);
    assertEquals(keyOf([`--key=${key}`]), key);
    assertEquals(keyOf(["--key-env", "K"], { K: key }), key);
  });
}

const MISTAKES: readonly (readonly [string, readonly string[], string])[] = [
  ["no key", [], "The key is missing: give --key K, or --key-env NAME for a variable"],
  [
    "two keys",
    ["--key", "a", "--key-env", "B"],
    "Cannot use both --key and --key-env: give one of them",
  ],
  ["a key without value", ["--key"], 'Option "--key" needs a value'],
  [
    "an unset variable",
    ["--key-env", "UNSET"],
    'Environment variable "UNSET" is not set: set it to the signature key, or use --key K',
  ],
  [
    "an empty variable",
    ["--key-env", "EMPTY"],
    'Environment variable "EMPTY" is empty: set it to the signature key, or use --key K',
  ],
  [
    "a value in place of a name",
    ["--key-env", "my-secret"],
    "--key-env wants the name of an environment variable, not its value",
  ],
];

for (const [what, args, message] of MISTAKES) {
  Deno.test(`readKey() refuses ${what}`, () => {
    const error = assertThrows(() => keyOf(args, { EMPTY: "", B: "b" }), UsageError);
    assertEquals(error.message, message);
  });
}
