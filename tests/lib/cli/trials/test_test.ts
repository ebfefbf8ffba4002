import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Ajv2020 } from "ajv/2020";
import { join } from "@std/path";
import { main } from "../../../../lib/cli/mod.ts";
import { fakeTerminal } from "../fake_terminal.ts";
import { ORDER, serve } from "./served.ts";
import { TESTED, withRuleTests } from "./rule_tests_world.ts";

const LARGE = {
  name: "a large order needs a group",
  endpoint: "/approval",
  order: { change: { "order.total": 612.4 } },
  expect: { rule: "large", answer: { ApprovalGroupId: 7 } },
};

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

Deno.test("test tells every mistake of a file with its line and what to write", async () => {
  const text = `// first
[
  { "name": "a", "endpoint": "/aproval", "expect": { "rule": "large" } },
  { "name": "b", "endpoint": "/approval", "expect": { "rule": "lage" } },
  { "name": "c", "endpoint": "/approval", "order": { "change": { "order.totl": 1 } },
    "expect": { "rule": "large" } },
  { "name": "d", "endpoint": "/approval", "expct": { "rule": "large" } },
  { "name": "e", "endpoint": "/cart", "at": "2026-07-14", "expect": { "status": 200 } },
]`;
  await withRuleTests({ "tests/a.jsonc": text }, async (world) => {
    const { code, err } = await world.test();
    assertEquals(code, 2);
    for (
      const said of [
        /a\.jsonc:3:18 {2}\[0\]\.endpoint\n {2}found "\/aproval".*\n {2}Did you mean "\/approval"\?/,
        /a\.jsonc:4:55 {2}\[1\]\.expect\.rule\n.*\n {2}Did you mean "large"\?/,
        /a\.jsonc:5:66 {2}\[2\]\.order\.change\["order\.totl"\]\n.*\n {2}Did you mean "total"\?/,
        /a\.jsonc:7:43 {2}\[3\]\.expct\n.*\n {2}Did you mean "expect"\?/,
        /a\.jsonc:8:39 {2}\[4\]\.at\n {2}found a time, while rules of ustore\.cart-export read none/,
      ]
    ) assertMatch(err, said);
  }, { ...TESTED, tests: ["tests/*.json{,c}"] });
});

Deno.test("test finds files by patterns, and tells one that finds none", async () => {
  const files = { "tests/deep/er/a.json": [LARGE], "b.json": [LARGE], "tests/.hidden.json": "[" };
  const config = { ...TESTED, tests: ["tests/**/*.json", "B.json", "none/*.json", "[b].json"] };
  await withRuleTests(files, async (world) => {
    const { code, err } = await world.test();
    assertEquals(code, 2);
    assertMatch(
      err,
      /config\.json:1:\d+ {2}tests\[2\]\n {2}found "none\/\*\.json", but there is no folder/,
    );
    assertMatch(err, /\[b\]\.json\n {2}Cannot read it: there is no such file/);
    await world.file("config.json", { ...TESTED, tests: ["tests/**/*.json", "b.json"] });
    assertMatch((await world.test()).out, /\n2 tests: 2 passed\n$/);
    await world.file("config.json", { ...TESTED, tests: ["tests"] });
    assertMatch(
      (await world.test()).err,
      /it is a folder, wanted a file\n {2}Write "tests\/\*\.json"/,
    );
    await world.file("config.json", { ...TESTED, tests: ["tests/*.txt"] });
    const none = await world.test();
    assertEquals(none.code, 2);
    assertStringIncludes(none.err, "it matches no file");
  }, config);
});

Deno.test("test takes hostile files without a crash, at little cost", async () => {
  const deep = "[".repeat(100_000);
  const many = JSON.stringify(Array.from({ length: 20_000 }, (_, index) => ({ nam: index })));
  const far = { ...LARGE, order: { change: { "order.items[999999999].quantity": 1 } } };
  const proto =
    '[{"name":"p","endpoint":"/approval","order":{"document":{"__proto__":{"Order":1}}},' +
    '"expect":{"status":200}}]';
  await withRuleTests({
    "tests/deep.json": deep,
    "tests/many.json": many,
    "tests/far.json": [far],
    "tests/huge.json": " ".repeat(5_000_000),
    "tests/binary.json": "\u0000\u0001",
  }, async (world) => {
    const { code, err } = await world.test();
    assertEquals(code, 2);
    assertMatch(err, /deep\.json:1:101\n {2}nests too deeply/);
    assertMatch(err, /huge\.json\n {2}has 5000000 bytes, wanted at most 4194304/);
    assertMatch(err, /items\[999999999\], wanted a place below 1000/);
    assert(err.length < 100_000);
    await world.file("config.json", { ...TESTED, tests: ["tests/p.json"] });
    await world.file("tests/p.json", proto);
    const judged = await world.test();
    assertEquals([judged.code, judged.err], [1, ""]);
    assertMatch(judged.out, /expected 200\n {10}got {6}400/);
  });
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

Deno.test("schema --tests describes what test takes", async () => {
  const terminal = fakeTerminal();
  assertEquals(await main(["schema", "--tests"], terminal), 0);
  const validate = new Ajv2020({ strict: false }).compile(JSON.parse(terminal.output()));
  for (const good of [LARGE, [LARGE], { endpoint: "/approval", tests: [LARGE] }]) {
    assertEquals([validate(good), validate.errors], [true, null]);
  }
  assertEquals(validate([{ ...LARGE, expct: {} }]), false);
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
