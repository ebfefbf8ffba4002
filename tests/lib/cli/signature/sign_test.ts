import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { UsageError } from "../../../../lib/cli/terminal/command.ts";
import { signCommand } from "../../../../lib/cli/signature/sign.ts";
import { fakeTerminal } from "../fake_terminal.ts";
import { hmacOf } from "../../../hmac.ts";
import { signEntry } from "../../../../lib/cli/table/store.ts";
import { runnable } from "../run_command.ts";

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
