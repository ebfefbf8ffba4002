import { assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { readKey, signCommand, verifyCommand } from "../../../lib/cli/signature.ts";
import { KEY, KEY_ENV } from "../../../lib/cli/table/shared.ts";
import { signEntry, verifyEntry } from "../../../lib/cli/table/store.ts";
import { parseOptions } from "../../../lib/cli/terminal/options.ts";
import { UsageError } from "../../../lib/cli/terminal/terminal.ts";
import { hmacOf } from "../../hmac.ts";
import { fakeTerminal } from "./fake_terminal.ts";
import { runnable } from "./run_command.ts";

const sign = runnable(signEntry, signCommand);

async function signed(body: string | Uint8Array<ArrayBuffer>, key: string): Promise<string> {
  return `${await hmacOf("SHA-512", key, body)}\n`;
}

Deno.test("sign prints the signature of a file's exact bytes", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const body = Uint8Array.of(0xef, 0xbb, 0xbf, 0x7b, 0x7d, 0x0d, 0x0a, 0xff);
    const path = join(folder, "007");
    await Deno.writeFile(path, body);
    const terminal = fakeTerminal();
    assertEquals(await sign.run(["--key", "-+abc==", path], terminal), 0);
    assertEquals(terminal.output(), await signed(body, "-+abc=="));
    assertEquals(terminal.errors(), "");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("sign reads standard input and the key of a variable", async () => {
  const terminal = fakeTerminal({ stdin: "{}\n", env: { STORE_KEY: "clé" } });
  assertEquals(await sign.run(["--key-env", "STORE_KEY", "-"], terminal), 0);
  assertEquals(terminal.output(), await signed("{}\n", "clé"));
});

const MISTAKES: readonly (readonly [string, readonly string[], string])[] = [
  ["a missing file name", ["--key", "k"], "FILE is missing"],
  ["an unknown option", ["--key", "k", "--hex", "-"], 'Unknown option "--hex"'],
  ["a missing key", ["-"], "The key is missing"],
  [
    "a file that is not there",
    ["--key", "k", "not/there.json"],
    'Cannot read "not/there.json": there is no such file',
  ],
];

for (const [what, args, message] of MISTAKES) {
  Deno.test(`sign refuses ${what}`, async () => {
    const terminal = fakeTerminal();
    await assertRejects(() => sign.run(args, terminal), UsageError, message);
    assertEquals(terminal.output(), "");
  });
}

Deno.test("sign refuses a folder", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await assertRejects(
      () => sign.run(["--key", "k", folder], fakeTerminal()),
      UsageError,
      `Cannot read "${folder}": `,
    );
  } finally {
    await Deno.remove(folder);
  }
});

Deno.test("sign --json gives the signature alone", async () => {
  const terminal = fakeTerminal({ stdin: "{}" });
  assertEquals(await sign.run(["--key", "k", "--json", "-"], terminal), 0);
  assertEquals(JSON.parse(terminal.output()), { signature: (await signed("{}", "k")).trim() });
});

const verifying = runnable(verifyEntry, verifyCommand);

const MY_KEY = "my-signature-key";

async function hmac(body: string, key = MY_KEY): Promise<string> {
  return await hmacOf("SHA-512", key, body);
}

async function verify(signature: string, body: string, key = MY_KEY) {
  const terminal = fakeTerminal({ stdin: body });
  const code = await verifying.run(["--key", key, "--signature", signature, "-"], terminal);
  return { code, output: terminal.output(), errors: terminal.errors() };
}

Deno.test("verify says that a signature matches", async () => {
  assertEquals(await verify(await hmac("{}"), "{}"), {
    code: 0,
    output: "The signature matches these 2 bytes with this key.\n",
    errors: "",
  });
});

Deno.test("verify reads a file as it is", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "order.json");
    await Deno.writeTextFile(path, "{}\n");
    const terminal = fakeTerminal({ env: { STORE_KEY: MY_KEY } });
    const args = ["--key-env", "STORE_KEY", `--signature=${await hmac("{}\n")}`, path];
    assertEquals(await verifying.run(args, terminal), 0);
    assertEquals(terminal.output(), "The signature matches these 3 bytes with this key.\n");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("verify names the variant that would match, and how to mend it", async () => {
  const mend = "Remove the stray characters from the key on the side that made the signature: " +
    "it often comes from copying, from echo without -n, or from the file that holds the key.";
  assertEquals(await verify(await hmac("{}", `${MY_KEY}\n`), "{}"), {
    code: 1,
    output: `The signature does not match these 2 bytes with this key.
This signature was made with the key followed by a line feed.
How to mend it: ${mend}
Variant: key-with-lf-after
`,
    errors: "",
  });
});

Deno.test("verify says what to check when no variant matches", async () => {
  const { code, output } = await verify(await hmac("{}", "another-key"), "{}");
  assertEquals(code, 1);
  assertMatch(
    output,
    /^The signature does not match these 2 bytes with this key, nor does any of the [1-9]\d{2,} variants tried\.\nCheck next:\n- The key: .+\n- The bytes: .+\n.+\n- The way between: .+\n$/,
  );
});

Deno.test("verify says so when a text can't be a signature", async () => {
  const { code, output } = await verify(`${await hmac("{}")}, ${await hmac("{}")}`, "{}");
  assertEquals(code, 1);
  assertEquals(
    output,
    `The signature does not match: this text can't be a signature of any known form.
It has 178 characters; a right one is 88 characters of Base64 and ends with ==.
Check next: copy the whole value of the X-Signature header, of one header only.
`,
  );
});

Deno.test("verify never prints the expected signature or the key", async () => {
  const expected = await hmac("{}");
  const hex = Uint8Array.fromBase64(expected).toHex();
  const wrong = [await hmac("{}", "x"), await hmac("{}\n"), hex, expected.slice(0, -2), "", "é"];
  const outputs = await Promise.all(wrong.map((signature) => verify(signature || " ", "{}")));
  for (const { code, output } of outputs) {
    assertEquals(code, 1);
    assertEquals(
      [expected.slice(0, 20), hex.slice(0, 20), MY_KEY].filter((s) => output.includes(s)),
      [],
    );
  }
});

Deno.test("verify says that a signature is empty", async () => {
  const { code, output } = await verify("", "{}");
  assertEquals(code, 1);
  assertMatch(output, /^The signature does not match: the signature is empty\.\n/);
  await assertRejects(
    () => verifying.run(["--key", "k", "-", "--signature"], fakeTerminal()),
    UsageError,
    'Option "--signature" needs a value',
  );
});

Deno.test("verify speaks of the characters where the length is right", async () => {
  const { output } = await verify("!".repeat(88), "{}");
  assertEquals(
    output.split("\n")[1],
    "It has 88 characters, but not all of them are Base64 that ends with ==.",
  );
});

Deno.test("verify refuses a missing signature", async () => {
  await assertRejects(
    () => verifying.run(["--key", "k", "-"], fakeTerminal()),
    UsageError,
    "The signature is missing: give --signature S, the X-Signature header",
  );
});

Deno.test("verify --json tells machines what it tells people", async () => {
  const told = async (signature: string) => {
    const terminal = fakeTerminal({ stdin: "{}" });
    const args = ["--key", MY_KEY, "--json", "--signature", signature, "-"];
    const code = await verifying.run(args, terminal);
    return { code, ...JSON.parse(terminal.output()) };
  };
  const fine = await told(await hmac("{}"));
  assertEquals([fine.code, fine.matches, fine.bodyBytes], [0, true, 2]);
  const other = await told(await hmac("{}\n"));
  assertEquals([other.code, other.matches, typeof other.diagnosis.variant], [1, false, "string"]);
});

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

const KEY_MISTAKES: readonly (readonly [string, readonly string[], string])[] = [
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

for (const [what, args, message] of KEY_MISTAKES) {
  Deno.test(`readKey() refuses ${what}`, () => {
    const error = assertThrows(() => keyOf(args, { EMPTY: "", B: "b" }), UsageError);
    assertEquals(error.message, message);
  });
}
