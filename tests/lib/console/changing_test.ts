import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { OUTPUTS } from "../../../lib/console/api/outputs.ts";
import { type ConsoleWorld, KEY, withConsole } from "./console_world.ts";
import { RULES, WRITTEN_CONFIG as TEXT } from "./written_config.ts";
import { newDeliveryId } from "../../../lib/journal/delivery.ts";
import { handlers } from "../../../handlers/mod.ts";
import { bytesOf, delivery } from "../journal/samples.ts";

const OTHER = RULES.replace("500.0", "100.0");

const withText = (test: (world: ConsoleWorld) => Promise<void>) =>
  withConsole(test, { config: TEXT });

/** Records an order that cost so much. */
async function order({ journal, context }: ConsoleWorld, total: string): Promise<string> {
  const request = handlers.find(({ kind }) => kind === "ustore.order-approval")?.sample.request;
  const body = JSON.stringify(request).replace(
    /"TotalPrice":"[\d.]+","Cost"/,
    `"TotalPrice":"${total}","Cost"`,
  );
  const id = newDeliveryId();
  const isLarge = Number(total) > 500;
  await journal.record(delivery({
    ...{ id, endpoint: "/approval", kind: "ustore.order-approval", status: 200 },
    receivedAt: context.now() - 4,
    verifiedBy: "key 3f2a91bc",
    body: bytesOf(body),
    answer: bytesOf(
      JSON.stringify(
        isLarge
          ? { ApprovalGroupId: 10065, IsApprovalNeeded: true }
          : { ApprovalGroupId: 0, IsApprovalNeeded: false },
      ),
    ),
    rules: [{ name: "large orders", when: "order.total > 500.0" }],
    decisions: [{
      rule: isLarge ? "large orders" : "otherwise",
      outcome: isLarge ? { group: 10065 } : { approve: true },
      tried: 1,
      failures: [],
    }],
  }));
  return id;
}

const textOf = ({ context }: ConsoleWorld) => Deno.readTextFile(context.served().file);

async function tried(world: ConsoleWorld, rules: string) {
  const { json } = await world.ask("/api/v1/edit/approval", {
    as: "admin",
    json: { rules, action: "backtest" },
  });
  return { fingerprint: json.fingerprint, receipt: json.backtest?.receipt, rules };
}

Deno.test("the editor gives the rules as they stand in the file, with comments", () =>
  withText(async ({ ask }) => {
    const { status, json } = await ask("/api/v1/edit/approval", { as: "admin" });
    assertEquals([status, json.rules, json.firstLine], [200, RULES, 9]);
    assertEquals(json.judged, {
      mistakes: [],
      others: [],
      warnings: [],
      tests: { passed: 0, failed: 0, skipped: 0 },
    });
    assertEquals(json.vocabulary.variables.order, "Order");
  }));

Deno.test("a mistake is told in the lines and columns of the text that is edited", () =>
  withText(async ({ ask }) => {
    const rules = RULES.replace("order.total", "order.totl");
    const { json } = await ask("/api/v1/edit/approval", { as: "admin", json: { rules } });
    const [mistake] = json.judged.mistakes;
    assertEquals(json.judged.mistakes.length, 1);
    const line = rules.split("\n")[mistake.line - 1] ?? "";
    assertEquals(mistake.line, 3);
    assertStringIncludes(line.slice(mistake.column - 1), '"when"');
    assertStringIncludes(mistake.message, "totl");
    // In a text of one line, too.
    const short = await ask("/api/v1/edit/approval", { as: "admin", json: { rules: "[ 7 ]" } });
    assertEquals([short.json.judged.mistakes[0].line, short.json.judged.mistakes[0].column], [
      1,
      3,
    ]);
    const deep = "[".repeat(500_000);
    const more = '[], "note": "x", "description": "y"';
    for (
      const rules of [
        deep,
        more,
        '[], "otherwise": { "group": 1 }',
        "[",
        "]",
        "",
        "[] }",
        "{}",
        "[{]",
      ]
    ) {
      const { status, json } = await ask("/api/v1/edit/approval", { as: "admin", json: { rules } });
      assertEquals(status, 200, rules.slice(0, 50));
      const { mistakes, others } = json.judged;
      assert(mistakes.length + others.length > 0, rules.slice(0, 50));
    }
    // What is no mistake of a config is one of rules: nothing else is changed by them.
    for (const behind of [" /* done */", ', "defaultGroup": 3']) {
      const { json } = await ask("/api/v1/edit/approval", {
        as: "admin",
        json: { rules: RULES + behind, action: "backtest" },
      });
      assertEquals(json.judged.others, [], behind);
      assertStringIncludes(json.judged.mistakes[0].message, "nothing behind it");
      assertEquals(json.backtest, null);
    }
  }));

Deno.test("a draft decides the delivery beside it, and says how many orders it would change", () =>
  withText(async (world) => {
    const small = await order(world, "120.40");
    const large = await order(world, "612.40");
    const given = {
      as: "admin",
      json: { rules: OTHER, action: "backtest", delivery: small },
    } as const;
    const { json } = await world.ask("/api/v1/edit/approval", given);
    assertEquals([json.beside.id, json.beside.isOther], [small, true]);
    assertStringIncludes(json.beside.now.sentence, "Group 10065 must approve");
    // As the API describes it.
    OUTPUTS["POST /edit/{endpoint...}"]?.parse(json);
    const { backtest } = json;
    assertEquals([backtest.decided, backtest.otherAnswer], [2, 1]);
    assertEquals(Object.values(backtest.money), ["120.40"]);
    assertEquals(
      backtest.byRule.map((
        one: Record<string, unknown>,
      ) => [one["then"], one["now"], one["count"]]),
      [
        ["otherwise", "large orders", 1],
      ],
    );
    assertEquals(backtest.examples[0].id, small);
    // The newest unless one is chosen, and none of another endpoint.
    const newest = await world.ask("/api/v1/edit/approval", { as: "admin" });
    assertEquals([newest.json.beside.id, newest.json.beside.isOther], [large, false]);
  }));

Deno.test("nothing is saved that was not tried, and what is saved leaves the rest of the file alone", () =>
  withText(async (world) => {
    const { ask } = world;
    const before = await ask("/api/v1/edit/approval", { as: "admin" });
    const save = { rules: OTHER, action: "save", fingerprint: before.json.fingerprint };
    const untried = await ask("/api/v1/edit/approval", { as: "admin", json: save });
    assertEquals([untried.status, untried.json.code], [409, "not_possible"]);
    assertEquals(await textOf(world), TEXT);
    // What was tried was another text.
    const other = await tried(world, RULES.replace("500.0", "200.0"));
    const wrong = { ...save, receipt: other.receipt };
    assertEquals((await ask("/api/v1/edit/approval", { as: "admin", json: wrong })).status, 409);
    const draft = await tried(world, OTHER);
    world.pass(3_700_000);
    const late = await ask("/api/v1/edit/approval", {
      as: "admin",
      json: { ...draft, action: "save" },
    });
    assertEquals(late.status, 409);
    const again = await tried(world, OTHER);
    const { status, json } = await ask("/api/v1/edit/approval", {
      as: "admin",
      json: { ...again, action: "save" },
    });
    assertEquals([status, json.saved.isServed, json.lines.length], [
      200,
      true,
      OTHER.split("\n").length,
    ]);
    assertEquals(await textOf(world), TEXT.replace("500.0", "100.0"));
    assertEquals(world.context.served().endpoints[0]?.rules[0]?.when, "order.total > 100.0");
    const { entries } = (await ask("/api/v1/audit?action=save%20rules", { as: "admin" })).json;
    assertEquals(entries[0].result, "served");
    assertEquals(entries[0].who, "admin-script");
  }));

Deno.test("of two admins at once the second is told, and loses nothing", () =>
  withText(async (world) => {
    const [one, two] = [
      await tried(world, OTHER),
      await tried(world, RULES.replace("500.0", "200.0")),
    ];
    const both = await Promise.all(
      [one, two].map((draft) =>
        world.ask("/api/v1/edit/approval", { as: "admin", json: { ...draft, action: "save" } })
      ),
    );
    assertEquals(both.map(({ status }) => status).toSorted(), [200, 409]);
    const [winner, loser] = both[0]?.status === 200 ? [one, two] : [two, one];
    const saved = TEXT.replace(RULES, winner.rules);
    assertEquals(await textOf(world), saved);
    // On the page, who lost sees the own text still, and how it differs now.
    const { text } = await world.ask("/rules-edit/approval", {
      as: "admin",
      form: { ...loser, action: "save" },
    });
    assertStringIncludes(text, loser === one ? "100.0" : "200.0");
    assertStringIncludes(text, "was changed meanwhile");
    assertEquals(await textOf(world), saved);
  }));

Deno.test("a version is compared with now and gone back to, with secrets hidden", () =>
  withText(async (world) => {
    const { ask } = world;
    await ask("/api/v1/edit/approval", {
      as: "admin",
      json: { ...await tried(world, OTHER), action: "save" },
    });
    const { json: list } = await ask("/api/v1/config/versions", { as: "admin" });
    OUTPUTS["GET /config/versions"]?.parse(list);
    const { versions } = list;
    assertEquals(versions.map(({ by }: { by: string }) => by), ["admin-script"]);
    const [{ id }] = versions;
    const path = `/config/versions/${encodeURIComponent(id)}`;
    const { text, json } = await ask(`/api/v1${path}`, { as: "admin" });
    assertEquals(text.includes(KEY), false);
    const changed = json.lines.filter(({ kind }: { kind: string }) => kind !== "same");
    assertEquals(changed.map(({ kind }: { kind: string }) => kind), ["removed", "added"]);
    const page = await ask(path, { as: "admin" });
    assertEquals([page.status, page.text.includes(KEY)], [200, false]);
    const stale = await ask(`/api/v1${path}/restore`, { as: "admin", json: { fingerprint: "x" } });
    assertEquals(stale.status, 409);
    const { fingerprint } = json;
    const back = await ask(`${path}/restore`, {
      as: "admin",
      form: { fingerprint, back: "/config" },
    });
    assertEquals(back.status, 303);
    assertEquals(await textOf(world), TEXT);
    const to = back.headers.get("Location") ?? "";
    assertStringIncludes((await ask(to, { as: "admin" })).text, "and is in use");
    assertEquals((await ask("/api/v1/config/versions/nothing", { as: "admin" })).status, 404);
    assertEquals((await ask("/api/v1/config/versions/..%2Fx", { as: "admin" })).status, 404);
  }));

Deno.test("a key is rotated in three steps, and the old one stays until the new one was seen", () => {
  const seen = new Map<string, number>();
  return withConsole(async (world) => {
    const { ask } = world;
    const path = "/api/v1/keys/rotation/approval";
    assertEquals((await ask(path, { as: "admin" })).json.step, "one key");
    assertEquals((await ask(`${path}/remove`, { as: "admin", json: {} })).status, 409);
    const added = await ask(`${path}/add`, { as: "admin", json: {} });
    assertEquals([added.status, added.json.step], [200, "new key unseen"]);
    assertEquals(added.json.key.length, 43);
    OUTPUTS["POST /keys/rotation/{endpoint...}/add"]?.parse(added.json);
    assertStringIncludes(await textOf(world), added.json.key);
    assertStringIncludes(await textOf(world), "// where the store sends");
    const again = await ask(path, { as: "admin" });
    assertEquals([again.json.step, again.text.includes(added.json.key)], ["new key unseen", false]);
    assertEquals((await ask(`${path}/add`, { as: "admin", json: {} })).status, 409);
    assertEquals((await ask(`${path}/remove`, { as: "admin", json: {} })).status, 409);
    seen.set(added.json.keys[0].fingerprint, world.context.now());
    assertEquals((await ask(path, { as: "admin" })).json.step, "new key seen");
    const removed = await ask(`${path}/remove`, { as: "admin", json: {} });
    assertEquals([removed.status, removed.json.step], [200, "one key"]);
    assertEquals((await textOf(world)).includes(KEY), false);
    assertStringIncludes(await textOf(world), added.json.key);
    // Neither key is told of the versions that are kept.
    const { json: { versions } } = await ask("/api/v1/config/versions", { as: "admin" });
    assertEquals(versions.length, 2);
    for (const { id } of versions) {
      const { status, text } = await ask(`/api/v1/config/versions/${encodeURIComponent(id)}`, {
        as: "admin",
      });
      assertEquals([status, text.includes(KEY), text.includes(added.json.key)], [
        200,
        false,
        false,
      ]);
    }
    const audit = (await ask("/api/v1/audit", { as: "admin" })).text;
    assertEquals([audit.includes(added.json.key), audit.includes("add key")], [false, true]);
  }, {
    config: TEXT,
    wrap: (context) => ({
      ...context,
      traffic: { ...context.traffic, keySeenAt: (_endpoint, key) => seen.get(key) },
    }),
  });
});

Deno.test("rules that hold a secret are not edited in a browser", () =>
  withConsole(async ({ ask }) => {
    const { status, json, text } = await ask("/api/v1/edit/approval", { as: "admin" });
    assertEquals([status, json.code, text.includes(KEY)], [409, "not_possible", false]);
    const sent = await ask("/api/v1/edit/approval", { as: "admin", json: { rules: "[]" } });
    assertEquals([sent.status, sent.text.includes(KEY)], [409, false]);
  }, { config: TEXT.replace("Whoever spends", `${KEY} whoever spends`) }));

Deno.test("without scripts the page checks, tries, and offers to save only what was tried", () =>
  withText(async (world) => {
    const { ask } = world;
    await order(world, "120.40");
    const save = 'value="save"';
    const first = await ask("/rules-edit/approval", { as: "admin" });
    assertEquals([first.status, first.text.includes(save)], [200, false]);
    const fingerprint = /name="fingerprint" value="(\w+)"/.exec(first.text)?.[1] ?? "";
    const form = { rules: OTHER, fingerprint, since: "30d" };
    const checked = await ask("/rules-edit/approval", {
      as: "admin",
      form: { ...form, rules: OTHER.replace("order.", "ordr."), action: "check" },
    });
    assertStringIncludes(checked.text, 'data-line="3"');
    assertEquals(checked.text.includes(save), false);
    const { text } = await ask("/rules-edit/approval", {
      as: "admin",
      form: { ...form, action: "backtest" },
    });
    assertStringIncludes(text, "recorded orders would get another answer");
    assertStringIncludes(text, save);
    const receipt = /name="receipt" value="(\w+)"/.exec(text)?.[1] ?? "";
    const saved = await ask("/rules-edit/approval", {
      as: "admin",
      form: { ...form, receipt, action: "save" },
    });
    assertStringIncludes(saved.text, "The server decides by these rules now");
    assertEquals(await textOf(world), TEXT.replace("500.0", "100.0"));
  }));
