import { assertEquals } from "@std/assert";
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
    const startedAt = performance.now();
    for (let time = 0; time < 20; time++) {
      await detail();
      await journal.counts();
      await journal.events.counts();
      await journal.outbox.countsByState();
    }
    // Scanning takes some 60 ms each time; a busy machine is allowed for.
    const tookMs = (performance.now() - startedAt) / 20;
    assertEquals(tookMs < 15, true, `a look took ${tookMs} ms`);
    await journal.close();
    checkOutbox(path);
  }));
