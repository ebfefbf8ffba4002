import { assertEquals, assertMatch } from "@std/assert";
import { formatTimestamp } from "../../../../lib/util/timestamp.ts";
import { START } from "../journal_world.ts";
import { ITEMS, ORDER, serve } from "./served.ts";
import { TESTED, withRuleTests } from "./rule_tests_world.ts";

const TESTS = [
  {
    endpoint: "/approval",
    order: { change: { "order.total": 700 } },
    expect: { rule: "large" },
  },
];

Deno.test("coverage counts what decided in tests and in the journal, what never did first", async () => {
  await withRuleTests({ "tests/a.json": TESTS }, async (world) => {
    await serve(
      world,
      [["/approval", ORDER], ["/approval", ORDER], ["/manufacturer", ITEMS]],
      TESTED,
    );
    const old = { rule: "of before", outcome: { approve: true }, tried: 1, failures: [] };
    await world.record({ decisions: [old], receivedAt: START + 9000 });
    const { code, out, err } = await world.run("coverage");
    assertEquals([code, err], [0, ""]);
    const [last, before] = [START + 1000, START + 9000].map(formatTimestamp);
    assertEquals(
      out,
      `/approval (ustore.order-approval): 3 of 5 never decided
  tests  journal  last                 rule
      0        0  -                    night
      0        0  -                    asked
      0        0  -                    otherwise
      1        0  -                    large
      0        2  ${last}  small
      0        1  ${before}  of before (no rule of the config)

/manufacturer (ustore.manufacturer): all 1 decided
  tests  journal  last                 rule
      0        2  ${formatTimestamp(START + 2000)}  otherwise
`,
    );
    const { endpoints } = JSON.parse((await world.run("coverage", "--json")).out);
    assertEquals(endpoints[0].rules.at(-1), {
      rule: "small",
      tests: 0,
      journal: 2,
      lastAt: new Date(START + 1000).toISOString(),
    });
    const some = await world.run("coverage", "--since", "2026-07-14T09:30:01Z", "--of", "journal");
    assertMatch(some.out, / {6}0 {8}1 {2}\S+ \S+ {2}small\n/);
    const none = await world.run("coverage", "--endpoint", "/manufacturer", "--of", "tests");
    assertMatch(none.out, /^\/manufacturer .*: 1 of 1 never decided\n[^]*otherwise\n$/);
  });
});

Deno.test("coverage needs no journal for tests, and says where there is none", async () => {
  await withRuleTests({ "tests/a.json": TESTS }, async (world) => {
    const tests = await world.run("coverage", "--of", "tests");
    assertEquals([tests.code, tests.err], [0, ""]);
    assertMatch(tests.out, / {6}1 {8}0 {2}- {5}large\n/);
    const both = await world.run("coverage");
    assertEquals(both.code, 0);
    assertMatch(both.err, /There is no journal/);
    assertEquals((await world.run("coverage", "--of", "journal")).code, 1);
  });
});

Deno.test("coverage counts the rows of a table that decides about items, not the table once more", async () => {
  const [approval] = TESTED.endpoints;
  const tax = {
    path: "/tax",
    kind: "ustore.tax",
    signatureKeys: approval?.signatureKeys,
    rules: [{ name: "by state", table: "rates" }],
    rates: [{ percent: 0 }],
  };
  const config = {
    ...{ ...TESTED, services: {}, endpoints: [tax] },
    tables: { rates: { file: "rates.csv", inputs: { state: "item.shipTo.stateCode" } } },
  };
  const change = {
    "order.items[1].shipTo.stateCode": "XX",
    "order.items[0].shipTo.stateCode": "PA",
  };
  const files = {
    "rates.csv": "state,rate\nPA,6\nNY,8\n",
    "tests/a.json": [{ endpoint: "/tax", order: { change }, expect: { status: 200 } }],
  };
  await withRuleTests(files, async (world) => {
    const { out, err } = await world.run("coverage", "--of", "tests");
    assertEquals(err, "");
    assertEquals(
      out,
      `/tax (ustore.tax): 2 of 3 never decided
  tests  journal  last  rule
      0        0  -     rates.csv line 3
      0        0  -     otherwise
      1        0  -     rates.csv line 2
      1        0  -     rates[0] (no rule of the config)
`,
    );
  }, config);
});

Deno.test("coverage and tests name each row of a table, and a pin the table", async () => {
  const [approval, ...others] = TESTED.endpoints;
  const config = {
    ...TESTED,
    services: {},
    tables: {
      matrix: {
        file: "matrix.csv",
        hit: "first",
        inputs: { department: "order.user.department", total: "order.total" },
      },
    },
    endpoints: [{ ...approval, rules: [{ name: "matrix", table: "matrix" }] }, ...others],
  };
  const rows = "department;total;group;approve\nArt;>= 500;7;\nArt;;;x\n;> 1;;x\n";
  const tests = [{
    endpoint: "/approval",
    order: { change: { "order.user.department": "Art", "order.total": 500 } },
    expect: { rule: "matrix.csv line 2", outcome: { group: 7 } },
  }];
  const files = { "matrix.csv": rows, "tests/a.json": tests };
  await withRuleTests(files, async (world) => {
    assertEquals((await world.test()).code, 0);
    const [one] = await serve(world, [["/approval", ORDER]], config);
    const { out } = await world.run("coverage", "--endpoint", "/approval", "--json");
    const counted = JSON.parse(out).endpoints[0].rules.map((
      { rule, tests, journal }: Readonly<Record<string, unknown>>,
    ) => [rule, tests, journal]);
    assertEquals(counted, [
      ["matrix.csv line 3", 0, 0],
      ["otherwise", 0, 0],
      ["matrix.csv line 2", 1, 0],
      ["matrix.csv line 4", 0, 1],
    ]);
    assertEquals((await world.run("test", "pin", one?.id ?? "")).code, 0);
    // A row above the others moves them all, breaks no pin and has decided nothing yet.
    await world.file("matrix.csv", rows.replace("Art;>= 500", "Law;;8;\nArt;>= 500"));
    const counts = async () =>
      (await world.run("coverage", "--endpoint", "/approval", "--of", "journal")).out.split("\n")
        .map((line) => line.replace(/^ +\d+ +(\d+) .* {2}(\S.*)$/, "$2: $1")).slice(2, -1);
    assertEquals(await counts(), [
      ...["matrix.csv line 2: 0", "matrix.csv line 3: 0", "matrix.csv line 4: 0", "otherwise: 0"],
      "matrix.csv line 5: 1",
    ]);
    // What asked for something else was another row.
    await world.file("matrix.csv", rows.replace("> 1", "> 1.1"));
    assertEquals((await counts()).slice(-2), [
      "otherwise: 0",
      "matrix.csv line 4 (no rule of the config): 1",
    ]);
    await world.file("matrix.csv", rows.replace("Art;>= 500", "Law;;8;\nArt;>= 500"));
    assertEquals((await world.test("--filter", "pinned")).code, 0);
    assertEquals((await world.test()).code, 1);
    assertMatch(
      (await world.run("backtest")).out,
      /\n {2}1 {2}would be answered the same by the same/,
    );
  }, config);
});
