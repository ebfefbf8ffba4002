/** What is told of a table: mistakes in its cells and inputs, and rows that another takes. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { openPlants, openWorld, RULE } from "./table_world.ts";

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
    const world = openPlants(csv);
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
  const { told, vocabulary } = openPlants("state,state,quantity,group\nNY,NJ,1,7\n");
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
