/** What a table decides. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { decide, describeRules } from "../../../../lib/rules/rules.ts";
import { namesThatDecide } from "../../../../lib/rules/decision.ts";
import { CONTEXT } from "../shop.ts";
import { INPUTS, openPlants, openWorld, RULE } from "./table_world.ts";

function of(stateCode: string, quantity: number) {
  return { ...CONTEXT, item: { ...CONTEXT.item, quantity, shipTo: { city: "", stateCode } } };
}

Deno.test("a row of a table decides, is named by its line and tells what it asks for", () => {
  const { rules, told, warned } = openPlants(
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
  const { rules } = openPlants("state,group\nNY,7\n", {
    tables: { plants: { csv: "state,group\nNY,7\n", inputs: { state: INPUTS.state } } },
    rules: [RULE, { name: "rest", when: "true", then: { group: 1 } }],
  });
  assertEquals(decide(rules, undefined, of("TX", 1)), {
    ...{ rule: "rest", outcome: { group: 1 }, tried: 2, failures: [] },
  });
});

Deno.test("a column that cannot be read fits cells alone that take anything", () => {
  const { rules } = openPlants("", {
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

Deno.test("however many rows have ranges, what cannot be read fits cells that take anything", () => {
  const ranges = Array.from({ length: 40 }, (_, at) => `${at * 10}..${at * 10 + 9},${at}`);
  const csv = ["pages,group", ...ranges, ",99"].join("\n");
  const { rules } = openPlants("", {
    tables: { plants: { csv, inputs: { pages: "number(item.properties['Pages'])" } } },
  });
  const { outcome, failures } = decide(rules, undefined, of("PA", 1));
  assertEquals(outcome, { group: 99 });
  assertEquals(failures, [{ rule: "plants", reason: 'column "pages": there is no "Pages"' }]);
});

Deno.test("a message to the shopper may stand in several languages", () => {
  const { rules, told } = openPlants("state,quantity,reject.en,reject.de\nNY,,No,Nein\n");
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
