/** What a server leaves when it is stopped. */
import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { deliver } from "./delivery.ts";
import {
  type Program,
  runProgram,
  SHIPPED_CONFIG,
  startProgram,
  temporaryFolder,
} from "./program.ts";

const SIGNAL = Deno.build.os === "windows" ? "SIGKILL" : "SIGTERM";

async function stop(program: Program): Promise<void> {
  program.kill(SIGNAL);
  await program.status;
}

function run(path: string, ...args: readonly string[]) {
  return runProgram([...args, "--config", SHIPPED_CONFIG], {
    env: { STOREHOOK_JOURNAL_PATH: path },
  });
}

async function sizeOf(path: string): Promise<number> {
  return await Deno.stat(path).then(({ size }) => size, () => 0);
}

Deno.test({
  name: "after a clean stop all of the journal stands in one file, which can be copied",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "journal.db");
    {
      await using program = await startProgram({ env: { STOREHOOK_JOURNAL_PATH: path } });
      for (let turn = 0; turn < 5; turn++) await deliver(program);
      // The server reads, too, and reading must not be what keeps the log.
      await fetch(`${program.url}/readyz`).then((response) => response.body?.cancel());
      await stop(program);
    }
    assertEquals(await sizeOf(`${path}-wal`), 0);
    const copy = join(folder.path, "elsewhere.db");
    await Deno.copyFile(path, copy);
    const { code, stdout } = await run(copy, "deliveries", "list", "--json");
    assertEquals([code, stdout.split("\n").length - 1], [0, 5]);

    // A command that changes it beside nobody leaves all in one file too.
    assertEquals((await run(path, "journal", "prune", "--older-than", "30d")).code, 0);
    assertEquals(await sizeOf(`${path}-wal`), 0);
  },
});

Deno.test("a server that is killed leaves a log, and goes on from it", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "journal.db");
  {
    await using program = await startProgram({ env: { STOREHOOK_JOURNAL_PATH: path } });
    await deliver(program);
    program.kill("SIGKILL");
    await program.status;
  }
  const { code, stdout } = await run(path, "deliveries", "list", "--json");
  assertEquals([code, stdout.split("\n").length - 1], [0, 1]);
});

Deno.test({
  name: "a journal that was emptied, or is no file, is told and left alone",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using folder = await temporaryFolder();
    const [emptied, pipe, directory] = [
      join(folder.path, "emptied.db"),
      join(folder.path, "pipe.db"),
      join(folder.path, "folder.db"),
    ];
    {
      await using program = await startProgram({ env: { STOREHOOK_JOURNAL_PATH: emptied } });
      await deliver(program);
      program.kill("SIGKILL");
      await program.status;
    }
    await Deno.truncate(emptied, 0);
    const log = await sizeOf(`${emptied}-wal`);
    await new Deno.Command("mkfifo", { args: [pipe] }).output();
    await Deno.mkdir(directory);
    for (
      const [path, reason] of [
        [
          emptied,
          /: the file is empty while the log beside it, -wal, is not: something emptied it\n$/,
        ],
        [pipe, /: it is a pipe, a socket or a device, wanted a regular file\n$/],
        [directory, /: it is a folder, wanted a file\n$/],
      ] as const
    ) {
      for (
        const command of [["serve", "--port", "0"], ["deliveries", "list"], ["journal", "prune"]]
      ) {
        const { code, stdout, stderr } = await run(path, ...command);
        // That a folder is no journal is seen in the config already, before it is served.
        const isMistake = path === directory && command[0] === "serve";
        assertEquals([code, stdout], [isMistake ? 2 : 1, ""]);
        assertMatch(stderr, isMistake ? / {2}journal\.path\n {2}found .* is a folder/ : reason);
      }
    }
    assertEquals([await sizeOf(emptied), await sizeOf(`${emptied}-wal`)], [0, log]);
  },
});
