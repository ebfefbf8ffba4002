/** Commands beside a server whose locks are gone, whatever made it lose them. */
import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { ROOT, runProgram, SHIPPED_CONFIG, temporaryFolder } from "../e2e/program.ts";
import { within } from "../e2e/waits.ts";
import { assertStored } from "./journal_on_disk.ts";

const COMMANDS = [
  ["journal", "prune"],
  ["journal", "erase", "--email", "ann@example.com"],
  ["forwards", "retry", "--destination", "erp"],
  ["deliveries", "list"],
  ["serve", "--port", "0"],
];

Deno.test({
  name: "nothing beside a server that has lost its locks touches its journal",
  // On Windows a lock belongs to what opened the file. Deno 2.5 can't find out whether it would have
  // to wait for one, so that there nothing but the server itself knows of the lock that is left.
  ignore: Deno.build.os === "windows" || !("tryLockSync" in Deno.FsFile.prototype),
  async fn() {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "journal.db");
    const server = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        "--no-lock",
        "--no-check",
        join(ROOT, "tests/faults/lose_locks.ts"),
        path,
      ],
      stdout: "piped",
    }).spawn();
    let text = "";
    const reader = server.stdout.pipeThrough(new TextDecoderStream()).getReader();
    /** Reads until so many more were acknowledged, or to the end. */
    async function read(count: number): Promise<void> {
      const wanted = text.split("\n").length + count;
      while (text.split("\n").length < wanted) {
        const { done, value = "" } = await within("more that was acknowledged", reader.read(), {
          soFar: () => text,
        });
        text += value;
        if (done) return;
      }
    }
    try {
      await read(50);
      for (const command of COMMANDS) {
        const ran = await runProgram([...command, "--config", SHIPPED_CONFIG], {
          env: { STOREHOOK_JOURNAL_PATH: path },
        });
        assertEquals([command, ran.code, ran.stdout], [command, 1, ""]);
        assertMatch(ran.stderr, /has lost its locks on it|another process has it open/);
        await read(20);
      }
    } finally {
      server.kill("SIGKILL");
      await server.status;
    }
    await read(Infinity);
    // What stands behind the last end of a line was not told as a whole.
    await assertStored(path, new Set(text.split("\n").slice(0, -1)));
  },
});
