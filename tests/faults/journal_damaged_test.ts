/** What somebody does to the files of a journal while a server has them open. */
import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { assertSigned, deliver } from "../e2e/delivery.ts";
import {
  type Program,
  runProgram,
  SHIPPED_CONFIG,
  startProgram,
  temporaryFolder,
} from "../e2e/program.ts";
import { eventually } from "../e2e/waits.ts";
import { assertStored } from "./journal_on_disk.ts";
import { ROUNDS, startLoad } from "./load.ts";

/** Open files can't be removed or cut off there. */
const ignore = Deno.build.os === "windows";

async function readiness({ adminUrl: url }: Program): Promise<{ status: number; reason: unknown }> {
  const response = await fetch(`${url}/readyz`);
  return { status: response.status, reason: (await response.json()).reason };
}

/** Asks until the server says that it is (not) ready; a look once a second is promised. */
async function until(program: Program, status: number): Promise<unknown> {
  const end = Date.now() + 20_000;
  while (Date.now() < end) {
    const found = await readiness(program);
    if (found.status === status) return found.reason;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`The server does not become ${status}`);
}

for (const suffixes of [["-wal"], ["-shm"], ["-wal", "-shm"], ["-lock"]]) {
  Deno.test({
    name: `nothing that was acknowledged is lost when ${suffixes.join(" and ")} is removed`,
    ignore,
    async fn() {
      await using folder = await temporaryFolder();
      const path = join(folder.path, "journal.db");
      const acknowledged = new Set<string>();
      for (let round = 0; round < ROUNDS; round++) {
        await using program = await startProgram({ env: { STOREHOOK_JOURNAL_PATH: path } });
        const load = startLoad(program.url, `round-${round}`);
        for (let turn = 1; turn <= 3; turn++) {
          await load.reached(load.acknowledged.size + 60);
          for (const suffix of suffixes) {
            await Deno.remove(`${path}${suffix}`).catch(() => undefined);
          }
          await load.reached(load.acknowledged.size + 60);
        }
        await until(program, 200);
        program.kill("SIGKILL");
        await program.status;
        await load.stop();
        for (const id of load.acknowledged) acknowledged.add(id);
        await assertStored(path, acknowledged);
      }
    },
  });
}

const LOSSES: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
  "is removed": (path) => Deno.remove(path),
  "is moved away": (path) => Deno.rename(path, `${path}.moved`),
  "is replaced by an earlier copy": async (path) => {
    await Deno.copyFile(path, `${path}.copy`);
    await Deno.rename(`${path}.copy`, path);
  },
};

for (const [loss, doLoss] of Object.entries(LOSSES)) {
  Deno.test({
    name: `a server whose journal ${loss} goes on with another, and says so`,
    ignore,
    async fn() {
      await using folder = await temporaryFolder();
      const path = join(folder.path, "journal.db");
      await using program = await startProgram({ env: { STOREHOOK_JOURNAL_PATH: path } });
      assertEquals((await deliver(program, { headers: { "X-Request-Id": "before" } })).status, 200);
      await doLoss(path);
      await eventually(
        "words of it",
        () => /"level":"ERROR","message":"The file of the journal was rem/.test(program.stderr()),
      );
      await until(program, 200);
      assertEquals((await deliver(program, { headers: { "X-Request-Id": "after" } })).status, 200);
      program.kill("SIGKILL");
      await program.status;
      await assertStored(path, new Set(["after"]));
    },
  });
}

async function overwrite(path: string, with_: (file: Deno.FsFile) => Promise<unknown>) {
  using file = await Deno.open(path, { read: true, write: true });
  await with_(file);
}

const DAMAGES: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
  "is emptied": (path) => Deno.truncate(path, 0),
  "is cut off": (path) => Deno.truncate(path, 8192),
  "is overwritten at its beginning": (path) =>
    overwrite(path, (file) => file.write(new Uint8Array(65_536).fill(0xa5))),
  "is overwritten by text": (path) => Deno.writeTextFile(path, "not a journal\n".repeat(20_000)),
};

for (const [damage, doDamage] of Object.entries(DAMAGES)) {
  Deno.test({
    name: `a journal that ${damage} answers 503, says so, and resumes once it is restored`,
    ignore,
    async fn() {
      await using folder = await temporaryFolder();
      const path = join(folder.path, "journal.db");
      const env = { STOREHOOK_JOURNAL_PATH: path };
      {
        // Long enough that much of it stands in the file, and not in the log alone.
        await using earlier = await startProgram({ env });
        const load = startLoad(earlier.url, "earlier");
        await load.reached(300);
        await load.stop();
        earlier.kill("SIGTERM");
        await earlier.status;
      }
      const copy = join(folder.path, "copy.db");
      await using program = await startProgram({ env });
      assertEquals((await deliver(program)).status, 200);
      const backup = await runProgram(["journal", "backup", copy, "--config", SHIPPED_CONFIG], {
        env,
      });
      assertEquals([backup.code, backup.stderr], [0, ""]);

      await doDamage(path);
      const reason = await until(program, 503);
      assertMatch(String(reason), /journal.*(?:damaged|empty|not a database|no journal)/);
      const refused = await deliver(program);
      assertEquals([refused.status, JSON.parse(refused.text).code], [503, "unavailable"]);
      assertSigned(refused);

      // As docs/backup.md says, but for the stop.
      for (const file of [path, `${path}-wal`, `${path}-shm`]) {
        await Deno.rename(file, `${file}.old`);
      }
      await Deno.rename(copy, path);
      await until(program, 200);
      assertEquals((await deliver(program, { headers: { "X-Request-Id": "after" } })).status, 200);
      program.kill("SIGKILL");
      await program.status;
      await assertStored(path, new Set(["after"]));
    },
  });
}

for (const isBusy of [false, true]) {
  const when = isBusy ? "while it records" : "while nothing comes";
  Deno.test({
    name:
      `a server tells of another sound journal that is copied over its own ${when}, or keeps both`,
    ignore,
    async fn() {
      await using folder = await temporaryFolder();
      const path = join(folder.path, "journal.db");
      const env = { STOREHOOK_JOURNAL_PATH: path };
      await using program = await startProgram({ env });
      assertEquals((await deliver(program, { headers: { "X-Request-Id": "one" } })).status, 200);
      const copy = join(folder.path, "copy.db");
      await runProgram(["journal", "backup", copy, "--config", SHIPPED_CONFIG], { env });
      const load = startLoad(program.url, "load");
      await load.reached(400);
      if (!isBusy) {
        await load.stop();
        // Comes after the last emptying of the log: a copy within one can't be told from it.
        assertEquals((await deliver(program)).status, 200);
      }
      await Deno.copyFile(copy, path);
      const acknowledged = new Set<string>();
      const end = Date.now() + 3000;
      for (let turn = 0; Date.now() < end; turn++) {
        const id = `turn-${turn}`;
        const { status } = await deliver(program, { headers: { "X-Request-Id": id } });
        if (status === 200) acknowledged.add(id);
        else assertEquals(status, 503);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      await load.stop();
      const { status } = await readiness(program);
      program.kill("SIGKILL");
      await program.status;
      // Either it is told, or what is acknowledged is kept.
      if (status === 200) await assertStored(path, acknowledged);
    },
  });
}
