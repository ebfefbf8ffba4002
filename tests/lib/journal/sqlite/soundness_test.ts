import { assert } from "@std/assert";
import { join } from "@std/path";
import { DatabaseSync } from "node:sqlite";
import { openJournal } from "../../../../lib/journal/sqlite/open.ts";
import { assertSoundDatabase } from "../../../../lib/journal/sqlite/soundness.ts";
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
