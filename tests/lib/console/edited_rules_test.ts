/** The editor of rules before anything is saved: what it gives, tells and tries. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { dirname, join } from "@std/path";
import { type ConsoleWorld, KEY, withConsole } from "./console_world.ts";
import { newDeliveryId } from "../../../lib/journal/delivery.ts";
import { handlers } from "../../../handlers/mod.ts";
import { bytesOf, delivery } from "../journal/samples.ts";
import { OTHER, RULES, textOf, withText, WRITTEN_CONFIG as TEXT } from "./written_config.ts";
import { undescribedOf } from "./described.ts";

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

Deno.test("of a text that is no JSON no setting is named, and nothing links to none", () =>
  withText(async ({ ask }) => {
    const form = { rules: '[{ "name": ]' };
    const { status, text } = await ask("/rules-edit/approval", { as: "admin", form });
    assertEquals(status, 200);
    assertStringIncludes(text, "data-mistake");
    assertEquals(text.includes('setting="'), false);
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
    const { json, status } = await world.ask("/api/v1/edit/approval", given);
    assertEquals([json.beside.id, json.beside.isOther], [small, true]);
    assertStringIncludes(json.beside.now.sentence, "Group 10065 must approve");
    // As the API describes it.
    assertEquals(undescribedOf("POST /edit/{endpoint...}", { status, json }), []);
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

Deno.test("the page of the editor does not wait for what is said of the text; scripts do", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  await withConsole(async ({ ask }) => {
    const { status, text } = await ask("/rules-edit/approval", { as: "admin" });
    assertEquals([status, text.includes("data-pending"), text.includes("large orders")], [
      ...[200, true, true],
    ]);
    const asked = ask("/api/v1/edit/approval", { as: "admin" });
    resolve();
    const { json } = await asked;
    assertEquals([json.isBeingJudged, json.judged.mistakes], [false, []]);
    const later = await ask("/rules-edit/approval", { as: "admin", form: { action: "check" } });
    assertEquals(later.text.includes("data-pending"), false);
  }, {
    wrap: (context) => ({
      ...context,
      drafts: {
        ...context.drafts,
        async judge(text, delivery) {
          await promise;
          return await context.drafts.judge(text, delivery);
        },
      },
    }),
  });
});

Deno.test("rules that are tried bring nothing to light that the server can read", () =>
  withConsole(async (world) => {
    const { ask, context } = world;
    await order(world, "612.40");
    const { file } = context.served();
    await Deno.writeTextFile(join(dirname(file), "other.txt"), "a-text-of-another-file");
    const then = (text: string, name = "a") =>
      JSON.stringify([{ name, when: "true", then: { reject: text } }]);
    const found = "which the rules in the config file do not hold";
    for (
      const [rules, message] of [
        [then("${file:other.txt}"), `found \${file:other.txt}, ${found}`],
        [then("${HOME:-a-text-of-another-file}"), found],
        [then("no", "${file:other.txt}"), found],
        [then("\\u0024{file:other.txt}").replace("\\\\u", "\\u"), found],
        // Mistakes tell what was found.
        [`[], "groups": ["\${file:other.txt}"]`, found],
        [then(KEY), "found a secret of the config"],
      ] as const
    ) {
      for (const action of ["check", "backtest"]) {
        const { status, json, text } = await ask("/api/v1/edit/approval", {
          as: "admin",
          json: { rules, action },
        });
        assertEquals([status, json.judged.mistakes.length, json.backtest], [200, 1, null]);
        assertStringIncludes(json.judged.mistakes[0].message, message);
        assertEquals(text.replace(rules, "").includes('"a-text-of-another-file'), false);
        assertEquals(json.beside?.now ?? null, null);
      }
    }
    // What stands there already, and what only looks so, is as good as before.
    const kept = await ask("/api/v1/edit/approval", {
      as: "admin",
      json: { rules: then("${file:text.txt} and $${HOME}"), action: "backtest" },
    });
    assertEquals([kept.json.judged.mistakes, kept.json.backtest.decided], [[], 1]);
  }, {
    config: TEXT.replace(
      RULES,
      '[{ "name": "a", "when": "true", "then": { "reject": "${file:text.txt}" } }]',
    ),
    files: { "text.txt": "We are closed" },
  }));
