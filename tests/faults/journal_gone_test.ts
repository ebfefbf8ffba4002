import { canMount, mountSmallDisk, unmount } from "./small_disk.ts";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { DatabaseSync } from "node:sqlite";
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

async function readiness({ url }: Program): Promise<number> {
  const response = await fetch(`${url}/readyz`);
  await response.body?.cancel();
  return response.status;
}

Deno.test("a journal whose folder is taken away answers 503, signed, and resumes by itself", async () => {
  await using folder = await temporaryFolder();
  const [there, away] = [join(folder.path, "there"), join(folder.path, "away")];
  await Deno.mkdir(there);
  const path = join(there, "journal.db");
  await using program = await startProgram({ env: { STOREHOOK_JOURNAL_PATH: path } });
  assertEquals((await deliver(program, { headers: { "X-Request-Id": "before" } })).status, 200);

  await Deno.rename(there, away);
  const refused = await deliver(program, { headers: { "X-Request-Id": "meanwhile" } });
  assertEquals(refused.status, 503);
  assertMatch(refused.headers["retry-after"] ?? "", /^\d+$/);
  assertEquals(JSON.parse(refused.text).code, "unavailable");
  assertSigned(refused);
  assertEquals(await readiness(program), 503);
  // Where its files are is told to those who run it alone.
  const reasonAt = async (url: string) => (await (await fetch(`${url}/readyz`)).json()).reason;
  assertEquals(await reasonAt(program.url), "journal");
  assertMatch(await reasonAt(program.adminUrl), /^journal: .+/);

  await Deno.rename(away, there);
  // It looks again once a second at the most; each request asks.
  await eventually("a ready server", async () => await readiness(program) === 200);
  assertEquals((await deliver(program, { headers: { "X-Request-Id": "after" } })).status, 200);
  program.kill("SIGTERM");
  await program.status;
  await assertStored(path, new Set(["before", "after"]));
});

Deno.test("a stranger's signature is refused as ever while the journal is gone", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "journal", "journal.db");
  await using program = await startProgram({ env: { STOREHOOK_JOURNAL_PATH: path } });
  await Deno.rename(join(folder.path, "journal"), join(folder.path, "away"));
  assertEquals((await deliver(program, { key: "another key" })).status, 401);
});

Deno.test("a second server on one journal says so and exits 1, and the first goes on", async () => {
  await using folder = await temporaryFolder();
  const env = { STOREHOOK_JOURNAL_PATH: join(folder.path, "journal.db") };
  await using program = await startProgram({ env });
  const second = await runProgram(["serve", "--config", SHIPPED_CONFIG, "--port", "0"], { env });
  assertEquals([second.code, second.stdout], [1, ""]);
  assertMatch(second.stderr, /^Cannot open journal ".+": another process has it open for writing/);
  assertEquals((await deliver(program)).status, 200);
});

Deno.test("a journal of a newer version is left alone", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "journal.db");
  const env = { STOREHOOK_JOURNAL_PATH: path };
  {
    await using program = await startProgram({ env });
    program.kill("SIGTERM");
    await program.status;
  }
  const database = new DatabaseSync(path);
  database.exec("PRAGMA user_version = 9999");
  database.close();
  const newer = await runProgram(["serve", "--config", SHIPPED_CONFIG, "--port", "0"], { env });
  assertEquals([newer.code, newer.stdout], [1, ""]);
  assertMatch(newer.stderr, /a newer version of this program wrote it \(schema 9999, /);
});

/** More deliveries than the small disk has room for. */
const MOST_TURNS = 3000;

Deno.test({
  name: `a full disk answers 503 and loses nothing, and service resumes when there is room${
    canMount ? "" : " (skipped: this process may not mount a disk)"
  }`,
  ignore: !canMount,
  async fn() {
    await using folder = await temporaryFolder();
    await mountSmallDisk(folder.path, 3_145_728);
    try {
      const path = join(folder.path, "journal.db");
      const ballast = join(folder.path, "ballast");
      await Deno.writeFile(ballast, new Uint8Array(1_048_576));
      const acknowledged = new Set<string>();
      {
        await using program = await startProgram({ env: { STOREHOOK_JOURNAL_PATH: path } });
        // What was written to the log of the journal may find its place, and leave room for some more.
        let isFull = false;
        for (let turn = 0; !isFull; turn++) {
          assert(turn < MOST_TURNS, "the disk does not get full");
          const id = `turn-${turn}`;
          const answer = await deliver(program, { headers: { "X-Request-Id": id } });
          assertSigned(answer);
          if (answer.status === 200) acknowledged.add(id);
          else {
            assertEquals(answer.status, 503);
            isFull = await readiness(program) === 503;
          }
        }
        await Deno.remove(ballast);
        await eventually("a ready server", async () => await readiness(program) === 200);
        assertEquals((await deliver(program, { headers: { "X-Request-Id": "room" } })).status, 200);
        acknowledged.add("room");
        program.kill("SIGTERM");
        await program.status;
      }
      await assertStored(path, acknowledged);
    } finally {
      await unmount(folder.path);
    }
  },
});
