/** How repeats of deliveries are found by what is in memory. */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { createContents } from "../../../../lib/journal/sqlite/contents.ts";
import { openJournal } from "../../../../lib/journal/sqlite/open.ts";
import { createRowPlaces } from "../../../../lib/journal/sqlite/row_places.ts";
import { bytesOf, delivery, withFolder } from "../samples.ts";

/** What is stored, by key: a text of its own for each content. */
class Stored extends Map<number, string> {
  /** As the journal looks: gives an id where the content is the same. */
  readonly earlier = (content: string) => (seq: number) =>
    this.get(seq) === content ? `d${seq}` : undefined;
}

Deno.test("repeatOf() tells contents apart that have one number", () => {
  const [contents, stored] = [createContents(), new Stored()];
  const find = (seq: number, content: string) => {
    const found = contents.repeatOf(7, seq, stored.earlier(content));
    stored.set(seq, content);
    return found;
  };
  assertEquals(["a", "b", "c", "a", "b", "c", "b"].map((content, seq) => find(seq, content)), [
    null,
    null,
    null,
    "d0",
    "d1",
    "d2",
    "d1",
  ]);
});

Deno.test("repeatOf() gives a later one where the first is gone, and nothing where all are", () => {
  const [contents, stored] = [createContents(), new Stored([[1, "a"], [2, "a"]])];
  assertEquals(contents.repeatOf(7, 1, () => undefined), null);
  assertEquals(contents.repeatOf(7, 2, stored.earlier("a")), "d1");
  stored.delete(1);
  assertEquals(contents.repeatOf(7, 3, stored.earlier("a")), "d2");
  stored.delete(2);
  stored.set(3, "a");
  assertEquals(contents.repeatOf(7, 4, stored.earlier("a")), "d3");
  stored.set(4, "a");
  assertEquals(contents.repeatOf(7, 5, stored.earlier("a")), "d3");
  stored.clear();
  assertEquals(contents.repeatOf(7, 6, stored.earlier("a")), null);
});

Deno.test("repeatOf() knows the newest contents, and those that came again", () => {
  const contents = createContents(100);
  const earlier = (seq: number) => `d${seq}`;
  for (let seq = 0; seq < 1000; seq++) {
    assertEquals(contents.repeatOf(seq, seq, earlier), null);
    if (seq % 50 === 0) assertEquals(contents.repeatOf(0, seq, earlier), "d0");
  }
  for (let seq = 900; seq < 1000; seq++) {
    assertEquals(contents.repeatOf(seq, 2000, earlier), `d${seq}`);
  }
});

Deno.test("record() names repeats of what was recorded before the journal was opened, in its window", () =>
  withFolder(async (folder) => {
    const path = join(folder, "journal.db");
    const hours = (count: number) => ({ receivedAt: 1_700_000_000_000 + count * 3_600_000 });
    const made = Array.from(
      { length: 300 },
      (_, number) => delivery({ body: bytesOf(`${number}`), ...hours(0) }),
    );
    const first = openJournal(path);
    for (const one of made) await first.record(one);
    await first.close();
    const second = openJournal(path);
    for (const number of [0, 150, 299]) {
      const again = delivery({ body: bytesOf(`${number}`), ...hours(47) });
      await second.record(again);
      assertEquals((await second.get(again.id))?.repeatOf, made[number]?.id);
    }
    const late = delivery({ body: bytesOf("5"), ...hours(48) });
    await second.record(late);
    assertEquals((await second.get(late.id))?.repeatOf, null);
    await second.close();
    // Of those that were read, too, it is the first.
    const third = openJournal(path);
    const again = delivery({ body: bytesOf("150"), ...hours(47) });
    await third.record(again);
    assertEquals((await third.get(again.id))?.repeatOf, made[150]?.id);
    await third.close();
  }));

Deno.test("createRowPlaces() knows the newest, and forgets those behind a quarter more", () => {
  const places = createRowPlaces(100);
  for (let seq = 1; seq <= 1000; seq++) places.add(seq % 500, seq);
  const known = (number: number) => Array.from(places.at(number), ({ seq }) => seq);
  for (let seq = 901; seq <= 1000; seq++) assertEquals(known(seq % 500), [seq]);
  for (let seq = 501; seq <= 875; seq++) assertEquals(known(seq % 500), []);
});
