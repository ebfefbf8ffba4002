import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { deliver, KEY, sample } from "../delivery.ts";
import { startProgram, temporaryFolder } from "../program.ts";
import { runHere } from "../run_here.ts";

function configOf(rules: readonly { name: string; when: string }[], timeZone: string) {
  const approval = {
    path: "/approval",
    kind: "ustore.order-approval",
    signatureKeys: [KEY],
    defaultGroup: 1,
    rules: rules.map((rule) => ({ ...rule, then: { group: 7 } })),
    otherwise: { approve: true },
  };
  const manufacturer = {
    path: "/manufacturer",
    kind: "ustore.manufacturer",
    signatureKeys: [KEY],
    rules: [{ name: "east", when: "item.shipTo.stateCode == 'NJ'", then: { manufacturer: 2 } }],
    otherwise: { keep: true },
  };
  return { timeZone, endpoints: [approval, manufacturer] };
}

const FIRST = [
  { name: "dollars", when: "order.currency == 'EUR' || order.user.email == 'nobody@x.example'" },
  { name: "noon", when: "order.created.hour() == 12" },
];
const EDITED = [{ name: "dollars", when: "order.total > 1000000" }];

Deno.test("deliveries show tells what each rule said and read, also after it was edited", async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "config.json");
  const env = { STOREHOOK_JOURNAL_PATH: join(folder.path, "journal.db") };
  const run = (...args: readonly string[]) => runHere([...args, "--config", file], { env });
  const write = (rules: typeof FIRST, zone: string) =>
    Deno.writeTextFile(file, JSON.stringify(configOf(rules, zone)));
  {
    await using program = await startProgram({ config: configOf(FIRST, "Asia/Tokyo"), env });
    const one = { target: "/approval", headers: { "X-Request-Id": "one" } };
    assertEquals(JSON.parse((await deliver(program, one)).text).ApprovalGroupId, 7);
    await deliver(program, {
      target: "/manufacturer",
      body: sample("manufacturer"),
      headers: { "X-Request-Id": "items" },
    });
  }
  await write(EDITED, "America/New_York");
  const shown = await run("deliveries", "show", "one");
  assertEquals([shown.code, shown.stderr], [0, ""]);
  assertStringIncludes(shown.stdout, FIRST[0]?.when ?? "");
  assertStringIncludes(shown.stdout, "order.currency = USD");
  assertStringIncludes(shown.stdout, "order.user.email = test@ustore.example");
  assertStringIncludes(shown.stdout, "order.created = 2022-11-22T12:47:36.197");
  assertStringIncludes(shown.stdout, "Asia/Tokyo");
  assertEquals(shown.stdout.includes("1000000"), false);

  const { decisions } = JSON.parse((await run("deliveries", "show", "one", "--json")).stdout);
  assertEquals(decisions[0].timeZone, "Asia/Tokyo");
  assertEquals(decisions[0].trace[0].when, FIRST[0]?.when);
  assertEquals(decisions[0].trace[0].values[0], { path: "order.currency", value: "USD" });

  const items = await run("deliveries", "show", "items");
  assertMatch(items.stdout, /Item 3087\n[^]*item\.shipTo\.stateCode = PA\n[^]*Item 3088\n/);

  // By the zone of then, for the noon of New York is another.
  await write(FIRST, "America/New_York");
  const explained = await run("explain", "--delivery", "one", "--json");
  const again = JSON.parse(explained.stdout);
  assertEquals([again.answer.ApprovalGroupId, again.decisions[0].timeZone], [7, "Asia/Tokyo"]);
  const backtest = await run("backtest");
  assertMatch(backtest.stdout, /^2 deliveries decided again\n {2}2 {2}would be answered the same/);

  const erased = await run("journal", "erase", "--email", "test@ustore.example");
  assertEquals(erased.code, 0, erased.stderr);
  const left = await run("deliveries", "show", "one");
  assertEquals(left.stdout.includes("test@ustore.example"), false);
  assertEquals(left.stdout.includes("order.currency = USD"), false);
});
