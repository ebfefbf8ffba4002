import { assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { DatabaseSync } from "node:sqlite";
import { JournalNotOpened } from "../../../../lib/journal/errors.ts";
import { APPLICATION_ID, migrate } from "../../../../lib/journal/sqlite/migrations.ts";
import { MIGRATIONS } from "../../../../lib/journal/sqlite/migrations.ts";
import { openJournal } from "../../../../lib/journal/sqlite/open.ts";
import { bytesOf, delivery, event, withFolder } from "../samples.ts";

/** Writes what version 1 would have written: a delivery and an export. */
function writeVersion1(path: string): void {
  const database = new DatabaseSync(path);
  database.exec("PRAGMA auto_vacuum = INCREMENTAL");
  database.exec("PRAGMA journal_mode = WAL");
  migrate(database, 0, MIGRATIONS.slice(0, 1));
  database.exec(`
    INSERT INTO rule_sets (names) VALUES ('["large orders"]');
    INSERT INTO deliveries (id, received_at, answered_at, endpoint, kind, status, verified_by,
      request_id, remote_address, fingerprint, body_bytes, rule_set, decisions, headers, answer,
      body)
    VALUES ('d1', 1000, 1003, '/orders', 'ustore.order-approval', 200, 'key 1', 'r1', '192.0.2.7',
      x'00', 4, 1, '[]', '[]', x'6f6b', x'626f6479');
    INSERT INTO exports (endpoint, list_key, external_id, token, versions)
    VALUES ('/cart', 'list 1', 'external', 'token', 1);
    INSERT INTO export_versions (token, version, delivery_id, saved_at, list)
    VALUES ('token', 1, 'd1', 1003, x'6c697374');`);
  database.close();
}

Deno.test("openJournal() brings a journal of version 1 up to date and keeps what it holds", () =>
  withFolder(async (folder) => {
    const path = join(folder, "journal.db");
    writeVersion1(path);
    assertThrows(
      () => openJournal(path, { readOnly: true }),
      JournalNotOpened,
      "an older version of this program wrote it",
    );
    const journal = openJournal(path);
    const old = await journal.get("d1");
    assertEquals([old?.body, old?.answer, old?.rules], [
      bytesOf("body"),
      bytesOf("ok"),
      [{ name: "large orders" }],
    ]);
    assertEquals((await journal.findExport("token"))?.list, bytesOf("list"));
    assertEquals([(await journal.events.counts()).events, (await journal.outbox.counts()).size], [
      0,
      0,
    ]);
    await journal.record(delivery(), { events: [event()] });
    assertEquals((await journal.outbox.counts()).get("erp")?.waiting, 1);
    await journal.close();
    const reader = openJournal(path, { readOnly: true });
    assertEquals(await reader.events.counts(), { events: 1, withWarnings: 0 });
    await reader.close();
    const database = new DatabaseSync(path);
    const { user_version: version } = database.prepare("PRAGMA user_version").get() ?? {};
    const { application_id: id } = database.prepare("PRAGMA application_id").get() ?? {};
    database.close();
    assertEquals([version, id], [MIGRATIONS.length, APPLICATION_ID]);
  }));
