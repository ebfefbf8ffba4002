/** The files of rule tests: where they are found, what is wrong in them, what they may cost. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Ajv2020 } from "ajv/2020";
import { main } from "../../../../lib/cli/mod.ts";
import { fakeTerminal } from "../fake_terminal.ts";
import { LARGE, TESTED, withRuleTests } from "./rule_tests_world.ts";

Deno.test("test tells every mistake of a file with its line and what to write", async () => {
  const text = `// first
[
  { "name": "a", "endpoint": "/aproval", "expect": { "rule": "large" } },
  { "name": "b", "endpoint": "/approval", "expect": { "rule": "lage" } },
  { "name": "c", "endpoint": "/approval", "order": { "change": { "order.totl": 1 } },
    "expect": { "rule": "large" } },
  { "name": "d", "endpoint": "/approval", "expct": { "rule": "large" } },
  { "name": "e", "endpoint": "/cart", "at": "2026-07-14", "expect": { "status": 200 } },
  { "name": "f", "endpoint": "/approval", "at": "2026-02-30", "expect": { "status": 200 } },
  { "name": "g", "endpoint": "/approval", "at": "2026-07-14T25:00", "expect": { "status": 200 } },
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
        /a\.jsonc:9:43 {2}\[5\]\.at\n {2}found "2026-02-30", wanted a time that there is/,
        /a\.jsonc:10:43 {2}\[6\]\.at\n {2}found "2026-07-14T25:00", wanted a time that there is/,
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
    assertEquals([judged.code, judged.out], [2, ""]);
    assertMatch(judged.err, /p\.json:1:\d+ .*\n {2}found the name "__proto__", wanted another one/);
  });
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
