/** What is told of rule tests that were run, and to whom. */
import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { LARGE, withRuleTests } from "./rule_tests_world.ts";

Deno.test("test shows what was expected, what came instead and why, and exits 1", async () => {
  const wrong = {
    ...LARGE,
    name: "wrong",
    expect: { rule: "small", answer: { ApprovalGroupId: 0 } },
  };
  await withRuleTests({ "tests/a.json": [LARGE, wrong] }, async (world) => {
    const { code, out } = await world.test();
    assertEquals(code, 1);
    const shown = out.replaceAll(/\S*tests\/a\.json/g, "FILE");
    assertEquals(
      shown,
      `FILE
  ok    a large order needs a group
  FAIL  wrong
        FILE:1, /approval
        rule
          expected small
          got      large
        answer.ApprovalGroupId
          expected 0
          got      7
          matched      large
            order.total > 500.0
              order.total = 612.4
          times without a zone are those of UTC
          decided by "large": {"group":7}

2 tests: 1 failed, 1 passed
`,
    );
  });
});

Deno.test("test shows the answer where nothing is decided, and takes that for no rule", async () => {
  const order = { document: { Order: { Prices: { TotalPrice: "much" }, OrderProducts: [] } } };
  const tests = [
    { name: "n", endpoint: "/approval", order, expect: { rule: null, status: 400 } },
    { name: "w", endpoint: "/approval", order, expect: { rule: "large" } },
  ];
  await withRuleTests({ "tests/a.json": tests }, async (world) => {
    const { out } = await world.test();
    assertMatch(out, /ok {4}n\n/);
    assertMatch(
      out,
      /expected large\n {10}got {6}no rule\n {8}answered 400 \{"message":".*TotalPrice/,
    );
  });
});

Deno.test("test writes JSON and JUnit, and runs those that are meant", async () => {
  const wrong = { ...LARGE, name: 'wrong <&"', expect: { rule: "small" } };
  await withRuleTests({ "tests/a.json": [LARGE, wrong] }, async (world) => {
    const junit = join(world.folder, "out", "results.xml");
    const { code, out } = await world.test("--json", "--junit", junit);
    assertEquals(code, 1);
    const { summary, tests } = JSON.parse(out);
    assertEquals(summary, { tests: 2, passed: 1, failed: 1, skipped: 0 });
    assertEquals(tests[1].differences, [{ what: "rule", expected: "small", got: "large" }]);
    const xml = await Deno.readTextFile(junit);
    assertMatch(xml, /<testsuites name="storehook" tests="2" failures="1" errors="0" skipped="0"/);
    assertMatch(xml, /<testcase name="wrong &lt;&amp;&quot;" classname="\/approval"/);
    const meant = await world.test("--filter", "LARGE");
    assertEquals([meant.code, meant.out.match(/\n1 test: 1 passed/)?.length], [0, 1]);
    assertEquals((await world.test("--filter", "nothing")).code, 2);
  });
});

Deno.test("check and serve run the tests: one that fails is a mistake", async () => {
  const wrong = { ...LARGE, name: "wrong", expect: { rule: "small" } };
  await withRuleTests({ "tests/a.json": [LARGE] }, async (world) => {
    const fine = await world.run("check", "--json");
    assertEquals([fine.code, JSON.parse(fine.out).tests], [0, {
      passed: 1,
      failed: 0,
      skipped: 0,
    }]);
    await world.file("tests/b.json", [wrong]);
    const { code, out } = await world.run("check");
    assertEquals(code, 2);
    assertMatch(
      out,
      /b\.json:1:2 {2}\[0\]\n {2}Test "wrong" fails: rule: expected small, got large\n/,
    );
    const served = await world.run("serve", "--port", "0");
    assertEquals([served.code, served.out], [2, ""]);
    assertMatch(served.err, /Test "wrong" fails: rule: expected small, got large/);
    const record = JSON.parse((await world.run("check", "--json")).out);
    assertMatch(record.mistakes[0].file, /b\.json$/);
  });
});
