import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { freePort } from "../../free_port.ts";
import { runInConsole, SCRIPT } from "../console.ts";
import { runProgram, startProgram, temporaryFolder } from "../program.ts";

const ignore = SCRIPT.missing !== undefined;
const skipped = ignore ? ` (skipped: this machine has no ${SCRIPT.missing})` : "";

Deno.test({
  name: `setup asks in a console, hides the key, and what it writes is served${skipped}`,
  ignore,
  async fn() {
    await using folder = await temporaryFolder();
    const { code, shown } = await runInConsole(["setup"], folder.path, [
      ["listen on [", `${freePort()}\n`],
      ["numbers [1]: ", "1\n"],
      ["CustomConfig): ", "10065\n"],
      ["every order [0]: ", "\n"],
      ["makes one): ", "typed-in-secret\r"],
      ["afterwards?", "y\n"],
      ["Write it? [Y/n]: ", "\n"],
    ]);
    assertEquals(code, 0, shown);
    assertStringIncludes(shown, "2 of 2 answers are as wanted");
    assertEquals(shown.includes("typed-in-secret"), false);
    const text = await Deno.readTextFile(join(folder.path, "config.json"));
    assertStringIncludes(text, '"signatureKeys": ["typed-in-secret"]');
    const checked = await runProgram(["check"], { cwd: folder.path });
    assertEquals([checked.code, checked.stderr], [0, ""]);
    for (const line of shown.split("\r\n").slice(0, 20)) assertMatch(line, /^.{0,80}$/);
  },
});

Deno.test({
  name: `Ctrl+C and Ctrl+D end setup without a change${skipped}`,
  ignore,
  async fn() {
    await using folder = await temporaryFolder();
    const file = join(folder.path, "config.json");
    await Deno.writeTextFile(file, '{ "endpoints": [] }\n');
    const first = ["listen on [", `${freePort()}\n`] as const;
    const hidden = ["makes one): ", "half\x03"] as const;
    const ways = [
      [["listen on [", "\x04"]],
      [first, ["numbers [1]: ", "\x03"]],
      [first, ["numbers [1]: ", "1\n"], ["CustomConfig): ", "\n"], hidden],
    ] as const;
    for (const steps of ways) {
      const { code, shown } = await runInConsole(["setup"], folder.path, steps);
      assertEquals(code, 1, shown);
      assertStringIncludes(shown, "Nothing was changed");
      assertEquals(await Deno.readTextFile(file), '{ "endpoints": [] }\n');
    }
    assertEquals(Array.from(Deno.readDirSync(folder.path)).length, 1);
  },
});

Deno.test("setup without a console says what to do, or takes its answers from standard input", async () => {
  await using folder = await temporaryFolder();
  const cwd = folder.path;
  const alone = await runProgram(["setup"], { cwd });
  assertEquals([alone.code, alone.stdout], [2, ""]);
  assertMatch(alone.stderr, /^Cannot ask: this is no console\. .+--answers FILE\nSee: /);
  const stdin = JSON.stringify({ port: freePort(), endpoints: "1 6", group: 5 });
  const given = await runProgram(["setup", "--answers", "-"], { cwd, stdin });
  assertEquals(given.code, 0, given.stdout + given.stderr);
  assertStringIncludes(given.stdout, "4 of 4 answers are as wanted");
});

Deno.test("setup beside a server that runs changes what it serves, and tells of it", async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "config.json");
  const journal = { STOREHOOK_JOURNAL_PATH: join(folder.path, "journal.db") };
  const key = "a-key-of-the-store";
  const endpoint = { path: "/a", kind: "ustore.order-approval", signatureKeys: [key] };
  const config = { endpoints: [{ ...endpoint, otherwise: { group: 7 } }] };
  await Deno.writeTextFile(file, JSON.stringify(config));
  await using program = await startProgram({ config: file, env: journal });
  const stdin = JSON.stringify({ group: 8, "key /a": "the-next-key" });
  const { code, stdout } = await runProgram(["setup", "--config", file, "--answers", "-"], {
    env: journal,
    stdin,
  });
  assertEquals(code, 0, stdout);
  assertStringIncludes(stdout, `The server that runs on ${program.url} takes the file over`);
  assertStringIncludes(stdout, "2 of 2 answers are as wanted");
  await program.logged(/again: it is served/);
  for (const one of [key, "the-next-key"]) {
    const to = `${program.url}/a`;
    const sent = await runProgram(["send", endpoint.kind, "--to", to, "--key", one, "--json"]);
    assertEquals(JSON.parse(JSON.parse(sent.stdout).answer).ApprovalGroupId, 8);
  }
});
