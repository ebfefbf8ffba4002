/** What is told of tables before anything is decided by them, through a config in a file. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { handlers } from "../../../handlers/mod.ts";
import { load } from "../../lib/config/load_text.ts";
import { endpoint, judge } from "./tables_world.ts";

Deno.test("a day is compared with texts that are days, or the beginnings of some", async () => {
  const { warnings } = await judge({
    endpoints: [
      endpoint("ustore.order-approval", {
        rules: [
          { name: "xmas", when: "order.created.date() >= '24.12.2026'", then: { group: 1 } },
          { name: "spring", when: "'2026-3-1' < order.created.date()", then: { group: 2 } },
          { name: "good", when: "order.created.date() > '2026' && order.total > 1", then: GROUP },
          { name: "too", when: "order.created.date() < '2026-12-24'", then: { group: 4 } },
        ],
        otherwise: { approve: true },
      }),
    ],
  }, {});
  const told = [["xmas", "24.12.2026"], ["spring", "2026-3-1"]];
  for (const [rule, text] of told) {
    assertStringIncludes(
      warnings,
      `In rule "${rule}", order.created.date() is compared with "${text}"\n` +
        "  It is a date such as 2026-12-24",
    );
  }
  assertEquals(warnings.match(/is compared with/g)?.length, told.length);
});

const GROUP = { group: 3 };

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

Deno.test("days and postcodes that two rows take are told, and none where no day is between", async () => {
  async function told(input: string, cells: readonly string[]) {
    const { mistakes } = await judge({
      tables: { t: { file: "t.csv", hit: "unique", inputs: { it: input } } },
      endpoints: [endpoint("ustore.order-approval", { rules: [{ name: "t", table: "t" }] })],
    }, { "t.csv": `it,group\n${cells.map((cell, at) => `${cell},${at + 1}\n`).join("")}` });
    return mistakes.includes("can both fit");
  }
  const day = "order.created.date()";
  assertEquals(await told(day, ["2026-01-01..2026-02-01", "2026-02-01..2026-02-28"]), true);
  assertEquals(await told(day, ["2026-01-01..2026-01-31", "2026-02-01..2026-02-28"]), false);
  assertEquals(await told(day, ["> 2026-01-30", "< 2026-02-01"]), true);
  assertEquals(await told(day, ["> 2026-01-31", "< 2026-02-01"]), false);
  assertEquals(await told(day, ["> 31.12.2026", "!(01.01.2027 | 02.01.2027)"]), true);
  assertEquals(await told(day, ["2026-12-24", "!2026-12-24"]), false);
  const zip = "order.billTo.zip";
  assertEquals(await told(zip, ["01000..09999", "05000..06000"]), true);
  assertEquals(await told(zip, ["01000..09999", "10000..19999"]), false);
  assertEquals(await told(zip, ["01000..09999", "A | 01500"]), true);
  assertEquals(await told(zip, ["01000..09999", "1500"]), false);
});

Deno.test("rows that both fit by properties, and by numbers read of them, are told", async () => {
  async function told(inputs: Readonly<Record<string, string>>, ...rows: readonly string[]) {
    const { mistakes } = await judge({
      tables: { t: { file: "t.csv", hit: "unique", inputs } },
      endpoints: [
        endpoint("ustore.manufacturer", {
          manufacturers: { a: 1 },
          rules: [{ name: "t", table: "t" }],
        }),
      ],
    }, { "t.csv": `${Object.keys(inputs)},keep\n${rows.map((row) => `${row},x\n`).join("")}` });
    assertEquals(mistakes.replaceAll(/.*\n.*can both fit.*\n.*\n|\n\d+ mistakes?.*|\n/g, ""), "");
    return mistakes.includes("can both fit");
  }
  const paper = "item.properties['Paper']";
  const pages = "number(item.properties['Pages'])";
  const ifThere = `'Pages' in item.properties ? ${pages} : 0.0`;
  assertEquals(await told({ paper }, "A*", "AB"), true);
  assertEquals(await told({ paper }, "A*", "B*"), false);
  assertEquals(await told({ pages }, "1..100", "100..200"), true);
  assertEquals(await told({ pages }, "1..100", "101..200"), false);
  assertEquals(await told({ pages: ifThere }, "..100", ">= 100"), true);
  assertEquals(await told({ pages: ifThere, paper }, "..100,", ",A"), true);
  const has = "has(item.properties.Pages) ? number(item.properties.Pages) : -1.0";
  assertEquals(await told({ has }, "..100", ">= 100"), true);
  // The same property twice, and one that decides about another, cannot be told.
  assertEquals(await told({ pages, ifThere }, "1..100,", ",500"), false);
  assertEquals(await told({ x: `${paper} == 'A' ? ${pages} : 0.0` }, "..100", ">= 100"), false);
  assertEquals(await told({ paper, lower: `${paper}.lower()` }, "A,", ",b"), false);
});

Deno.test("which days no row fits is told in days that there are", async () => {
  async function left(...cells: readonly string[]) {
    const { warnings } = await judge({
      tables: { t: { file: "t.csv", inputs: { day: "order.created.date()" } } },
      endpoints: [endpoint("ustore.order-approval", { rules: [{ name: "t", table: "t" }] })],
    }, { "t.csv": `day,group\n${cells.map((cell, at) => `${cell},${at + 1}\n`).join("")}` });
    return /is refused, e\.g\. (.*)/.exec(warnings)?.[1];
  }
  assertEquals(await left("< 2026-01-01"), "day 2026-01-01..");
  assertEquals(await left(">= 2026-03-01"), "day ..2026-02-28");
  assertEquals(await left("<= 2026-01-01", "> 2026-01-02"), "day 2026-01-02");
  assertEquals(
    await left("2026-01-01..2026-01-31", "24.12.2026"),
    "day not 2026-01-01..2026-01-31, 2026-12-24",
  );
  // Every day has its row: what is left is an order whose time is none.
  assertEquals(await left("<= 2026-01-31", ">= 2026-02-01"), "day cannot be read");
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
