import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { handlers } from "../../../../handlers/mod.ts";
import { changeOrder } from "../../../../handlers/ustore/change.ts";
import { copyDocument, parseFieldPath } from "../../../../lib/trials/rule_tests/change_document.ts";
import { SERVICE_KEY, signed, startThirdParty } from "../../../e2e/third_party.ts";
import { CART, ITEMS, ORDER, serve } from "./served.ts";
import { type RuleTestsWorld, TESTED, withRuleTests } from "./rule_tests_world.ts";

/** The sample of an order, changed by the names of fields. */
function order(changes: Readonly<Record<string, unknown>>): string {
  const sample = handlers.find(({ kind }) => kind === "ustore.order-approval")?.sample.request;
  const document = copyDocument(sample);
  for (const [name, value] of Object.entries(changes)) {
    assertEquals(changeOrder(document, parseFieldPath(name) ?? [], value), undefined);
  }
  return JSON.stringify(document);
}

const PERSON = {
  "order.user.firstName": "Annegret",
  "order.user.lastName": "Oberländer",
  "order.user.email": "annegret.oberlander@vip.example",
  "order.user.department": "Druckerei 7",
  "order.billTo.name": "Annegret Oberländer",
  "order.billTo.address1": "Lange Gasse 12",
  "order.billTo.phone": "+49 511 123456",
  "order.note": "Please call Annegret",
  "order.displayId": "28604",
};
const NAMED = /annegret|oberl[aä]nder|druckerei|lange gasse|123456|28604/i;

/** A config with these rules of the approval. */
function ruled(...rules: readonly object[]): object {
  const [approval, ...others] = TESTED.endpoints;
  return { ...TESTED, services: {}, endpoints: [{ ...approval, rules }, ...others] };
}

async function pinOnly(world: RuleTestsWorld, ...args: readonly string[]) {
  const { deliveries } = await world.write((journal) => journal.list());
  return await world.run("test", "pin", deliveries[0]?.id ?? "", ...args);
}

Deno.test("test pin writes a test without personal data, which passes", async () => {
  const vip = {
    name: "vip",
    when: "order.user.email.endsWith('@vip.example')",
    then: { group: 7 },
  };
  const config = ruled(vip);
  await withRuleTests({}, async (world) => {
    const [one] = await serve(world, [["/approval", order(PERSON)]], config);
    const { code, out, err } = await pinOnly(world);
    assertEquals([code, err], [0, ""]);
    const file = join(world.folder, "tests", `pinned-2026-07-14-${one?.id.slice(-8)}.json`);
    assertStringIncludes(out, `${file} is written`);
    const text = await Deno.readTextFile(file);
    assertEquals(NAMED.exec(text)?.[0], undefined);
    const [test] = JSON.parse(text);
    assertEquals(test.expect, {
      rule: "vip",
      answer: { ApprovalGroupId: 7, IsApprovalNeeded: true },
    });
    const { User, BillingAddress, CustomerNoteToApprover } = test.order.document.Order;
    // The same name is the same name, and shapes are kept.
    assertEquals(BillingAddress.Name, `${User.FirstName} ${User.LastName}`);
    assertMatch(User.FirstName, /^[A-Z][a-z]{7}$/);
    assertEquals(User.Email.split(".")[0], User.FirstName.toLowerCase());
    assertMatch(User.Email, /@vip\.example$/);
    assertMatch(BillingAddress.Phone, /^\+\d\d \d{3} \d{6}$/);
    assertMatch(String(CustomerNoteToApprover), new RegExp(`${User.FirstName}$`));
    assertEquals((await world.test()).code, 0);
    const again = await pinOnly(world);
    assertEquals([again.code, again.err.includes("the file exists")], [2, true]);
  }, config);
});

Deno.test("test pin keeps no person for a rule, unless it is told to", async () => {
  const long = {
    name: "long",
    when: "order.user.lastName.startsWith(order.note)",
    then: { group: 7 },
  };
  const config = ruled(long);
  await withRuleTests({}, async (world) => {
    await serve(world, [["/approval", order({ ...PERSON, "order.note": "Oberländ" })]], config);
    // The beginning of a word is another word, so the rule does not match any more.
    const { code, out, err } = await pinOnly(world);
    assertEquals([code, out], [1, ""]);
    assertMatch(err, /rules decide by what is about a person, and otherwise without it: /);
    const [, keep = ""] = /--keep (\S+)/.exec(err) ?? [];
    assertEquals(keep.split(",").toSorted(), [
      "Order.CustomerNoteToApprover",
      "Order.User.LastName",
    ]);
    const kept = await pinOnly(world, "--keep", keep, "--out", "-");
    assertEquals(kept.code, 0);
    assertEquals(JSON.parse(kept.out)[0].expect.rule, "long");
  }, config);
});

Deno.test("test pin writes what services said, and what each item gets", async () => {
  await using party = startThirdParty(({ body }) =>
    signed(
      body === ITEMS ? '{"3087":"2","3088":"1"}' : '{"ApprovalGroupId":7,"IsApprovalNeeded":true}',
    )
  );
  const [approval, manufacturer, cart] = TESTED.endpoints;
  const config = {
    ...TESTED,
    services: { budget: { url: party.url, signatureKey: SERVICE_KEY } },
    endpoints: [
      { ...approval, groups: [7], rules: [], otherwise: { ask: "budget" } },
      { ...manufacturer, rules: [], otherwise: { ask: "budget" } },
      cart,
    ],
  };
  await withRuleTests({}, async (world) => {
    for (const [path, body] of [["/approval", ORDER], ["/manufacturer", ITEMS], ["/cart", CART]]) {
      const [one] = await serve(world, [[path ?? "", body ?? ""]], config);
      const { code, err } = await world.run("test", "pin", one?.id ?? "");
      assertEquals(code, 0, `${path}: ${err}`);
    }
    const { code, out } = await world.test();
    assertEquals(code, 0, out);
    assertMatch(out, /\n3 tests: 3 passed\n$/);
  }, config);
});

Deno.test("test pin says where it would write, and what it cannot pin", async () => {
  await withRuleTests({}, async (world) => {
    await serve(world, [["/approval", ORDER]]);
    await world.file("config.json", { ...TESTED, tests: [] });
    const nowhere = await pinOnly(world);
    assertEquals(nowhere.code, 2);
    assertStringIncludes(nowhere.err, 'write "tests": ["tests/*.json"] into the config');
    await world.record({ body: new TextEncoder().encode("no JSON") });
    const { code, err } = await pinOnly(world, "--out", "-");
    assertEquals(code, 1);
    assertMatch(err, /Cannot pin delivery .*: its body is no JSON\n/);
    assert((await world.run("test", "pin", "01a1fb5a-0000-7000-8000-000000000000")).code === 1);
  });
});
