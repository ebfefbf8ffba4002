import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { manufacturerIdOf } from "../../../handlers/ustore/routing.ts";
import { orderOf } from "./documents.ts";
import { ask, open } from "./open.ts";

const IDS = new Map([["hanover", "2"], ["44", "5"]]);

Deno.test("manufacturerIdOf() looks for a name first, then takes an id", () => {
  assertEquals(manufacturerIdOf("hanover", IDS), "2");
  assertEquals(manufacturerIdOf("44", IDS), "5");
  assertEquals(manufacturerIdOf("45", IDS), "45");
  assertEquals(manufacturerIdOf("045", IDS), "45");
  assertEquals(manufacturerIdOf(45, IDS), "45");
  assertEquals(manufacturerIdOf(2147483647, IDS), "2147483647");
});

Deno.test("manufacturerIdOf() takes nothing else", () => {
  const others = ["Hanover", "", "-1", "1.5", "2147483648", "00000000001", "1e3", "toString"];
  for (const other of [...others, -1, 1.5]) assertEquals(manufacturerIdOf(other, IDS), undefined);
});

Deno.test("createRouting() answers for every item that is not kept exactly once", async () => {
  const endpoint = await open("ustore.manufacturer", {
    rules: [
      { name: "keep", when: "item.unit == 'keep'", then: { keep: true } },
      ...[0, 1, 2].map((id) => ({
        name: `to ${id}`,
        when: `item.quantity % 3 == ${id}`,
        then: { manufacturer: id },
      })),
    ],
  });
  const item = fc.record({
    id: fc.oneof(fc.nat({ max: 99 }).map(String), fc.stringMatching(/^\S+$/)),
    kept: fc.boolean(),
    units: fc.nat({ max: 5 }),
  });
  const items = fc.uniqueArray(item, { selector: ({ id }) => id, maxLength: 30 });
  await fc.assert(fc.asyncProperty(items, async (items) => {
    const document = orderOf(items.map(({ id, kept, units }) => ({
      "@id": id,
      ProductUnit: kept ? "keep" : "Item",
      Quantities: { TotalUnits: `${units}.000` },
    })));
    const pairs = items.filter(({ kept }) => !kept).map(({ id, units }) =>
      `${JSON.stringify(id)}:"${units % 3}"`
    );
    const { result, decisions } = await ask(endpoint, document);
    assertEquals(result, `{${pairs.join(",")}}`);
    assertEquals(decisions.map(({ subject }) => subject), items.map(({ id }) => id));
  }));
});
