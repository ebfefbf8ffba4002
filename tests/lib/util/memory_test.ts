import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "fast-check";
import { createFreeList, lazy, memoizeBriefly } from "../../../lib/util/memory.ts";

Deno.test("memoizeBriefly() reads what takes long only every hundredfold of that", async () => {
  let time = 0;
  let reads = 0;
  const count = memoizeBriefly(() => {
    time += 50;
    return Promise.resolve(++reads);
  }, () => time);
  assertEquals(await count(), 1);
  time += 4999;
  assertEquals(await count(), 1);
  time += 1;
  assertEquals(await count(), 2);
});

Deno.test("memoizeBriefly() reads again at once what could not be read", async () => {
  const answers = ["", "read"];
  const read = memoizeBriefly(() => {
    const answer = answers.shift() ?? "";
    return answer === "" ? Promise.reject(new RangeError("Cannot read")) : Promise.resolve(answer);
  }, () => 0);
  await assertRejects(read, RangeError);
  assertEquals([await read(), await read()], ["read", "read"]);
});

Deno.test("memoizeBriefly() reads once for all who ask meanwhile", async () => {
  let reads = 0;
  const read = memoizeBriefly(() => Promise.resolve(++reads));
  assertEquals(await Promise.all([read(), read(), read()]), [1, 1, 1]);
});

Deno.test("lazy() makes a value once, even when it is undefined", () => {
  let made = 0;
  const value = lazy(() => {
    made++;
    return undefined;
  });
  assertEquals([made, value(), value(), made], [0, undefined, undefined, 1]);
});

Deno.test("lazy() tries again what has thrown", () => {
  let tries = 0;
  const value = lazy(() => {
    tries++;
    throw new RangeError("no");
  });
  assertThrows(value, RangeError, "no");
  assertThrows(value, RangeError, "no");
  assertEquals(tries, 2);
});

Deno.test("createFreeList() gives back each value once, whatever comes and goes between", () => {
  fc.assert(fc.property(fc.array(fc.boolean()), (steps) => {
    const list = createFreeList<string>();
    const kept = new Map<number, string>();
    for (const [index, adds] of steps.entries()) {
      const [oldest] = kept.keys();
      if (adds || oldest === undefined) {
        const slot = list.add(`${index}`);
        assertEquals(kept.has(slot), false);
        kept.set(slot, `${index}`);
      } else {
        assertEquals(list.take(oldest), kept.get(oldest));
        kept.delete(oldest);
        assertEquals(list.take(oldest), undefined);
      }
      assertEquals(list.size(), kept.size);
      assertEquals(list.values().toSorted(), [...kept.values()].toSorted());
    }
  }));
});

Deno.test("createFreeList() has no more of them than were needed at a time", () => {
  const list = createFreeList<number>();
  const numbers = Array.from({ length: 1000 }, (_, index) => {
    const slot = list.add(index);
    list.take(slot);
    return slot;
  });
  assertEquals(new Set(numbers), new Set([0]));
});
