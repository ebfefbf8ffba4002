import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { DatabaseSync } from "node:sqlite";
import { openJournal } from "../../../../lib/journal/sqlite/open.ts";
import { withFolder } from "../samples.ts";
import { checkOutbox } from "./check_outbox.ts";
import { runUntilKilled } from "./run_until_killed.ts";

/** More rounds: JOURNAL_KILL_ROUNDS=200. */
const ROUNDS = Number(Deno.env.get("JOURNAL_KILL_ROUNDS") ?? 3);

/** Killed after so many acknowledgements, at random, so that every moment is met in time. */
const MOST_ACKNOWLEDGED = 1500;

Deno.test("record() keeps what it acknowledged when the process is killed", () =>
  withFolder(async (folder) => {
    const path = join(folder, "journal.db");
    const acknowledged: string[] = [];
    const recorder = fromFileUrl(import.meta.resolve("./recorder.ts"));
    for (let round = 0; round < ROUNDS; round++) {
      const enough = 1 + Math.random() * MOST_ACKNOWLEDGED;
      acknowledged.push(...await runUntilKilled([recorder, path], enough));
      await checkAll(path, acknowledged);
    }
    assert(acknowledged.length >= ROUNDS);
  }));

async function checkAll(path: string, acknowledged: readonly string[]): Promise<void> {
  const reader = openJournal(path, { readOnly: true });
  const stored = new Set(await Array.fromAsync(reader.each({ verified: true }), ({ id }) => id));
  assert((await reader.counts()).refused <= 50);
  void reader.close();
  assertEquals(acknowledged.filter((id) => !stored.has(id)), []);
  const database = new DatabaseSync(path);
  assertEquals({ ...database.prepare("PRAGMA integrity_check").get() }, { integrity_check: "ok" });
  database.close();
  checkOutbox(path);
}

Deno.test("openJournal() refuses a second process until the first is killed", () =>
  withFolder(async (folder) => {
    const path = join(folder, "journal.db");
    const recorder = fromFileUrl(import.meta.resolve("./recorder.ts"));
    const args = ["run", "--no-lock", "-A", recorder, path];
    const first = new Deno.Command(Deno.execPath(), { args, stdout: "piped" }).spawn();
    const lines = first.stdout.getReader();
    await lines.read();
    const second = await new Deno.Command(Deno.execPath(), {
      args,
      // It would record for ever if it were let in.
      signal: AbortSignal.timeout(60_000),
    }).output();
    assertEquals(second.code, 1);
    assert(
      new TextDecoder().decode(second.stderr)
        .includes(`Cannot open journal "${path}": another process has it open for writing`),
    );
    first.kill("SIGKILL");
    await lines.cancel();
    await first.status;
    await openJournal(path).close();
  }));
