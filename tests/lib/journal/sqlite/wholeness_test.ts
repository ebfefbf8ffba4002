import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { DatabaseSync } from "node:sqlite";
import type { Journal } from "../../../../lib/journal/journal.ts";
import { openJournal } from "../../../../lib/journal/sqlite/open.ts";
import { openJournalInThread } from "../../../../lib/journal/sqlite/open_in_thread.ts";
import { bytesOf, delivery, event, withFolder } from "../samples.ts";

/** Every statement that writes a part of a delivery. */
const PARTS = [
  "INSERT ON rule_sets",
  "INSERT ON deliveries",
  "INSERT ON events",
  "UPDATE ON events",
  "INSERT ON forwards",
  "UPDATE ON exports",
  "INSERT ON export_versions",
];

const OPENERS: readonly (readonly [string, (path: string) => Journal | Promise<Journal>])[] = [
  ["openJournal()", openJournal],
  ["openJournalInThread()", openJournalInThread],
];

for (const [name, open] of OPENERS) {
  for (const part of PARTS) {
    Deno.test(`${name} record() stores nothing where ${part} fails`, () =>
      withFolder(async (folder) => {
        const path = join(folder, "journal.db");
        const journal = await open(path);
        try {
          const { token } = await journal.exportOf("/cart", "list 1");
          const known = event();
          const exported = { token, list: bytesOf("list") };
          await journal.record(delivery(), { events: [known], exported });
          const before = contentOf(path);
          alter(path, `CREATE TRIGGER broken BEFORE ${part} BEGIN SELECT RAISE(ABORT, 'no'); END`);
          const next = { token, list: bytesOf("another list") };
          const follows = { events: [known, event(), event()], exported: next };
          await assertRejects(
            () => journal.record(delivery({ rules: [{ name: part }] }), follows),
            RangeError,
          );
          alter(path, "DROP TRIGGER broken");
          assertEquals(contentOf(path), before);
          await journal.record(delivery({ rules: [{ name: part }] }), follows);
          assertEquals((await journal.events.counts()).events, 3);
          assertEquals((await journal.findExport(token))?.versions.length, 2);
        } finally {
          await journal.close();
        }
      }));
  }
}

function alter(path: string, sql: string): void {
  const database = new DatabaseSync(path);
  database.exec("PRAGMA busy_timeout = 10000");
  database.exec(sql);
  database.close();
}

/** All rows of all tables. */
function contentOf(path: string): unknown {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const tables = ["deliveries", "events", "forwards", "exports", "export_versions", "rule_sets"];
    return tables.map((table) => database.prepare(`SELECT * FROM ${table}`).all());
  } finally {
    database.close();
  }
}
