import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { createFreeList } from "../../../lib/util/free_list.ts";

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
