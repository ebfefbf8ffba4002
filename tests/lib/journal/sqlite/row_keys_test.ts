import { assertEquals } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { newDeliveryId } from "../../../../lib/journal/delivery.ts";
import { createRowKeys, insertTogether } from "../../../../lib/journal/sqlite/rows.ts";

Deno.test("createRowKeys() gives rows that are inserted together keys of their own, whatever is taken", () => {
  const database = new DatabaseSync(":memory:");
  try {
    database.exec("CREATE TABLE events (seq INTEGER PRIMARY KEY, id TEXT)");
    const newKeys = createRowKeys(database, "events");
    const insertAll = insertTogether(database, "events", ["seq", "id"]);
    const ids = [1, 2, 3].map(() => newDeliveryId());
    const insert = () => {
      const keyOf = newKeys();
      const keys = ids.map(keyOf);
      insertAll(ids.map((id, index) => [keys[index] ?? 0, id]));
      return keys;
    };
    const first = insert();
    assertEquals(first.every((key, index) => key > (first[index - 1] ?? 2 ** 41)), true);
    // As with a clock that was set back: the numbers of all are taken.
    assertEquals(insert(), [1, 2, 3]);
    assertEquals(insert(), [4, 5, 6]);
  } finally {
    database.close();
  }
});
