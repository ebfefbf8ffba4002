import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import * as fc from "fast-check";
import { decide, describeRules } from "../../../../lib/rules/rules.ts";
import { namesThatDecide } from "../../../../lib/rules/decision.ts";
import { fitsCell } from "../../../../lib/rules/tables/cell.ts";
import { parseCell } from "../../../../lib/rules/tables/parse_cell.ts";
import { CONTEXT } from "../shop.ts";
import { openWorld } from "./table_world.ts";

const INPUTS = { state: "item.shipTo.stateCode", quantity: "item.quantity" };
const RULE = { name: "plants", table: "plants" };

function open(csv: string, more: Parameters<typeof openWorld>[0] = {}) {
  return openWorld({
    tables: { plants: { csv, inputs: INPUTS } },
    rules: [RULE],
    ...more,
  });
}

function of(stateCode: string, quantity: number) {
  return { ...CONTEXT, item: { ...CONTEXT.item, quantity, shipTo: { city: "", stateCode } } };
}

Deno.test("a row of a table decides, is named by its line and tells what it asks for", () => {
  const { rules, told, warned } = open(
    "state,quantity,group,approve,note\nNY | NJ,100..500,7,,east\nNY,,,x,\n,,9,,\n",
  );
  assertEquals([told, warned], [[], []]);
  const first = decide(rules, undefined, of("NJ", 100));
  assertEquals(first, {
    rule: "plants.csv line 2",
    outcome: { group: 7 },
    row: {
      rule: "plants",
      line: 2,
      cells: { state: "NY | NJ", quantity: "100..500" },
      note: "east",
    },
    tried: 1,
    failures: [],
  });
  assertEquals(decide(rules, undefined, of("NY", 5)).outcome, { approve: true });
  assertEquals(decide(rules, undefined, of("TX", 5)).rule, "plants.csv line 4");
  assertEquals(namesThatDecide(describeRules(rules)), [
    "plants.csv line 2",
    "plants.csv line 3",
    "plants.csv line 4",
  ]);
});

Deno.test("a table of which no row fits leaves the decision to what follows", () => {
  const { rules } = open("state,group\nNY,7\n", {
    tables: { plants: { csv: "state,group\nNY,7\n", inputs: { state: INPUTS.state } } },
    rules: [RULE, { name: "rest", when: "true", then: { group: 1 } }],
  });
  assertEquals(decide(rules, undefined, of("TX", 1)), {
    ...{ rule: "rest", outcome: { group: 1 }, tried: 2, failures: [] },
  });
});

Deno.test("a column that cannot be read fits cells alone that take anything", () => {
  const { rules } = open("", {
    tables: {
      plants: {
        csv: "paper,state,group\nGold,,7\n!Gold,,8\n,PA,9\n",
        inputs: { paper: "item.properties['Coating']", state: INPUTS.state },
      },
    },
  });
  const { rule, failures } = decide(rules, undefined, of("PA", 1));
  assertEquals(rule, "plants.csv line 4");
  assertEquals(failures, [
    { rule: "plants", reason: 'column "paper": there is no "Coating"' },
  ]);
});

Deno.test("a message to the shopper may stand in several languages", () => {
  const { rules, told } = open("state,quantity,reject.en,reject.de\nNY,,No,Nein\n");
  assertEquals(told, []);
  assertEquals(decide(rules, undefined, of("NY", 1)).outcome, { reject: { en: "No", de: "Nein" } });
});

Deno.test("a table in which two rows fit does not decide where that is a mistake", () => {
  const csv = "state,name,group\n~ ^N,,7\n,~ Flyers,8\n";
  const inputs = { state: "item.shipTo.stateCode", name: "item.name" };
  const { rules, told } = openWorld({
    tables: { plants: { csv, inputs, hit: "unique" } },
    rules: [RULE],
  });
  assertEquals(told, []);
  const item = { ...CONTEXT.item, name: "Flyers", shipTo: { city: "", stateCode: "NY" } };
  const { rule, failures } = decide(rules, undefined, { ...CONTEXT, item });
  assertEquals(rule, null);
  assertEquals(failures, [{ rule: "plants", reason: "lines 2 and 3 of plants.csv both fit" }]);
});

const TOLD: readonly (readonly [csv: string, told: readonly string[]])[] = [
  ["state,quantity,group\nNY,1.000,7\nNY,1.000,50,7\n", ["in a column without a name"]],
  [
    'state,quantity,group\nNY,"1.000,50",7\n,many,8\nNJ,5,x\n',
    [
      'tables.plants: line 2, column "quantity" (cell B2): found "1.000,50", wanted a number ' +
      "without separators of thousands. Write 1000.50",
      'line 3, column "quantity" (cell B3): found "many", wanted a number',
      'line 4, column "group" (cell C4): found "x", wanted a number',
    ],
  ],
  ["state,quantity,group\nNY,1,7.5\n", ['column "group" (cell C2): found "7.5", wanted a whole']],
  ["state,quantity,group\nNY,1,-7\n", ['(cell C2): found "-7", wanted at least 0']],
  ["state,quantity,group,approve\nNY,1,7,x\n", ["line 2, found group and approve, wanted one"]],
  ["state,quantity,group,approve\nNY,1,,\n", ["line 2, found no outcome, wanted one of group"]],
  ["state,quantity,group,approve\nNY,1,7,no\n", []],
  ["stat,quantity,group\nNY,1,7\n", [
    'tables.plants.inputs.state: plants.csv has no column "state". Did you mean "stat"?',
    'column "stat" (cell A1) is no input and no outcome. Did you mean "state"?',
  ]],
  ["state,quantity,group,colour\nNY,1,7,red\n", ['column "colour" (cell D1) is no input']],
  ["state,quantity,group,# colour\nNY,1,7,red\n", []],
  ["State,QUANTITY,Group,Note\nNY,1,7,red\n", []],
  ["state,quantity,note\nNY,1,7\n", [
    "found no column with an outcome",
    "line 2, found no outcome",
  ]],
  ["state,quantity,group\n", ["found the names of columns and no row below"]],
  ["", ["The file is empty"]],
];

for (const [csv, messages] of TOLD) {
  Deno.test(`compileTable() tells every mistake of ${JSON.stringify(csv)}`, () => {
    const world = open(csv);
    // What reading the sheet tells is told where the file is read.
    const told = [...world.told];
    const sheet = world.vocabulary.named?.tables.get("plants")?.sheet;
    told.push(...sheet?.mistakes.map(({ message }) => message) ?? []);
    if (messages.length === 0) assertEquals(told, []);
    for (const message of messages) {
      assert(told.some((one) => one.includes(message)), `${message} in ${told.join("\n")}`);
    }
  });
}

Deno.test("of a name that two columns have that alone is told", () => {
  const { told, vocabulary } = open("state,state,quantity,group\nNY,NJ,1,7\n");
  const { mistakes = [] } = vocabulary.named?.tables.get("plants")?.sheet ?? {};
  assertEquals([...told, ...mistakes.map(({ message }) => message)], [
    'column "state" (cell B1) has the name of that in cell A1',
  ]);
});

Deno.test("compileTable() tells what is wrong with inputs", () => {
  const { told } = openWorld({
    tables: {
      plants: {
        csv: "a,b,group\n1,2,7\n",
        inputs: { a: "item.shipTo.stateCod == 'x'", b: "order.items" },
      },
    },
    rules: [RULE, { name: "other", table: "plnts" }],
  });
  assertEquals(told, [
    'found "plnts", wanted the name of a table. Did you mean "plants"?',
    'tables.plants.inputs.a: Input "a", column 13: Unknown field "stateCod" of Address. ' +
    "Did you mean 'stateCode'?",
    'tables.plants.inputs.b: Input "b" is list of Item, wanted text, a number, true/false or a ' +
    "time. Name a field of it, or count a list with size()",
  ]);
});

const cell = fc.constantFrom(
  "",
  "",
  "*",
  "a",
  "b",
  "a | b",
  "!a",
  "a*",
  "ab*",
  "~ ^a",
  "!(a | b*)",
);
const amount = fc.constantFrom("", "1", "1..5", ">= 5", "< 5", "1 | 7", "!(2..3)", "5..", "0");
const text = fc.constantFrom("", "a", "b", "ab", "abc", "c");
const number = fc.constantFrom(-1, 0, 1, 2.5, 3, 5, 7, 100);

Deno.test("a table decides as its rows read one by one do", () => {
  const row = fc.tuple(cell, cell, amount);
  fc.assert(
    fc.property(
      fc.array(row, { minLength: 1, maxLength: 60 }),
      fc.array(fc.tuple(text, text, number), { minLength: 10, maxLength: 10 }),
      (rows, orders) => {
        const lines = rows.map((cells, index) => [...cells, index].map((one) => `"${one}"`).join());
        const { rules, told } = openWorld({
          tables: {
            plants: {
              csv: ["id,name,quantity,group", ...lines].join("\n"),
              inputs: { id: "item.id", name: "item.name", quantity: "item.quantity" },
            },
          },
          rules: [RULE],
        });
        assertEquals(told, []);
        for (const [id, name, quantity] of orders) {
          const values = [id, name, quantity] as const;
          const expected = rows.findIndex((cells) =>
            cells.every((one, at) => {
              const condition = parseCell(one, at === 2 ? "number" : "text", {
                hasDecimalComma: false,
              });
              assert(!("message" in condition));
              return fitsCell(condition, values[at] ?? "");
            })
          );
          const { outcome } = decide(rules, undefined, {
            ...CONTEXT,
            item: { ...CONTEXT.item, id, name, quantity },
          });
          assertEquals(outcome, expected === -1 ? null : { group: expected });
        }
      },
    ),
    { numRuns: 300 },
  );
});

/** What the next test makes up: what it decides about, and how cells are compared with it. */
interface MadeUp {
  readonly id: string;
  readonly rush: boolean;
  readonly quantity: number;
  readonly created: string;
}

const IDS = ["", "a", "b", "ab", "abc", "c", "x", "01", "02", "05", "1"];
const QUANTITIES = [-1, 0, 0.5, 1, 2, 2.5, 3, 4, 5, 6, 7, 100];
const CREATED = [
  "2026-02-28T10:00:00",
  "2026-03-01",
  "2026-11-27T23:59:59",
  "2025-12-31",
  "soon",
  "",
];

/** All that matters to the cells. */
const ORDERS: readonly MadeUp[] = IDS.flatMap((id) =>
  [true, false].flatMap((rush) =>
    QUANTITIES.flatMap((quantity) => CREATED.map((created) => ({ id, rush, quantity, created })))
  )
);

const FLAGS: Readonly<Record<string, (order: MadeUp) => boolean>> = {
  "order.rush": ({ rush }) => rush,
  "item.quantity > 2": ({ quantity }) => quantity > 2,
  "isA": ({ id }) => id === "a",
};

const DEFINE = { isA: "item.id == 'a'", isLot: "item.quantity > 4 && !isA" };

function fitsAll(cells: readonly string[], flag: string, order: MadeUp): boolean {
  const values = [order.id, FLAGS[flag]?.(order) ?? false, order.quantity, order.created];
  return cells.every((cell, at) => {
    const type = (["text", "bool", "number", "text"] as const)[at] ?? "text";
    const condition = parseCell(cell, type, { hasDecimalComma: false });
    assert(!("message" in condition), cell);
    return fitsCell(condition, values[at] ?? "");
  });
}

function contextOf({ id, rush, quantity, created }: MadeUp) {
  return {
    order: { ...CONTEXT.order, rush, created },
    item: { ...CONTEXT.item, id, quantity },
  };
}

Deno.test("no order proves wrong what is told of rows", () => {
  const claims = { dead: 0, both: 0, complete: 0 };
  const id = fc.oneof(cell, fc.constantFrom("01..03", "!(00..04)", '""', "0*"));
  const day = fc.constantFrom("", "", "2026-01-01..2026-06-30", ">= 2026-03-01", "2026*", "!soon");
  const row = fc.tuple(id, fc.constantFrom("", "true", "false"), amount, day);
  const guard = fc.constantFrom("true", "isA", "isLot && order.rush", "false", "!isLot");
  fc.assert(
    fc.property(
      fc.array(row, { minLength: 1, maxLength: 8 }),
      fc.constantFrom("first" as const, "unique" as const),
      fc.constantFrom(...Object.keys(FLAGS)),
      guard,
      guard,
      fc.array(fc.constantFrom(...ORDERS), { minLength: 40, maxLength: 40 }),
      (rows, hit, flag, before, after, orders) => {
        const lines = rows.map((cells, index) =>
          [...cells, String(index)].map((one) => `"${one.replaceAll('"', '""')}"`).join()
        );
        const { rules, told, warned } = openWorld({
          define: DEFINE,
          tables: {
            plants: {
              csv: ["id,flag,quantity,created,group", ...lines].join("\n"),
              inputs: { id: "item.id", flag, quantity: "item.quantity", created: "order.created" },
              hit,
            },
          },
          rules: [
            { name: "before", when: before, then: { group: 100 } },
            RULE,
            { name: "after", when: after, then: { group: 101 } },
          ],
          hasOtherwise: false,
        });
        const dead = new Set(warned.flatMap((message) => {
          const line = /line (\d+), this row is|line (\d+), this row never|Line (\d+) of/.exec(
            message,
          );
          if (line !== null) return [Number(line[1] ?? line[2] ?? line[3]) - 2];
          const named = /^Rule "(before|after)" (?:is never|never)/.exec(message)?.[1];
          return named === undefined ? [] : [named === "before" ? 100 : 101];
        }));
        const leavesNone = !warned.some((message) => message.includes('no "otherwise"'));
        claims.dead += dead.size;
        claims.both += told.length;
        claims.complete += leavesNone ? 1 : 0;
        // Two rows that are told to fit both do so for some order.
        for (const message of told) {
          const [, later, earlier] = /line (\d+), .* line (\d+)/.exec(message) ?? [];
          const pair = [earlier, later].map((line) => rows[Number(line) - 2] ?? []);
          assert(pair.every((cells) => cells.length > 0), message);
          assert(
            ORDERS.some((order) => pair.every((cells) => fitsAll(cells, flag, order))),
            `${message} of ${lines.join("\n")}`,
          );
        }
        for (const order of orders) {
          const { outcome } = decide(rules, undefined, contextOf(order));
          assert(outcome !== null || !leavesNone, "something was left");
          if (outcome !== null && "group" in outcome) {
            assert(!dead.has(outcome.group), `${outcome.group} decided: ${warned.join("\n")}`);
          }
        }
      },
    ),
    { numRuns: 800 },
  );
  for (const [kind, count] of Object.entries(claims)) {
    assert(count > 50, `only ${count} claims of the kind ${kind} were tested`);
  }
});

Deno.test("of a large table rows are told that take what another lists", () => {
  const lines = Array.from({ length: 2000 }, (_, index) => `C${index},${index % 50}`);
  const csv = ["id,group", ...lines, "C7 | C8,1", "C2001,1"].join("\n");
  const tables = (hit: "first" | "unique") => ({
    plants: { csv, inputs: { id: "item.id" }, hit },
  });
  const first = openWorld({ tables: tables("first"), rules: [RULE] });
  assertEquals(first.warned.map((one) => /line (\d+), this row is never/.exec(one)?.[1]), ["2002"]);
  const unique = openWorld({ tables: tables("unique"), rules: [RULE] });
  assertEquals(unique.told.length, 1);
  assertStringIncludes(unique.told[0] ?? "", "line 2002, this row and that of line 9 can both fit");
});

Deno.test("a table of a hundred thousand rows is read and asked", () => {
  const lines = Array.from(
    { length: 100_000 },
    (_, index) => `C${index},${index % 7},${index % 50}`,
  );
  const { rules, told, warned } = openWorld({
    tables: {
      plants: {
        csv: ["id,quantity,group", ...lines].join("\n"),
        inputs: { id: "item.id", quantity: "item.quantity" },
      },
    },
    rules: [RULE],
  });
  assertEquals([told, warned], [[], []]);
  const item = { ...CONTEXT.item, id: "C99999", quantity: 99_999 % 7 };
  assertStringIncludes(decide(rules, undefined, { ...CONTEXT, item }).rule ?? "", "line 100001");
});
