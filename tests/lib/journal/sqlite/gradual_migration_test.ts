/** Bringing a large journal up to date, with the process killed meanwhile, again and again. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { DatabaseSync } from "node:sqlite";
import { JournalNotOpened } from "../../../../lib/journal/errors.ts";
import { openJournal } from "../../../../lib/journal/sqlite/open.ts";
import { fillSchema9, restoreSchema9 } from "../old_journals.ts";
import { delivery, withFolder } from "../samples.ts";
import { checkOutbox } from "./check_outbox.ts";

/** It is killed so long after it has begun, or after it said how far it is. */
const DELAY_MS = 150;
const MOST_KILLS = 6;

/** What is kept, row by row, in words that both schemas understand. */
const KEPT = [
  "SELECT seq, id, received_at, body, answer, headers FROM deliveries ORDER BY seq",
  "SELECT seq, id, delivery_id, received_at, waiting, payload FROM events ORDER BY seq",
  "SELECT seq, id, event, state, subject, due_at, leads FROM forwards ORDER BY seq",
  "SELECT kind, name, n FROM counts WHERE name NOT IN ('listed', 'seed') ORDER BY kind, name",
];

async function digest(path: string): Promise<readonly string[]> {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    return await Promise.all(KEPT.map(async (sql) => {
      const rows = JSON.stringify(
        database.prepare(sql).all(),
        (_, value) => value instanceof Uint8Array ? value.toHex() : value,
      );
      const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(rows));
      return new Uint8Array(hash).toHex();
    }));
  } finally {
    database.close();
  }
}

/** Opens the journal in a process of its own, and kills it; gives what that printed. */
async function open(path: string, afterLines: number): Promise<readonly string[]> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-lock", "-A", fromFileUrl(import.meta.resolve("./migrator.ts")), path],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  let printed = "";
  let timer: ReturnType<typeof setTimeout> | undefined;
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    printed += text;
    if (printed.split("\n").length <= afterLines) continue;
    timer ??= setTimeout(() => child.kill("SIGKILL"), Math.random() * DELAY_MS);
  }
  clearTimeout(timer);
  await child.status;
  return printed.split("\n");
}

Deno.test("openJournal() goes on where it was killed while it brought a journal up to date", () =>
  withFolder(async (folder) => {
    const path = await restoreSchema9(folder);
    fillSchema9(path);
    const before = await digest(path);
    let [killed, wasUnfinished] = [0, false];
    for (let isDone = false; !isDone;) {
      const lines = await open(path, killed < MOST_KILLS ? 1 + killed % 2 : Infinity);
      isDone = lines.includes("closed");
      if (isDone) break;
      killed++;
      const looking = new DatabaseSync(path, { readOnly: true });
      const unfinished = looking.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'moving'").get();
      const { user_version: version } = looking.prepare("PRAGMA user_version").get() ?? {};
      looking.close();
      if (unfinished === undefined) continue;
      wasUnfinished = true;
      // Earlier versions know no schema beyond 9: they refuse it, as they do any that is newer.
      assert(Number(version) > 9);
      for (const options of [{ readOnly: true }, { maintenance: true }]) {
        assertThrows(
          () => openJournal(path, options),
          JournalNotOpened,
          "a server is bringing it up to date, or was ended while it did",
        );
      }
    }
    assert(wasUnfinished, `killed ${killed} times, and never in between`);
    assertEquals(await digest(path), before);
    checkOutbox(path);
    const journal = openJournal(path);
    const recorded = delivery({ receivedAt: Date.now() + 1e6 });
    await journal.record(recorded);
    assertEquals((await journal.list({ limit: 1 })).deliveries[0]?.id, recorded.id);
    assertEquals((await journal.get("d17"))?.requestId, "r17");
    await journal.close();
  }));
