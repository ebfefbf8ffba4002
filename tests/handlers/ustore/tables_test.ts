/** Tables and names in every kind of endpoint, through a config in a file. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { namesThatDecide, traceOf } from "../../../lib/rules/decision.ts";
import { decideSample, endpoint, judge, open } from "./tables_world.ts";

const KEEP = { otherwise: { keep: true } };

Deno.test("an approval is decided by a row, also by one that refuses in several languages", async () => {
  const rules = [{ name: "matrix", table: "matrix" }];
  const inputs = { country: "order.billTo.country", total: "order.total" };
  const config = {
    tables: { matrix: { file: "matrix.csv", inputs } },
    endpoints: [endpoint("ustore.order-approval", { rules })],
  };
  const loaded = await open(config, {
    "matrix.csv": "\uFEFFcountry;total;group;approve;reject.de;reject.en;note\r\n" +
      "DE;;10065;;;;\r\nUS;< 0,5;;x;;;\r\nUS;>= 0,5;10066;;;;alles andere\r\n;;;;Nein;No;\r\n",
  });
  const { result, decisions } = await decideSample(loaded);
  assertEquals(result, '{"ApprovalGroupId":10066,"IsApprovalNeeded":true}');
  assertEquals(decisions[0]?.rule, "matrix.csv line 4");
  assertEquals(decisions[0]?.row?.note, "alles andere");
  assertEquals(loaded.endpoints.flatMap(namesThatDecide), [
    "matrix.csv line 2",
    "matrix.csv line 3",
    "matrix.csv line 4",
    "matrix.csv line 5",
  ]);
});

Deno.test("a plant table names manufacturers as rules do, and says where a name is none", async () => {
  const config = (manufacturers: object) => ({
    tables: { plants: { file: "plants.csv", inputs: { state: "item.shipTo.stateCode" } } },
    endpoints: [
      endpoint("ustore.manufacturer", {
        ...KEEP,
        manufacturers,
        rules: [{ name: "plants", table: "plants" }],
      }),
    ],
  });
  const files = { "plants.csv": "state,manufacturer,keep\nPA,North East,\nNY,7,\n*,,true\n" };
  const { result, decisions } = await decideSample(await open(config({ "North East": 2 }), files));
  assertEquals(decisions.map(({ rule }) => rule), ["plants.csv line 2", "plants.csv line 2"]);
  assertEquals(Object.values(JSON.parse(String(result))), ["2", "2"]);
  const { mistakes } = await judge(config({ "North Eats": 2 }), files);
  assertStringIncludes(
    mistakes,
    'endpoints[0].rules[0].table["plants.csv line 2"].manufacturer\n' +
      '  found "North East", wanted an id or a name of "manufacturers"\n  Did you mean "North Eats"?',
  );
});

Deno.test("rows may leave the decision to a service, which has to be there", async () => {
  const { mistakes } = await judge({
    tables: { t: { file: "t.csv", inputs: { country: "order.billTo.country" } } },
    services: { budget: { url: "http://localhost:1/", onFailure: { group: 5 } } },
    endpoints: [endpoint("ustore.order-approval", { rules: [{ name: "t", table: "t" }] })],
  }, { "t.csv": "country,ask,group\nUS,budgt,\n,,7\n" });
  assertStringIncludes(mistakes, 'found "budgt", wanted the name of a service');
  assertStringIncludes(mistakes, 'table["t.csv line 2"].ask');
});

Deno.test("a cart export leads where its row says", async () => {
  const loaded = await open({
    define: { isBig: "list.items.size() > 0" },
    tables: { where: { file: "where.csv", inputs: { store: "store.id", big: "isBig" } } },
    endpoints: [
      endpoint("ustore.cart-export", { rules: [{ name: "where", table: "where" }] }),
    ],
  }, {
    "where.csv": "store,big,externalUrl,redirectUrl,reject\n" +
      "*,WAHR,https://mis.example/{list.id},https://mis.example/go,\n,,,,No\n",
  });
  const { result, decisions } = await decideSample(loaded);
  assertEquals(decisions[0]?.rule, "where.csv line 2");
  assertStringIncludes(String(result), '"redirectUrl":"https://mis.example/go"');
});

Deno.test("a tax is that of a row: of the order, or of each item", async () => {
  const config = {
    tables: {
      orders: { file: "orders.csv", inputs: { currency: "order.currency" } },
      items: { file: "items.csv", inputs: { group: "item.product.taxGroup" } },
    },
    endpoints: [
      endpoint("ustore.tax", {
        rules: [{ name: "orders", table: "orders" }, { name: "items", table: "items" }],
        discounts: "ignore",
      }),
    ],
  };
  const items = "group,rate\nBooks,7\n*,20\n";
  const ofItems = await open(config, {
    "orders.csv": "currency,rate,tax\nXXX,50,\n",
    "items.csv": items,
  });
  const { result, decisions } = await decideSample(ofItems);
  assertEquals(result, '{"TotalTax":0.7}');
  assertEquals(decisions.map(({ rule }) => rule), [
    "items",
    "items.csv line 3",
    "items.csv line 3",
  ]);
  assertEquals(ofItems.endpoints.flatMap(namesThatDecide), [
    "orders.csv line 2",
    "items.csv line 2",
    "items.csv line 3",
  ]);
  const ofOrder = await open(config, {
    "orders.csv": "currency,rate,tax\n!XXX,50,\n",
    "items.csv": items,
  });
  const { result: half, decisions: own } = await decideSample(ofOrder);
  assertEquals(half, '{"TotalTax":1.75}');
  assertEquals(own[0]?.rule, "orders.csv line 2");
  const fallback = await judge(config, {
    "orders.csv": "currency,rate\nXXX,50\n",
    "items.csv": "group,rate,tax\nBooks,7,\n",
  });
  assertStringIncludes(fallback.mistakes, 'column "tax" (cell C1) is no input and no outcome');
});

Deno.test("a table of items says of each item why it could not be read, or which rows fit", async () => {
  const ofItems = (hit: string) => ({
    tables: {
      items: {
        ...{ file: "items.csv", hit },
        inputs: { name: "item.product.name", pages: "number(item.properties['Nope'])" },
      },
    },
    endpoints: [
      endpoint("ustore.tax", {
        rules: [{ name: "by item", table: "items" }],
        rates: [{ percent: 20 }],
      }),
    ],
  });
  const failures = [{ rule: "by item", reason: 'column "pages": there is no "Nope"' }];
  for (
    const [csv, rule] of [["name,pages,rate\n,5,7\n", "rates[0]"], [
      "name,pages,rate\n,5,7\n,,8\n",
      "items.csv line 3",
    ]]
  ) {
    const opened = await open(ofItems("first"), { "items.csv": csv ?? "" });
    const { decisions: [, item] } = await decideSample(opened);
    assertEquals([item?.rule, item?.failures], [rule, failures]);
    const [trace] = traceOf(item ?? NOTHING, opened.endpoints[0]?.rules ?? []);
    assertEquals(trace?.reason, 'column "pages": there is no "Nope"');
    assertEquals(trace?.state, rule === "rates[0]" ? "failed" : "matched");
  }
  const { tables: { items: { inputs: { name } } }, ...rest } = ofItems("unique");
  const unique = { items: { file: "items.csv", hit: "unique", inputs: { name } } };
  const twice = await open({ ...rest, tables: unique }, {
    "items.csv": "name,rate\n~ .,7\n~ [^x]*,8\n",
  });
  const { decisions: [, item] } = await decideSample(twice);
  assertEquals(item?.rule, "rates[0]");
  assertEquals(item?.failures.map(({ reason }) => reason), ["lines 2 and 3 of items.csv both fit"]);
});

const NOTHING = { rule: null, outcome: null, tried: 0, failures: [] };

Deno.test("one table serves two kinds when its inputs are for both", async () => {
  const both = {
    tables: { t: { file: "t.csv", inputs: { country: "order.billTo.country" } } },
    endpoints: [
      endpoint("ustore.order-approval", { rules: [{ name: "t", table: "t" }] }),
      endpoint("ustore.manufacturer", { rules: [{ name: "t", table: "t" }] }),
    ],
  };
  const { mistakes, warnings } = await judge(both, { "t.csv": "country,reject\n*,No\n" });
  assertEquals([mistakes, warnings], ["", ""]);
  const item = await judge({
    ...both,
    tables: { t: { file: "t.csv", inputs: { country: "item.shipTo.country" } } },
  }, { "t.csv": "country,reject\n*,No\n" });
  assertStringIncludes(item.mistakes, 'Input "country", column 1: Unknown name "item"');
});

Deno.test("names and lookups serve filters of events", async () => {
  const destination = { type: "http", url: "https://erp.example/", headers: {} };
  const { mistakes, warnings } = await judge({
    define: { isPaid: "event.type == 'order_paid'" },
    tables: { kinds: { file: "kinds.csv" } },
    destinations: { erp: destination },
    endpoints: [{
      path: "/u",
      kind: "ultracart.events",
      auth: { type: "basic", username: "u", password: "a long password" },
      forward: [{
        to: "erp",
        when: "isPaid && lookup('kinds', event.type, 'wanted') && isPayd",
      }],
    }],
  }, { "kinds.csv": "type,wanted\norder_paid,TRUE\n" });
  assertEquals(warnings, "");
  assertStringIncludes(mistakes, "Did you mean 'isPaid'?");
});
