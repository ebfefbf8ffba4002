import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { erase } from "../../../../lib/journal/sqlite/erase.ts";
import { openHolder, openJournal } from "../../../../lib/journal/sqlite/open.ts";
import { bytesOf, delivery, withFolder } from "../samples.ts";

Deno.test("erase() rests after each look for as long as that took, and longer where it took the lock", () =>
  withFolder(async (folder) => {
    const path = join(folder, "journal.db");
    const journal = openJournal(path);
    const body = bytesOf(JSON.stringify({ email: "ann@example.com", rest: "x".repeat(5000) }));
    await Promise.all(Array.from({ length: 500 }, () => journal.record(delivery({ body }))));
    await journal.close();

    const rests: (number | undefined)[] = [];
    const holder = openHolder(path, {});
    const resting = {
      ...holder,
      rest(lookedMs?: number) {
        rests.push(lookedMs);
        return holder.rest();
      },
    };
    const { deliveries } = await erase(resting, "ann@example.com", { dryRun: true });
    assertEquals(deliveries, 500);
    // One at least for each table, and none that is longer than the look.
    assert(rests.length >= 3 && rests.every((ms) => ms !== undefined && ms > 0), `${rests}`);
    rests.length = 0;
    assertEquals((await erase(resting, "ann@example.com")).deliveries, 500);
    assert(rests.includes(undefined), `${rests}`);
    holder.close();
  }));
