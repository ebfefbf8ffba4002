import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { COMMANDS } from "../../../../lib/cli/commands.ts";
import { main } from "../../../../lib/cli/mod.ts";
import { withFolder } from "../../config/load_text.ts";
import { fakeTerminal } from "../fake_terminal.ts";

const SHELLS = ["bash", "zsh", "fish", "powershell"];

async function completions(...args: readonly string[]) {
  const terminal = fakeTerminal();
  const code = await main(["completions", ...args], terminal);
  return { code, out: terminal.output(), err: terminal.errors() };
}

for (const shell of SHELLS) {
  Deno.test(`completions ${shell} knows every command and every option`, async () => {
    const { code, out, err } = await completions(shell);
    assertEquals([code, err], [0, ""]);
    for (const { name, options } of COMMANDS) {
      assertStringIncludes(out, name);
      for (const option of options) {
        assertMatch(out, new RegExp(`(?:--|-l )${option.name}\\b`), `${name} --${option.name}`);
      }
    }
  });
}

Deno.test("completions says which shells there are", async () => {
  const { code, out, err } = await completions("bsh");
  assertEquals([code, out], [2, ""]);
  assertMatch(err, /^Unknown shell "bsh", did you mean "bash"\?\n/);
  assertMatch((await completions("tcl")).err, /^Unknown shell "tcl", wanted one of bash, zsh, /);
});

const COMPLETED: readonly (readonly [words: readonly string[], completions: string])[] = [
  [["ch"], "check"],
  [["deliveries", ""], "list show export"],
  [["deliveries", "list", "--st"], "--status"],
  [["forwards", "list", "--state", ""], "waiting delivered failed cancelled"],
  [["sample", "ustore.m"], "ustore.manufacturer"],
  [["sign", "--key-"], "--key-env"],
  [["completions", "p"], "powershell"],
  [["help", "jour"], "journal"],
  // What is typed for a key is neither completed nor run.
  [["sign", "--key", "$(touch run)"], ""],
];

Deno.test({
  name: "completions bash completes, and runs nothing that is typed",
  ignore: Deno.build.os !== "linux",
  fn: () =>
    withFolder(async (folder) => {
      const { out } = await completions("bash");
      const tried = COMPLETED.map(([words]) =>
        `try storehook ${words.map((word) => `'${word}'`).join(" ")}`
      );
      const script = join(folder, "try.sh");
      await Deno.writeTextFile(
        script,
        `${out}
try() {
  COMP_WORDS=("$@"); COMP_CWORD=$(($#-1)); COMPREPLY=()
  _storehook
  echo "\${COMPREPLY[*]}"
}
${tried.join("\n")}
`,
      );
      const ran = await new Deno.Command("bash", {
        args: ["--norc", script],
        cwd: folder,
        signal: AbortSignal.timeout(60_000),
      }).output();
      const decoder = new TextDecoder();
      assertEquals(decoder.decode(ran.stderr), "");
      assertEquals(
        decoder.decode(ran.stdout).trimEnd().split("\n"),
        COMPLETED.map(([, expected]) => expected).toSpliced(-1, 1),
      );
      assertEquals(Array.from(Deno.readDirSync(folder), ({ name }) => name), ["try.sh"]);
    }),
});
