import { assertEquals, assertMatch } from "@std/assert";
import { newDeliveryId } from "../../../lib/journal/delivery.ts";

/** Far beyond the clock, because ids never go back within a process. */
const FUTURE = 0x0200_0000_0000;

Deno.test("newDeliveryId() is a UUID of version 7 that begins with the time", () => {
  const id = newDeliveryId(FUTURE, () => "ffffffff-ffff-4fff-bfff-ffffffffffff");
  assertEquals(id, "02000000-0000-73ff-bfff-ffffffffffff");
});

Deno.test("newDeliveryId() increases within a millisecond and when the clock is set back", () => {
  const ids = Array.from({ length: 20_000 }, (_, index) => newDeliveryId(FUTURE - index));
  assertEquals(ids.toSorted(), ids);
  assertEquals(new Set(ids).size, ids.length);
  for (const id of ids) assertMatch(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab]/);
});
