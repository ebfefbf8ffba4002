import { assert, assertEquals, assertGreater, assertMatch, assertThrows } from "@std/assert";
import { setImmediate } from "node:timers";
import { join } from "@std/path";
import { DatabaseSync } from "node:sqlite";
import { JournalUnavailable } from "../../../../lib/journal/errors.ts";
import { REFUSED_LIMITS } from "../../../../lib/journal/journal.ts";
import { encodeDelivery } from "../../../../lib/journal/sqlite/deliveries.ts";
import { openJournal } from "../../../../lib/journal/sqlite/open.ts";
import { openWriteSession } from "../../../../lib/journal/sqlite/session.ts";
import { assertSoundDatabase } from "../../../../lib/journal/sqlite/soundness.ts";
import { holdConnection } from "../../../../lib/journal/sqlite/connection_holder.ts";
import { delivery, withFolder } from "../samples.ts";

const COUNT = 3000;
const BODY_BYTES = 4000;

/**
 * What this thread has read of files so far, from the cache of the system or from the disk: others
 * of the process may run other tests meanwhile.
 */
function bytesRead(): number {
  const [, bytes] = /^rchar: (\d+)$/m.exec(Deno.readTextFileSync("/proc/thread-self/io")) ?? [];
  return Number(bytes);
}

Deno.test({
  name:
    "assertSoundDatabase() reads little of a large journal, which is looked at several times a second",
  ignore: Deno.build.os !== "linux",
  fn: () =>
    withFolder(async (folder) => {
      const path = join(folder, "journal.db");
      const journal = openJournal(path);
      const body = new Uint8Array(BODY_BYTES);
      await Promise.all(Array.from({ length: COUNT }, () => journal.record(delivery({ body }))));
      await journal.close();
      const database = new DatabaseSync(path, { readOnly: true });
      try {
        const before = bytesRead();
        assertSoundDatabase(database, "quick");
        const read = bytesRead() - before;
        assert(read > 0 && read < COUNT * BODY_BYTES / 50, `it has read ${read} bytes`);
      } finally {
        database.close();
      }
    }),
});

Deno.test({
  name: "transaction() tells of a file that was overwritten within it, and of none that it wrote",
  // There it is not told at once what was written.
  ignore: Deno.build.os === "windows",
  fn: () =>
    withFolder(async (folder) => {
      const path = join(folder, "journal.db");
      const earlier = join(folder, "earlier.db");
      const holder = holdConnection(() => openWriteSession(path, { refusedCount: 10 }));
      const body = new Uint8Array(BODY_BYTES);
      const record = (meanwhile = () => {}) =>
        holder.transaction(({ writer }) => {
          writer.insert(encodeDelivery(delivery({ body }), REFUSED_LIMITS));
          meanwhile();
        });
      try {
        record();
        holder.session().database.exec(`VACUUM INTO '${earlier}'`);
        const sizes = new Set<number>();
        for (let count = 0; count < COUNT; count++) {
          record();
          sizes.add(Deno.statSync(path).size);
          // The log is emptied between two.
          if (count % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
        }
        assert(sizes.size > 2, "the log was emptied into the file");
        assertEquals(holder.state(), { writable: true });
        // As large as before, so that nothing seems to be cut off.
        const over = new Uint8Array(Deno.statSync(path).size);
        over.set(Deno.readFileSync(earlier));
        assertThrows(
          () => record(() => Deno.writeFileSync(path, over)),
          JournalUnavailable,
          "damaged",
        );
        assertThrows(() => record(), JournalUnavailable, "damaged");
      } finally {
        holder.close();
      }
    }),
});

Deno.test("transaction() leaves the file alone, however much it writes, until the log is emptied", () =>
  withFolder(async (folder) => {
    const path = join(folder, "journal.db");
    const holder = holdConnection(() => openWriteSession(path, { refusedCount: 10 }));
    const sizeOf = () => Deno.statSync(path).size;
    try {
      for (let count = 0; count < 3; count++) {
        const before = sizeOf();
        holder.transaction(({ writer }) => {
          const body = new Uint8Array(20_000_000).fill(count);
          writer.insert(encodeDelivery(delivery({ body }), REFUSED_LIMITS));
        });
        assertEquals(sizeOf(), before);
        await new Promise((resolve) => setImmediate(resolve));
        assertGreater(sizeOf(), before + 10_000_000);
      }
      assertEquals(holder.state(), { writable: true });
    } finally {
      holder.close();
    }
  }));

Deno.test({
  name: "state() tells of files that were overwritten, and leaves them as they are",
  // Open files can't be cut off there.
  ignore: Deno.build.os === "windows",
  fn: () =>
    withFolder((folder) => {
      const path = join(folder, "journal.db");
      const open = () => openWriteSession(path, { refusedCount: 10 });
      const holder = holdConnection(open, { probeEveryMs: 0 });
      try {
        holder.transaction(({ writer }) => {
          writer.insert(encodeDelivery(delivery(), REFUSED_LIMITS));
        });
        holder.session().emptyLog();
        holder.wasChangedByOthers();

        Deno.writeTextFileSync(path, "not a journal\n".repeat(20_000));
        Deno.truncateSync(`${path}-wal`);
        // Longer than the head of the index, by which SQLite knows what it may keep in memory.
        Deno.writeFileSync(`${path}-shm`, new Uint8Array(32_768));
        holder.wasChangedByOthers();
        assertMatch(JSON.stringify(holder.state()), /"reason":"[^"]*(?:damaged|not a database)/);
        const left = [path, `${path}-wal`, `${path}-shm`].map((file) => Deno.statSync(file).isFile);
        assertEquals(left, [true, true, true]);
      } finally {
        holder.close();
      }
      return Promise.resolve();
    }),
});
