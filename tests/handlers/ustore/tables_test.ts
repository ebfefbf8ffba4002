/** Tables and names in every kind of endpoint, through a config in a file. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { handlers } from "../../../handlers/mod.ts";
import { documentOf } from "../../../lib/http/json.ts";
import { namesThatDecide } from "../../../lib/rules/decision.ts";
import type { Loaded } from "../../../lib/config/load.ts";
import { reportMistakes } from "../../../lib/config/mistake.ts";
import { memoryJournal } from "../../lib/journal/memory/memory.ts";
import { load } from "../../lib/config/load_text.ts";

type Files = Readonly<Record<string, string>>;

function endpoint(kind: string, settings: object) {
  return { path: `/${kind}`, kind, signatureKeys: ["0b4c9a7e-tables"], ...settings };
}

async function open(config: object, files: Files): Promise<Loaded> {
  const loaded = await load({ timeZone: "UTC", ...config }, { files, kinds: handlers });
  if ("mistakes" in loaded) throw new Error(JSON.stringify(loaded.mistakes));
  return loaded;
}

async function judge(config: object, files: Files) {
  const loaded = await load({ timeZone: "UTC", ...config }, { files, kinds: handlers });
  const show = (list: Loaded["warnings"]) =>
    reportMistakes(list, { file: "config.json", colour: false });
  return {
    mistakes: "mistakes" in loaded ? show(loaded.mistakes) : "",
    warnings: show(loaded.warnings),
    notes: "notes" in loaded ? show(loaded.notes) : "",
  };
}

/** Decides the sample of an endpoint's kind. */
async function decideSample({ endpoints }: Loaded, at = 0) {
  const opened = endpoints[at];
  const sample = handlers.find(({ kind }) => kind === opened?.kind)?.sample.request;
  assert(opened !== undefined);
  const body = new TextEncoder().encode(JSON.stringify(sample));
  const journal = memoryJournal();
  return await opened.answer({
    ...{ body, requestId: "r", headers: new Headers(), document: documentOf(opened, body) },
    url: () => new URL("http://localhost/"),
    ask: () => Promise.resolve(undefined),
    exportOf: (key, id) => journal.exportOf(opened.path, key, id),
  });
}

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

Deno.test("check tells what can never be, with both places", async () => {
  const { warnings, mistakes } = await judge({
    define: { unused: "order.total > 5", isBig: "order.total > 500" },
    tables: {
      matrix: {
        file: "matrix.csv",
        inputs: { country: "order.billTo.country", day: "order.created.weekday()" },
      },
      nobody: { file: "nobody.csv" },
    },
    endpoints: [
      endpoint("ustore.order-approval", {
        groups: [1, 2, 2],
        rules: [
          { name: "big", when: "isBig", then: { group: 1 } },
          { name: "bigger", when: "order.total > 1000", then: { group: 3 } },
          { name: "late", when: "order.created.hour() > 25", then: { group: 1 } },
          { name: "matrix", table: "matrix" },
        ],
      }),
    ],
  }, {
    "matrix.csv": "country,day,group\nDE,,1\nUS | DE,,1\nDE,Monday,2\n,Samstag,1\n",
    "nobody.csv": "a,b\n1,2\n",
  });
  assertEquals(mistakes, "");
  for (
    const told of [
      'Rule "bigger" is never reached: rule "big" (rules[0]) before it matches whatever',
      'Rule "late" never matches: order.created.hour() is never > 25, it is 0 to 23',
      "matrix.csv:4:1  tables.matrix\n  line 4, this row is never reached: line 2 before",
      'line 5, column "day": order.created.weekday() is never "Samstag"\n  It is Monday',
      'found no "otherwise": what no rule matches is refused, e.g. ',
      "define.unused\n  found a name that nothing uses",
      "tables.nobody\n  found a table that nothing uses",
      'endpoints[0].rules[1].then.group\n  found 3, while "groups" lists 1, 2',
      "endpoints[0].groups[2]\n  found what endpoints[0].groups[1] has already",
    ]
  ) assertStringIncludes(warnings, told);
});

Deno.test("rows that both fit are a mistake where each order is to have one", async () => {
  const { mistakes } = await judge({
    tables: {
      t: {
        file: "t.csv",
        hit: "unique",
        inputs: { country: "order.billTo.country", total: "order.total" },
      },
    },
    endpoints: [endpoint("ustore.order-approval", { rules: [{ name: "t", table: "t" }] })],
  }, { "t.csv": "country,total,group\nUS,0..100,1\nUS,101..200,2\n,100..150,3\n" });
  assertStringIncludes(
    mistakes,
    't.csv:4:1  tables.t\n  line 4, this row and that of line 2 can both fit, while "hit" is "unique"',
  );
  assertStringIncludes(mistakes, "line 4, this row and that of line 3 can both fit");
});

Deno.test("an ANSI file is read, and told to be a guess", async () => {
  const loaded = await load({
    tables: { t: { file: "t.csv", inputs: { country: "order.billTo.country" } } },
    endpoints: [
      endpoint("ustore.order-approval", {
        rules: [{ name: "t", table: "t" }],
        otherwise: { group: 1 },
      }),
    ],
  }, {
    kinds: handlers,
    files: {
      "t.csv": Uint8Array.from("country,group,note\nDE,1,K\xf6ln\n", (one) => one.charCodeAt(0)),
    },
  });
  assert("notes" in loaded);
  assertEquals(loaded.notes.map(({ file, message }) => [file, message]), [
    [undefined, 'no row of t.csv fits country not "DE": what follows decides there'],
    [
      "t.csv",
      'line 2, found "Köln", read as Windows-1252: which encoding it is cannot be known',
    ],
  ]);
});

Deno.test("what no row fits is told in the words of cells", async () => {
  const loaded = await load({
    tables: {
      t: {
        file: "t.csv",
        inputs: {
          country: "order.billTo.country",
          zip: "order.billTo.zip",
          created: "order.created.date()",
        },
      },
    },
    endpoints: [
      endpoint("ustore.order-approval", {
        rules: [{ name: "t", table: "t" }],
        otherwise: { group: 1 },
      }),
    ],
  }, {
    kinds: handlers,
    files: {
      "t.csv": "country,zip,created,group\n~ ^L,,,1\n,75*,,2\n,01000..09999,,3\n" +
        ",,24.12.2026..31.12.2026,4\n",
    },
  });
  assert("notes" in loaded);
  assertEquals(loaded.notes.map(({ message }) => message), [
    "no row of t.csv fits country not fitting ~ ^L, zip not 75*, zip not fitting 01000..09999, " +
    "created not 2026-12-24..2026-12-31: what follows decides there",
  ]);
});

Deno.test("names of countries and states that become codes are told", async () => {
  const loaded = await load({
    tables: {
      t: {
        file: "t.csv",
        inputs: { country: "order.billTo.country", state: "order.billTo.stateCode" },
      },
    },
    endpoints: [
      endpoint("ustore.order-approval", {
        rules: [
          { name: "t", table: "t" },
          {
            name: "abroad",
            when: "order.items.exists(i, i.shipTo.country in ['US', 'USA', 'Atlantis'])",
            then: { group: 4 },
          },
          { name: "home", when: "order.billTo.country == 'Germany'", then: { group: 5 } },
        ],
        otherwise: { group: 1 },
      }),
    ],
  }, {
    kinds: handlers,
    files: {
      "t.csv": "country,state,group\nDeutschland | AT,,1\nAtlantis,,2\nUS,Texas,3\nUS,TX,4\n",
    },
  });
  assert("warnings" in loaded);
  assertEquals(loaded.warnings.map(({ message, hint }) => [message, hint]), [
    ['In rule "abroad", i.shipTo.country is never "USA"', 'It is "US" where that is sent'],
    [
      'Rule "home" never matches: order.billTo.country is never "Germany", it is "DE" where that is sent',
      "Correct the condition, or take the rule out",
    ],
    [
      'line 2, column "country": order.billTo.country is never "Deutschland"',
      'It is "DE" where that is sent',
    ],
    [
      'line 4, column "state": order.billTo.stateCode is never "Texas"',
      'It is "TX" where that is sent',
    ],
  ]);
});
