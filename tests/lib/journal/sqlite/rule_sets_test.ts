import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { DatabaseSync } from "node:sqlite";
import { openJournal } from "../../../../lib/journal/sqlite/open.ts";
import { delivery, withFolder } from "../samples.ts";

const DAY_MS = 24 * 3_600_000;

function rulesIn(path: string): readonly unknown[] {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    return database.prepare("SELECT names FROM rule_sets ORDER BY seq").all()
      .flatMap(({ names }) => JSON.parse(String(names)));
  } finally {
    database.close();
  }
}

/** A delivery of a day, decided by the rule of some edit of the config. */
function ofDay(day: number, edit: number) {
  return delivery({
    receivedAt: day * DAY_MS,
    answeredAt: day * DAY_MS + 5,
    rules: [{ name: `edit ${edit}` }],
  });
}

Deno.test("prune() removes rules with the last delivery that was decided by them", () =>
  withFolder(async (folder) => {
    const path = join(folder, "journal.db");
    const journal = openJournal(path);
    for (let day = 0; day < 100; day++) await journal.record(ofDay(day, day));
    assertEquals(rulesIn(path).length, 100);
    const now = 100 * DAY_MS;
    const gone = await journal.prune({ olderThanMs: 10 * DAY_MS, now, budgetMs: 10_000 });
    assertEquals(gone.deliveries, 90);
    // What was used within two days before the oldest delivery stays, too.
    assertEquals(
      rulesIn(path),
      Array.from({ length: 12 }, (_, index) => ({
        name: `edit ${index + 88}`,
      })),
    );
    await journal.close();
  }));

Deno.test("prune() keeps old rules that decide again, and writes them anew when they were gone", () =>
  withFolder(async (folder) => {
    const path = join(folder, "journal.db");
    const journal = openJournal(path);
    await journal.record(ofDay(0, 0));
    for (const day of [1, 50, 99]) await journal.record(ofDay(day, 1));
    await journal.record(ofDay(98, 0));
    const now = 100 * DAY_MS;
    const prune = (days: number) =>
      journal.prune({ olderThanMs: days * DAY_MS, now: now + 10 * DAY_MS, budgetMs: 10_000 });
    await prune(20);
    assertEquals(rulesIn(path), [{ name: "edit 0" }, { name: "edit 1" }]);
    await prune(0);
    assertEquals(rulesIn(path), []);
    const again = ofDay(99, 1);
    await journal.record(again);
    assertEquals((await journal.get(again.id))?.rules, [{ name: "edit 1" }]);
    await journal.close();
  }));
