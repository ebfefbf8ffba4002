import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import type { Difference } from "../../../lib/trials/backtest/compare.ts";
import { openShadowLog, readShadow } from "../../../lib/trials/shadow_record.ts";
import { withFolder } from "../config/load_text.ts";

function difference(index: number): Difference {
  const side = { status: 200, rules: [{ rule: "large" }], answer: '{"group":7}' };
  return {
    id: `id-${index}`,
    receivedAt: index,
    endpoint: "/approval",
    change: "answer",
    total: "1.50 USD",
    then: side,
    now: { ...side, rules: [{ rule: "small" }] },
  };
}

const COUNTS = { decided: 10, same: 8, dropped: 3, failed: 0 };

Deno.test("readShadow() gives what was found since the config of the shadow was loaded last", () =>
  withFolder(async (folder) => {
    const file = join(folder, "j.db-shadow.jsonl");
    assertEquals(await readShadow(file), undefined);
    const shadowLog = openShadowLog(file);
    await shadowLog.start("new.json", 1000);
    await shadowLog.add([difference(1)], COUNTS);
    await shadowLog.start("newer.json", 2000);
    await shadowLog.add([difference(2), difference(3)], COUNTS);
    // Somebody looks while a line is written.
    await Deno.writeTextFile(file, '{"id":"id-4","rece', { append: true });
    const found = await readShadow(file);
    assertEquals([found?.config, found?.since, found?.dropped], ["newer.json", 2000, 3]);
    assertEquals(found?.differences.map(({ id }) => id), ["id-3", "id-2"]);
    assertEquals([found?.tally.decided, found?.tally.same, found?.tally.otherAnswer], [10, 8, 2]);
    assertEquals(found?.tally.money, new Map([["USD", 300]]));
  }));

Deno.test("openShadowLog() writes no more than twice its largest size, and keeps the newest", () =>
  withFolder(async (folder) => {
    const file = join(folder, "j.db-shadow.jsonl");
    const shadowLog = openShadowLog(file, 2000);
    await shadowLog.start("new.json", 1000);
    for (let index = 0; index < 100; index++) await shadowLog.add([difference(index)], COUNTS);
    const sizes = await Promise.all(
      [file, `${file}.1`].map(async (one) => (await Deno.stat(one)).size),
    );
    assert(sizes.every((size) => size <= 2000), String(sizes));
    const found = await readShadow(file);
    assertEquals(found?.differences[0]?.id, "id-99");
    assertEquals([found?.since, found?.tally.decided], [1000, 10]);
  }));
