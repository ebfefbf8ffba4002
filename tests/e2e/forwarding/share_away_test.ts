/** A hot folder on a share that is not mounted when the server starts. */
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { sendEvent } from "../events/prepare.ts";
import { runProgram, startProgram, temporaryFolder } from "../program.ts";

function configWith(path: string): object {
  return {
    log: { level: "debug" },
    endpoints: [{ path: "/events", kind: "events", auth: { type: "none" }, forward: ["hot"] }],
    destinations: { hot: { type: "folder", path, retrySeconds: Array(50).fill(0.2) } },
  };
}

Deno.test("what goes into a share that is away at a later start waits for it", async () => {
  await using folder = await temporaryFolder();
  const share = join(folder.path, "share");
  const config = configWith(share);
  const env = { STOREHOOK_JOURNAL_PATH: join(folder.path, "journal.db") };
  {
    await using first = await startProgram({ config, env });
    await sendEvent(first, 1);
    await first.logged(/was delivered to \W*hot/);
    first.kill("SIGTERM");
    await first.status;
  }
  await Deno.remove(share, { recursive: true });
  await using second = await startProgram({ config, env });
  await sendEvent(second, 2);
  await second.logged(/Cannot write to the folder .*it is not there; a share may be away/);
  await assertRejects(() => Deno.stat(share), Deno.errors.NotFound);
  await Deno.mkdir(share);
  await second.logged(/was delivered to \W*hot/);
});

Deno.test("a folder is not made with the drive or share that it stands in, and check tells it", async () => {
  await using folder = await temporaryFolder();
  const share = join(folder.path, "share");
  const file = join(folder.path, "config.json");
  await Deno.writeTextFile(file, JSON.stringify(configWith(join(share, "out"))));
  const { code, stdout } = await runProgram(["check", "--config", file]);
  assertEquals(code, 0);
  assertStringIncludes(
    stdout,
    "destinations.hot.path\n  found a folder that cannot be: there is no",
  );
  const env = { STOREHOOK_JOURNAL_PATH: join(folder.path, "journal.db") };
  await using program = await startProgram({ config: file, env });
  await sendEvent(program, 1);
  await program.logged(/Cannot write to the folder .*it is not there; a share may be away/);
  await assertRejects(() => Deno.stat(share), Deno.errors.NotFound);
  await Deno.mkdir(join(share, "out"), { recursive: true });
  await program.logged(/was delivered to \W*hot/);
});
