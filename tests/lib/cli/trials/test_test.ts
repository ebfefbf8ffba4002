/** What rule tests decide, and what they can expect of it. */
import { assertEquals, assertMatch } from "@std/assert";
import { ORDER, serve } from "./served.ts";
import { LARGE, TESTED, withRuleTests } from "./rule_tests_world.ts";

Deno.test("test passes with every way to say what an order is and what is expected", async () => {
  const tests = [
    LARGE,
    {
      name: "by file",
      endpoint: "/approval",
      order: { file: "o.json" },
      expect: { rule: "small" },
    },
    {
      name: "by document",
      endpoint: "/approval",
      order: { document: JSON.parse(ORDER), change: { "order.total": 700 } },
      expect: { outcome: { group: 7 }, status: 200 },
    },
    {
      name: "at night, in another language than there is",
      endpoint: "/approval",
      at: "2026-07-14T23:30",
      language: "fr",
      expect: { status: 400, answer: { code: "refused", message: "Closed" } },
    },
    {
      name: "what a service says",
      endpoint: "/approval",
      order: { change: { "order.user.department": "Art" } },
      services: { budget: { answer: { ApprovalGroupId: 7, IsApprovalNeeded: true } } },
      expect: { rule: "asked", answer: { ApprovalGroupId: "7" } },
    },
    {
      name: "a service that refuses",
      endpoint: "/approval",
      order: { change: { "order.user.department": "Art" } },
      services: { budget: { refusal: "No money" } },
      expect: { answer: { message: "No money" } },
    },
    {
      name: "a service that fails",
      endpoint: "/approval",
      order: { change: { "order.user.department": "Art" } },
      services: { budget: { failure: true } },
      expect: { answer: { IsApprovalNeeded: false } },
    },
    {
      name: "a service is asked",
      endpoint: "/approval",
      order: { change: { "order.user.department": "Art" } },
      expect: { asks: "budget" },
    },
    {
      name: "each item",
      endpoint: "/manufacturer",
      order: { change: { "order.customConfig": "1:2;2:1" } },
      expect: { answer: { "3087": 2 }, items: { "3088": { rule: "otherwise" } } },
    },
  ];
  const files = { "tests/a.json": { tests }, "tests/o.json": ORDER };
  await withRuleTests(
    { ...files, "config.json": { ...TESTED, tests: ["tests/a*"] } },
    async (world) => {
      const { code, out, err } = await world.test();
      assertEquals([code, err], [0, ""], out);
      assertMatch(out, /\n9 tests: 9 passed\n$/);
    },
  );
});

Deno.test("test decides a recorded delivery, and skips one that is gone", async () => {
  await withRuleTests({}, async (world) => {
    const [one] = await serve(world, [["/approval", ORDER]]);
    const id = one?.id ?? "";
    const recorded = { name: "r", endpoint: "/approval", order: { delivery: id }, expect: {} };
    await world.file("tests/a.json", [{ ...recorded, expect: { rule: "small" } }]);
    assertEquals((await world.test()).code, 0);
    const gone = id.replace(/.$/, (last) => last === "0" ? "1" : "0");
    await world.file("tests/a.json", [
      { ...recorded, order: { delivery: gone }, expect: { rule: "small" } },
    ]);
    const { code, out } = await world.test();
    assertEquals(code, 1);
    assertMatch(out, / {2}skip {2}r\n {8}the journal has no delivery .*"test pin"/);
    const checked = await world.run("check");
    assertEquals(checked.code, 0);
    assertMatch(checked.out, /Test "r" is skipped: [^]*\nTests: 0 passed, 1 skipped\n/);
  });
});

Deno.test("test tells where events would go", async () => {
  const emporix = {
    path: "/emporix",
    kind: "emporix.events",
    auth: { type: "emporix", secrets: ["a-secret-of-the-provider"] },
    forward: ["mis", { to: "erp", when: "event.type == 'cart.created'" }],
  };
  const destinations = {
    mis: { type: "folder", path: "out" },
    erp: { type: "http", url: "https://erp.example/in" },
  };
  const tests = [
    {
      endpoint: "/emporix/cart.created",
      expect: { status: 204, events: [{ type: "cart.created", forwards: ["mis", "erp"] }] },
    },
    {
      endpoint: "/emporix/cart.closed",
      order: { change: { id: "abc", "metadata.version": 2 } },
      expect: { forwards: ["mis"], events: [{ subject: "cart/abc" }] },
    },
    { endpoint: "/emporix/cart.closed", expect: { forwards: ["erp", "mis"] } },
  ];
  await withRuleTests({ "tests/a.json": tests }, async (world) => {
    const { code, out } = await world.test("--json");
    assertEquals(code, 1);
    const { summary, tests } = JSON.parse(out);
    assertEquals(summary, { tests: 3, passed: 2, failed: 1, skipped: 0 });
    assertEquals(tests[2].differences, [
      { what: "forwards", expected: '["erp","mis"]', got: '["mis"]' },
    ]);
  }, { ...TESTED, destinations, endpoints: [emporix] });
});
