import { assertEquals, assertNotMatch, assertRejects } from "@std/assert";
import fc from "fast-check";
import type { ExportedList } from "../../../lib/exports/exported_list.ts";
import { createRenderings, listCsv } from "../../../lib/exports/formats.ts";
import { Problem } from "../../../lib/http/problem/problem.ts";
import { parseCsv } from "./parse_csv.ts";
import { LIST } from "./sample.ts";

const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom(..."=+-@＝'\",;\t\r\n a1\uFEFF") }),
);
const number = fc.double({ noNaN: true, noDefaultInfinity: true });
const item = fc.record({
  id: text,
  product: text,
  catalogNumber: text,
  nickname: text,
  quantity: fc.option(number),
  notes: fc.array(fc.record({ level: fc.constantFrom("note", "warning", "error"), text })),
});

/** The cells of an item before they are made safe. */
function cellsOf(
  { product, catalogNumber, nickname, quantity, notes }: ExportedList["items"][number],
) {
  const [errors, warnings, others] = ["error", "warning", "note"].map((level) =>
    notes.filter((note) => note.level === level).map((note) => note.text).join("\n")
  );
  return [product, catalogNumber, nickname, quantity, errors, warnings, others];
}

Deno.test("listCsv() comes back as it was, but for the apostrophes", () => {
  fc.assert(fc.property(fc.array(item), (items) => {
    const csv = listCsv({ ...LIST, items });
    assertEquals(csv[0], "\uFEFF");
    const [, ...rows] = parseCsv(csv.slice(1));
    assertEquals(rows.map((row) => row.length), items.map(() => 7));
    items.flatMap(cellsOf).forEach((given, index) => {
      const found = rows.flat()[index] ?? "missing";
      if (typeof given !== "string") return assertEquals(found, String(given ?? ""));
      assertEquals(found.replaceAll("'", ""), given.replaceAll("'", ""));
      assertNotMatch(found, /^[=+\-@\t\r\n＝＋－＠]|[;\t\r\n]["\s]*[=@＝＋－＠]/);
    });
  }));
});

Deno.test("listCsv() writes the exact bytes: a line an item, with notes by level", () => {
  assertEquals(
    listCsv(LIST),
    [
      "\uFEFFproduct,catalogNumber,nickname,quantity,errors,warnings,notes",
      "Business card,BC-001,Müller’s cards,1250,,,",
      `"Brochure, A4",,"'=HYPERLINK(""http://x"")",-2.5,Not available,` +
      `"Inventory is low\nShipping will be split",'@home`,
      ",,,,,,",
      "",
    ].join("\r\n"),
  );
  assertEquals(parseCsv(listCsv({ ...LIST, items: [] })).length, 1);
});

const LIMITS = { maxBytes: 100, ttlMs: 1000, maxWaiting: 2 };

/** Renderings of which a test says when they are written, and the names of those that were. */
function book() {
  let time = 0;
  const begun: string[] = [];
  const renderings = createRenderings(LIMITS, () => time);
  const get = (
    name: string,
    { bytes = 10, address = "192.0.2.1", until = Promise.resolve() } = {},
  ) =>
    renderings.get(name, address, async () => {
      begun.push(name);
      await until;
      return { body: new Uint8Array(bytes), headers: { name } };
    });
  return {
    begun,
    get,
    at(now: number) {
      time = now;
    },
  };
}

Deno.test("createRenderings() keeps what was written for a while", async () => {
  const { begun, get, at } = book();
  await get("a");
  at(999);
  assertEquals((await get("a")).headers, { name: "a" });
  assertEquals(begun, ["a"]);
  at(1000);
  await get("a");
  assertEquals(begun, ["a", "a"]);
});

Deno.test("createRenderings() keeps no more than so many bytes, and nothing larger", async () => {
  const { begun, get } = book();
  await get("a", { bytes: 50 });
  await get("b", { bytes: 50 });
  await get("large", { bytes: 101 });
  await get("a");
  await get("c", { bytes: 1 });
  await get("b");
  await get("a", { bytes: 50 });
  await get("large");
  assertEquals(begun, ["a", "b", "large", "c", "a", "large"]);
});

Deno.test("createRenderings() writes one at a time, and each once for all who wait", async () => {
  const { begun, get } = book();
  const first = Promise.withResolvers<void>();
  const all = [get("a", { until: first.promise }), get("a"), get("b"), get("b")];
  await Promise.resolve();
  assertEquals(begun.filter((name) => name === "b"), []);
  first.resolve();
  await Promise.all(all);
  assertEquals(begun, ["a", "b"]);
});

Deno.test("createRenderings() lets an address wait for so many, and others all the same", async () => {
  const { get } = book();
  const first = Promise.withResolvers<void>();
  const all = [get("a", { until: first.promise }), get("b")];
  await assertRejects(() => get("c"), Problem, "too_many_requests");
  all.push(get("a"), get("d", { address: "192.0.2.2" }));
  first.resolve();
  await Promise.all(all);
  await get("c");
});

Deno.test("createRenderings() goes on after one that fails", async () => {
  const renderings = createRenderings(LIMITS);
  const fail = () => Promise.reject(new Error("broken"));
  for (let count = 0; count < 5; count++) {
    await assertRejects(() => renderings.get("a", "192.0.2.1", fail), Error, "broken");
  }
  const written = { body: new Uint8Array(), headers: {} };
  assertEquals(await renderings.get("a", "192.0.2.1", () => Promise.resolve(written)), written);
});
