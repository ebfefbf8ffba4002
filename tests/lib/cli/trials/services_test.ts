import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { SERVICE_KEY, signed, startThirdParty } from "../../../e2e/third_party.ts";
import { CONFIG, withJournal } from "../journal_world.ts";
import { ITEMS, ORDER, serve } from "./served.ts";

const [APPROVAL, MANUFACTURER] = CONFIG.endpoints;

/** A config that leaves approvals, and the items of these rules, to a service. */
function asking(url: string, rules: readonly object[] = [], services: object = {}): object {
  const pricing = { url, signatureKey: SERVICE_KEY, ...services };
  return {
    ...CONFIG,
    services: { pricing },
    endpoints: [
      { ...APPROVAL, groups: [7], rules: [], otherwise: { ask: "pricing" } },
      { ...MANUFACTURER, rules, otherwise: { ask: "pricing" } },
    ],
  };
}

const NOWHERE = "http://127.0.0.1:9/";
const KEEP_FIRST = [{ name: "first", when: "item.position == 1", then: { keep: true } }];

Deno.test("backtest tells which deliveries would ask a service that was not asked then", async () => {
  await withJournal(async (world) => {
    await serve(world, [["/approval", ORDER], ["/manufacturer", ITEMS]]);
    const config = await world.config("new.json", asking(NOWHERE));
    const { code, out } = await world.run("backtest", "--config", config);
    assertEquals(code, 1);
    assertMatch(out, /\n {2}2 {2}would ask a service that was not asked then\n/);
    assertMatch(out, /\n {2}then {2}200 .*\n {2}now {3}would ask "pricing"\n/);
  });
});

Deno.test("backtest takes what the service said then, for the parts that are left to it now", async () => {
  await using party = startThirdParty(({ body }) =>
    signed(
      body === ORDER ? '{"ApprovalGroupId":7,"IsApprovalNeeded":true}' : '{"3087":"2","3088":"1"}',
    )
  );
  await withJournal(async (world) => {
    const then = asking(party.url);
    await serve(world, [["/approval", ORDER], ["/manufacturer", ITEMS]], then);
    const questions = party.asked.length;
    const same = await world.run("backtest", "--config", await world.config("a.json", then));
    assertEquals(same.code, 0);
    const fewer = await world.config("b.json", asking(NOWHERE, KEEP_FIRST));
    const { code, out } = await world.run("backtest", "--config", fewer);
    assertEquals(code, 1);
    assertStringIncludes(out, '  now   200 {"3088":"1"}');
    // More items than then: of the first nobody knows what the service would say.
    const kept = asking(party.url, KEEP_FIRST);
    await serve(world, [["/manufacturer", ITEMS]], kept);
    const more = await world.run("backtest", "--config", await world.config("c.json", then));
    assertMatch(more.out, /\n {2}1 {2}would ask a service that was not asked then\n/);
    assertEquals(party.asked.length, questions + 1);
  });
});

Deno.test("backtest tries another onFailure on what failed then", async () => {
  await using party = startThirdParty(() =>
    signed('{"ApprovalGroupId":7,"IsApprovalNeeded":true}')
  );
  await withJournal(async (world) => {
    const served = asking(party.url);
    await serve(world, [["/approval", ORDER]], served);
    party.answer(() => signed("{}", 500));
    await serve(world, [["/approval", ORDER]], served);
    const same = await world.run("backtest", "--config", await world.config("a.json", served));
    assertMatch(same.out, /^2 deliveries decided again\n {2}2 /);
    const failing = asking(NOWHERE, [], { onFailure: { reject: "Later" } });
    const config = await world.config("b.json", failing);
    const { out } = await world.run("backtest", "--config", config);
    assertMatch(out, /\n {2}then {2}503 .*\n {2}now {3}400 {"message":"Later",/);
  });
});
