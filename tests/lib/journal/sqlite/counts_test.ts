import { assertEquals, assertLess } from "@std/assert";
import { join } from "@std/path";
import { DatabaseSync } from "node:sqlite";
import { describeNotDone } from "../../../../lib/journal/forwards_detail.ts";
import { openJournal } from "../../../../lib/journal/sqlite/open.ts";
import { delivery, withFolder } from "../samples.ts";
import { checkOutbox } from "./check_outbox.ts";

const WAITING = 100_000;

/** So many events and forwards that wait, without the time that recording them would take. */
const FILL = `
  WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${WAITING})
  INSERT INTO events (seq, id, delivery_id, endpoint, key, received_at, last_seen_at, waiting,
    source, type, subject, candidates, warnings, payload_bytes, payload)
  SELECT n, 'e' || n, 'd', '/events', 'k' || n, n, n, 1, 's', 't', 'x' || n, '[]', '[]', 1, x'00'
  FROM numbers;
  INSERT INTO forwards (id, event, destination, subject, created_at, due_at, leads)
  SELECT 'f' || seq, seq, 'erp', subject, received_at, received_at, 1 FROM events;
  INSERT INTO counts (kind, name, n) VALUES ('events', 'all', ${WAITING}),
    ('forwards', 'waiting', ${WAITING}), ('waiting', 'erp', ${WAITING}),
    ('waiting bytes', 'erp', ${WAITING * 1025});`;

Deno.test("counts() takes no longer the more there is", () =>
  withFolder(async (folder) => {
    const path = join(folder, "journal.db");
    const journal = openJournal(path);
    await journal.record(delivery());
    const database = new DatabaseSync(path);
    database.exec(`BEGIN; ${FILL} COMMIT;`);
    database.close();
    const detail = () => describeNotDone(journal.outbox, 1000);
    const { waiting, waitingBytes, destinations } = await detail();
    assertEquals([waiting, waitingBytes], [WAITING, WAITING * 1025]);
    assertEquals(destinations["erp"]?.oldestWaitingSeconds, 1);
    assertEquals((await journal.outbox.countsByState()).waiting, WAITING);
    assertEquals((await journal.events.counts()).events, WAITING);
    const reader = new DatabaseSync(path);
    let [looksMs, scansMs] = [Infinity, Infinity];
    for (let turn = 0; turn < 20; turn++) {
      const startedAt = performance.now();
      await detail();
      await journal.counts();
      await journal.events.counts();
      await journal.outbox.countsByState();
      const lookedAt = performance.now();
      reader.prepare("SELECT sum(waiting + received_at) FROM events").get();
      reader.prepare("SELECT sum(due_at) FROM forwards").get();
      looksMs = Math.min(looksMs, lookedAt - startedAt);
      scansMs = Math.min(scansMs, performance.now() - lookedAt);
    }
    reader.close();
    // Beside one that counts: a machine that is slow is slow for both.
    assertLess(looksMs, scansMs / 2);
    await journal.close();
    checkOutbox(path);
  }));
