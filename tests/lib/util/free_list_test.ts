import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { createSlots } from "../../../lib/util/free_list.ts";

Deno.test("createSlots() gives back each value once, whatever comes and goes between", () => {
  fc.assert(fc.property(fc.array(fc.boolean()), (steps) => {
    const slots = createSlots<string>();
    const kept = new Map<number, string>();
    for (const [index, adds] of steps.entries()) {
      const [oldest] = kept.keys();
      if (adds || oldest === undefined) {
        const slot = slots.add(`${index}`);
        assertEquals(kept.has(slot), false);
        kept.set(slot, `${index}`);
      } else {
        assertEquals(slots.take(oldest), kept.get(oldest));
        kept.delete(oldest);
        assertEquals(slots.take(oldest), undefined);
      }
      assertEquals(slots.size(), kept.size);
      assertEquals(slots.values().toSorted(), [...kept.values()].toSorted());
    }
  }));
});

Deno.test("createSlots() has no more of them than were needed at a time", () => {
  const slots = createSlots<number>();
  const numbers = Array.from({ length: 1000 }, (_, index) => {
    const slot = slots.add(index);
    slots.take(slot);
    return slot;
  });
  assertEquals(new Set(numbers), new Set([0]));
});
