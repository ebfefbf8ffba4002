/** A journal that stands where the config stands, which is looked at all the time. */
import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { PATHS } from "../e2e/delivery.ts";
import { type Program, runProgram, startProgram, temporaryFolder } from "../e2e/program.ts";
import { assertStored } from "./journal_on_disk.ts";
import { ROUNDS, startLoad } from "./load.ts";

const KEY = "a-key-that-is-long-enough";

/** A folder with a config, its key, its log and its journal; whatever can be watched is. */
async function writeConfig(folder: string): Promise<string> {
  await Deno.writeTextFile(join(folder, "signature.key"), KEY);
  const file = join(folder, "config.json");
  const config = {
    journal: { path: "journal.db" },
    log: { file: "storehook.log", maxBytes: 20_000, maxFiles: 3 },
    endpoints: [{
      path: PATHS.order_approval,
      kind: "ustore.order-approval",
      signatureKeys: ["${file:signature.key}"],
      otherwise: { approve: true },
    }],
  };
  await Deno.writeTextFile(file, JSON.stringify(config));
  return file;
}

async function start(file: string): Promise<Program> {
  // The tests' own place for a journal would stand above the one of the config.
  return await startProgram({ config: file, env: { STOREHOOK_JOURNAL_PATH: journalOf(file) } });
}

function journalOf(file: string): string {
  return join(file, "..", "journal.db");
}

for (
  const command of [["prune"], ["prune", "--older-than", "1h"], [
    "erase",
    "--email",
    "ann@example.com",
  ]]
) {
  Deno.test(`journal ${command.join(" ")} beside a server costs nothing that was acknowledged`, async () => {
    await using folder = await temporaryFolder();
    const file = await writeConfig(folder.path);
    const acknowledged = new Set<string>();
    for (let round = 0; round < ROUNDS; round++) {
      await using program = await start(file);
      const load = startLoad(program.url, `round-${round}`, KEY);
      for (let turn = 1; turn <= 3; turn++) {
        await load.reached(turn * 100);
        const ran = await runProgram(["journal", ...command, "--config", file]);
        assertEquals([ran.code, ran.stderr], [0, ""]);
      }
      // Saved in the midst of it, so that the files are looked at and read again.
      await Deno.writeTextFile(file, `${await Deno.readTextFile(file)}\n`);
      const second = await runProgram(["serve", "--config", file, "--port", "0"]);
      assertEquals([second.code, second.stdout], [1, ""]);
      assertMatch(second.stderr, /another process has it open for writing/);
      await load.reached(load.acknowledged.size + 100);
      program.kill("SIGKILL");
      await program.status;
      await load.stop();
      assertEquals([...load.refused], []);
      for (const id of load.acknowledged) acknowledged.add(id);
      await assertStored(journalOf(file), acknowledged);
    }
  });
}

Deno.test({
  name: "a server keeps its locks on a journal beside its config",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using folder = await temporaryFolder();
    const file = await writeConfig(folder.path);
    await using program = await start(file);
    const load = startLoad(program.url, "load", KEY);
    await load.reached(50);
    await Deno.writeTextFile(file, `${await Deno.readTextFile(file)}\n`);
    await load.reached(load.acknowledged.size + 50);
    await load.stop();
    // The one that says that a process has the journal open.
    const { ino } = await Deno.stat(journalOf(file));
    const locks = await Deno.readTextFile("/proc/locks");
    assertMatch(locks, new RegExp(`POSIX +ADVISORY +READ +${program.pid} \\S+:${ino} `));
  },
});
