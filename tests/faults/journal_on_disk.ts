import { assertEquals } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { openJournal } from "../../lib/journal/sqlite/open.ts";

/**
 * Asserts that a journal is sound and holds what was acknowledged.
 *
 * @param path Its file; no process writes to it.
 * @param acknowledged The request ids that were answered.
 */
export async function assertStored(path: string, acknowledged: ReadonlySet<string>): Promise<void> {
  const database = new DatabaseSync(path);
  assertEquals({ ...database.prepare("PRAGMA integrity_check").get() }, { integrity_check: "ok" });
  database.close();
  const journal = openJournal(path, { readOnly: true });
  const stored = new Set(await Array.fromAsync(journal.each(), ({ requestId }) => requestId));
  await journal.close();
  assertEquals([...acknowledged].filter((id) => !stored.has(id)), []);
}
