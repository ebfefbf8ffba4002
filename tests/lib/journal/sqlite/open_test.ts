import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { DatabaseSync } from "node:sqlite";
import { JournalNotOpened, JournalUnavailable } from "../../../../lib/journal/errors.ts";
import { migrate } from "../../../../lib/journal/sqlite/migrations.ts";
import { MIGRATIONS } from "../../../../lib/journal/sqlite/migrations.ts";
import { openJournal } from "../../../../lib/journal/sqlite/open.ts";
import { openWriteSession } from "../../../../lib/journal/sqlite/session.ts";
import { delivery, withFolder } from "../samples.ts";

function pragma(database: DatabaseSync, name: string): unknown {
  return Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0];
}

Deno.test("openWriteSession() sets what makes a commit durable", () =>
  withFolder((folder) => {
    const session = openWriteSession(join(folder, "journal.db"), { refusedCount: 10 });
    const names = ["journal_mode", "synchronous", "busy_timeout", "auto_vacuum", "user_version"];
    const found = names.map((name) => pragma(session.database, name));
    session.close();
    assertEquals(found, ["wal", 2, 2000, 2, MIGRATIONS.length]);
  }));

Deno.test("openWriteSession() makes strict tables alone", () =>
  withFolder((folder) => {
    const session = openWriteSession(join(folder, "journal.db"), { refusedCount: 10 });
    const lax = session.database.prepare(
      "SELECT name FROM pragma_table_list WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND NOT strict",
    ).all();
    session.close();
    assertEquals(lax, []);
  }));

Deno.test({
  name: "openJournal() makes files that only their owner can read",
  ignore: Deno.build.os === "windows",
  fn: () =>
    withFolder(async (folder) => {
      const path = join(folder, "journal.db");
      const journal = openJournal(path);
      await journal.record(delivery());
      await journal.backup(join(folder, "copy.db"));
      const modes = [path, `${path}-wal`, join(folder, "copy.db")]
        .map((file) => (Deno.statSync(file).mode ?? 0) & 0o777);
      await journal.close();
      assertEquals(modes, [0o600, 0o600, 0o600]);
    }),
});

Deno.test("openJournal() finds what an earlier process recorded", () =>
  withFolder(async (folder) => {
    const path = join(folder, "journal.db");
    const recorded = delivery();
    const first = openJournal(path);
    await first.record(recorded);
    await first.close();
    const second = openJournal(path);
    assertEquals((await second.get(recorded.id))?.body, recorded.body);
    await second.close();
  }));

Deno.test("openJournal() refuses a second writer", () =>
  withFolder(async (folder) => {
    const path = join(folder, "journal.db");
    const first = openJournal(path);
    assertThrows(
      () => openJournal(path),
      JournalNotOpened,
      `Cannot open journal "${path}": another process has it open for writing`,
    );
    await first.record(delivery());
    await first.close();
    await openJournal(path).close();
  }));

Deno.test("openJournal() reads beside a writer and changes nothing", () =>
  withFolder(async (folder) => {
    const path = join(folder, "journal.db");
    const writer = openJournal(path);
    const reader = openJournal(path, { readOnly: true });
    const recorded = delivery();
    await writer.record(recorded);
    assertEquals((await reader.get(recorded.id))?.id, recorded.id);
    await assertRejects(() => reader.record(delivery()), JournalUnavailable, "for reading only");
    assertEquals(reader.state(), { writable: false, reason: "it is open for reading only" });
    await reader.close();
    await writer.close();
  }));

Deno.test("openJournal() refuses a newer schema, for writing and for reading", () =>
  withFolder(async (folder) => {
    const path = join(folder, "journal.db");
    await openJournal(path).close();
    const database = new DatabaseSync(path);
    database.exec(`PRAGMA user_version = ${MIGRATIONS.length + 1}`);
    database.close();
    for (const readOnly of [false, true]) {
      assertThrows(
        () => openJournal(path, { readOnly }),
        JournalNotOpened,
        `Cannot open journal "${path}": a newer version of this program wrote it`,
      );
    }
  }));

Deno.test("openJournal() refuses another program's database and leaves it alone", () =>
  withFolder((folder) => {
    const path = join(folder, "other.db");
    const other = new DatabaseSync(path);
    other.exec("CREATE TABLE theirs (a)");
    other.close();
    const before = Deno.readFileSync(path);
    assertThrows(() => openJournal(path), JournalNotOpened, "it is another program's database");
    assertEquals(Deno.readFileSync(path), before);
  }));

Deno.test("openJournal() refuses a file that is no database", () =>
  withFolder((folder) => {
    const path = join(folder, "journal.db");
    Deno.writeTextFileSync(path, "# My notes\n".repeat(100));
    assertThrows(() => openJournal(path), JournalNotOpened, "the file is not a database");
    assertEquals(Deno.readTextFileSync(path), "# My notes\n".repeat(100));
  }));

Deno.test("openJournal() finds no journal to read where there is none", () =>
  withFolder((folder) => {
    const path = join(folder, "journal.db");
    assertThrows(
      () => openJournal(path, { readOnly: true }),
      JournalNotOpened,
      "there is no such file",
    );
    assertEquals([...Deno.readDirSync(folder)], []);
  }));

Deno.test("openJournal() says that the folder can't be made", () =>
  withFolder((folder) => {
    Deno.writeTextFileSync(join(folder, "file"), "");
    const path = join(folder, "file", "journal.db");
    assertThrows(() => openJournal(path), JournalNotOpened, `Cannot open journal "${path}"`);
  }));

Deno.test("migrate() goes on where an older program stopped, and undoes a step that fails", () => {
  const database = new DatabaseSync(":memory:");
  migrate(database, 0, ["CREATE TABLE a (x)"]);
  const steps = ["CREATE TABLE a (x)", "CREATE TABLE b (x)", "CREATE TABLE c (x); nonsense"];
  assertThrows(() => migrate(database, 1, steps), Error, "syntax error");
  const tables = database.prepare("SELECT name FROM sqlite_schema").all().map(({ name }) => name);
  assertEquals(tables, ["a", "b"]);
  assertEquals(pragma(database, "user_version"), 2);
  database.close();
});
