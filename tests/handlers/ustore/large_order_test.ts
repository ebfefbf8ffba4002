/** An order of very many items: whoever comes meanwhile is answered. */
import { assertEquals, assertGreater } from "@std/assert";
import { inPieces, nextTurn } from "../../../lib/util/waiting.ts";
import { documentOf } from "../../../lib/http/json.ts";
import { TimeLimit } from "../../../lib/rules/cel/evaluation.ts";
import { orderOf } from "./documents.ts";
import { incoming, open } from "./open.ts";

/** Each takes a few microseconds, and a turn of others comes every fifteen milliseconds. */
const ITEMS = 40_000;

/** Counts the turns that others had while something was done. */
async function turnsMeanwhile<Value>(
  work: () => Promise<Value>,
): Promise<readonly [Value, turns: number]> {
  let [isOver, turns] = [false, -1];
  const others = (async () => {
    for (; !isOver; turns++) await nextTurn();
  })();
  const value = await work();
  isOver = true;
  await others;
  return [value, turns];
}

const ids = Array.from({ length: ITEMS }, (_, at) => `i${at}`);
const document = orderOf(ids.map((id, at) => ({
  "@id": id,
  Product: { "@id": `${at % 7}`, Name: "Cards".repeat(20) },
  Quantities: { TotalUnits: `${at}` },
})));

Deno.test("a large body is parsed in pieces, between which others have their turn", async () => {
  const body = new TextEncoder().encode(JSON.stringify(document));
  const [found, turns] = await turnsMeanwhile(() => inPieces(documentOf({}, body)));
  assertEquals(found, document);
  assertGreater(turns, 0);
});

Deno.test("ustore.manufacturer decides many items in pieces, between which others have their turn", async () => {
  const endpoint = await open("ustore.manufacturer", {
    rules: [
      { name: "many", when: "item.quantity >= 20000.0", then: { manufacturer: 2 } },
      { name: "cards", when: "item.product.name.startsWith('Cards')", then: { manufacturer: 1 } },
    ],
  });
  const delivery = incoming(endpoint, document);
  const [{ result, decisions }, turns] = await turnsMeanwhile(async () => {
    return await endpoint.answer(delivery);
  });
  assertEquals(
    result,
    `{${ids.map((id, at) => `"${id}":"${at < 20_000 ? 1 : 2}"`).join(",")}}`,
  );
  assertEquals(decisions.length, ITEMS);
  assertGreater(turns, 0);
});

Deno.test("the time of others is none of the rules' time", async () => {
  const limit = new TimeLimit(200);
  limit.step();
  const from = performance.now();
  while (performance.now() - from < 300) await nextTurn();
  limit.leaveOut(performance.now() - from);
  limit.look();
});
