import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { formatTimestamp } from "../../../../lib/util/timestamp.ts";
import { bytes, CONFIG, START, withJournal } from "../journal_world.ts";
import { CART, ITEMS, ORDER, serve, withRules } from "./served.ts";

Deno.test("backtest exits 0 when nothing differs, with exports, refusals and bad JSON", async () => {
  await withJournal(async (world) => {
    const changed = CART.replace(/"Id":\d+/i, '"Id":4711');
    await serve(world, [
      ["/approval", ORDER],
      ["/manufacturer", ITEMS],
      ["/cart", CART],
      ["/cart", CART],
      ["/cart", changed],
      ["/approval", "{"],
      ["/approval", "[]"],
      ["/manufacturer", "{}"],
    ]);
    assertEquals(await world.run("backtest"), {
      code: 0,
      out: `8 deliveries decided again
  8  would be answered the same by the same rule
  0  would be answered otherwise

Received from ${formatTimestamp(START)} to ${formatTimestamp(START + 7000)}
`,
      err: "",
    });
  });
});

Deno.test("backtest shows each delivery with another answer: rule and answer then and now", async () => {
  await withJournal(async (world) => {
    const [one] = await serve(world, [["/approval", ORDER], ["/manufacturer", ITEMS]]);
    const rule = { name: "every", when: "order.total > 0.0", then: { group: 12 } };
    const config = await world.config("new.json", withRules(rule));
    const { code, out, err } = await world.run("backtest", "--config", config);
    assertEquals([code, err], [1, ""]);
    assertEquals(
      out,
      `2 deliveries decided again
  1  would be answered the same by the same rule
  1  would be answered otherwise

Received from ${formatTimestamp(START)} to ${formatTimestamp(START + 1000)}
Orders that would be answered otherwise: 1.20 USD

By rule
  1  /approval: small → every  1.20 USD

${one?.id}  ${formatTimestamp(START)}  /approval
  rule  small → every
  then  200 {"ApprovalGroupId":0,"IsApprovalNeeded":false}
  now   200 {"ApprovalGroupId":12,"IsApprovalNeeded":true}
`,
    );
  });
});

Deno.test("backtest adds up what orders cost to the cent, half a cent up", async () => {
  await withJournal(async (world) => {
    const costs = ["1.005", "0.015", "612.405"].map((total) =>
      ORDER.replace(/"TotalPrice":\s*"1\.20000"/, `"TotalPrice":"${total}"`)
    );
    await serve(world, costs.map((body) => ["/approval", body]));
    const rule = { name: "every", when: "order.total > 0.0", then: { group: 12 } };
    const config = await world.config("new.json", withRules(rule));
    const { out } = await world.run("backtest", "--config", config);
    // 1.01 and 0.02 and 612.41.
    assertStringIncludes(out, "Orders that would be answered otherwise: 613.44 USD\n");
  });
});

Deno.test("backtest counts what an order costs once, however often it came", async () => {
  await withJournal(async (world) => {
    const other = ORDER.replace(/"TotalPrice":\s*"1\.20000"/, '"TotalPrice":"5"');
    const bodies = [ORDER, other, ORDER, ORDER];
    await serve(world, bodies.map((body) => ["/approval", body]));
    const rule = { name: "every", when: "order.total > 0.0", then: { group: 12 } };
    const config = await world.config("new.json", withRules(rule));
    const { out } = await world.run("backtest", "--config", config);
    assertStringIncludes(out, "\n  4  would be answered otherwise\n");
    assertStringIncludes(out, "Orders that would be answered otherwise: 6.20 USD\n");
    assertMatch(out, /\n {2}4 {2}\/approval: \S+ → every {2}6\.20 USD\n/);
    // Also where it came first before the range.
    const since = ["--since", "2026-07-14T09:30:02Z"];
    const later = await world.run("backtest", "--config", config, ...since);
    assertStringIncludes(later.out, "Orders that would be answered otherwise: 1.20 USD\n");
  });
});

Deno.test("backtest shows the same answer by another rule", async () => {
  await withJournal(async (world) => {
    const [one] = await serve(world, [["/approval", ORDER]]);
    const rule = { name: "tiny", when: "order.total > 0.0", then: { approve: true } };
    const config = await world.config("new.json", withRules(rule));
    const { code, out } = await world.run("backtest", "--config", config);
    assertEquals(code, 1);
    assertEquals(
      out,
      `1 delivery decided again
  0  would be answered the same by the same rule
  0  would be answered otherwise
  1  would be answered the same by another rule

Received ${formatTimestamp(START)}

By rule
  1  /approval: small → tiny

${one?.id}  ${formatTimestamp(START)}  /approval
  rule  small → tiny
  same  200 {"ApprovalGroupId":0,"IsApprovalNeeded":false}
`,
    );
  });
});

Deno.test("backtest shows what a refusal would say, in the language of then", async () => {
  await withJournal(async (world) => {
    await serve(world, [["/approval", ORDER]]);
    const reject = { en: "No", de: "Nein" };
    const config = await world.config(
      "new.json",
      withRules({ name: "none", when: "true", then: { reject } }),
    );
    const { out } = await world.run("backtest", "--config", config);
    assertStringIncludes(
      out,
      '  now   400 {"message":"Nein","code":"refused","requestId":"request-0"}\n',
    );
  });
});

Deno.test("backtest shows which items another rule decides", async () => {
  await withJournal(async (world) => {
    await serve(world, [["/manufacturer", ITEMS]]);
    const [approval, manufacturer, cart] = CONFIG.endpoints;
    const rules = [{ name: "first", when: "item.id == '3087'", then: { manufacturer: "dallas" } }];
    const config = await world.config("new.json", {
      ...CONFIG,
      endpoints: [approval, { ...manufacturer, rules }, cart],
    });
    const { out } = await world.run("backtest", "--config", config);
    assertMatch(
      out,
      /\n {2}rule {2}item 3087: otherwise → first\n {2}then {2}200 .*\n {2}now {3}200 /,
    );
  });
});

Deno.test("backtest decides by kind where the path is gone, and says so", async () => {
  await withJournal(async (world) => {
    await serve(world, [["/approval", ORDER], ["/cart", CART]]);
    const [approval] = CONFIG.endpoints;
    const config = await world.config("new.json", {
      ...CONFIG,
      endpoints: [{ ...approval, path: "/elsewhere" }],
    });
    const { code, out } = await world.run("backtest", "--config", config);
    assertEquals(code, 1);
    assertStringIncludes(
      out,
      `
Paths that the config has no more
  /approval: 1 delivery decided by /elsewhere, which has the same kind
  /cart: 1 delivery would be answered 404, no endpoint has the kind
`,
    );
    assertMatch(out, /\/cart\n {2}rule {2}otherwise → -\n {2}then {2}200 .*\n {2}now {3}404 /);
  });
});

Deno.test("backtest chooses deliveries and leaves out refused and erased ones", async () => {
  await withJournal(async (world) => {
    await serve(world, [["/approval", ORDER], ["/manufacturer", ITEMS], ["/approval", ORDER]]);
    await world.record(
      { verifiedBy: null, status: 401, decisions: [], body: bytes(ORDER) },
      { status: 503, decisions: [], body: bytes(CART), endpoint: "/cart" },
      { body: bytes('"ann@example.com"') },
    );
    await world.write((journal) => journal.erase("ann@example.com"));
    const all = await world.run("backtest");
    assertEquals(
      all.out,
      `3 deliveries decided again
  3  would be answered the same by the same rule
  0  would be answered otherwise
  1  skipped: the data was erased
  1  skipped: answered 503, since the journal could not be written

Received from ${formatTimestamp(START)} to ${formatTimestamp(START + 2000)}
`,
    );
    const count = async (...args: readonly string[]) =>
      (await world.run("backtest", ...args)).out.split(" ")[0];
    assertEquals(await count("--endpoint", "/manufacturer"), "1");
    assertEquals(await count("--kind", "ustore.order-approval"), "2");
    assertEquals(await count("--since", "2026-07-14T09:30:01Z"), "2");
    assertEquals(await count("--until", "2026-07-14T09:30:01Z"), "1");
  });
});

Deno.test("backtest --json gives a line for each difference and one with the counts", async () => {
  await withJournal(async (world) => {
    const [one] = await serve(world, [["/approval", ORDER], ["/cart", CART]]);
    const rule = { name: "every", when: "true", then: { group: 12 } };
    const config = await world.config("new.json", withRules(rule));
    const { code, out } = await world.run("backtest", "--config", config, "--json");
    assertEquals(code, 1);
    assertEquals(out.split("\n").slice(0, -1).map((line) => JSON.parse(line)), [
      {
        receivedAt: "2026-07-14T09:30:00.000Z",
        id: one?.id,
        endpoint: "/approval",
        change: "answer",
        total: "1.20 USD",
        then: {
          status: 200,
          rules: [{ rule: "small" }],
          answer: '{"ApprovalGroupId":0,"IsApprovalNeeded":false}',
        },
        now: {
          status: 200,
          rules: [{ rule: "every" }],
          answer: '{"ApprovalGroupId":12,"IsApprovalNeeded":true}',
        },
      },
      {
        summary: {
          decided: 2,
          same: 1,
          otherAnswer: 1,
          otherRule: 0,
          wouldAsk: 0,
          erased: 0,
          unavailable: 0,
          oldest: "2026-07-14T09:30:00.000Z",
          newest: "2026-07-14T09:30:01.000Z",
          money: { USD: "1.20" },
          moved: [],
          byRule: [{
            ...{ endpoint: "/approval", then: "small", now: "every", count: 1 },
            money: { USD: "1.20" },
          }],
        },
      },
    ]);
  });
});

Deno.test("backtest takes the journal that it is told", async () => {
  await withJournal(async (world) => {
    await serve(world, [["/approval", ORDER]]);
    const config = await world.config("new.json", { ...CONFIG, journal: { path: "none.db" } });
    const args = ["backtest", "--config", config];
    assertEquals((await world.run(...args)).code, 1);
    assertEquals((await world.run(...args, "--journal", world.journalFile)).code, 0);
  });
});

Deno.test("backtest exits 2 when the config has mistakes", async () => {
  await withJournal(async (world) => {
    await serve(world, [["/approval", ORDER]]);
    const rule = { name: "wrong", when: "order.totl > 1.0", then: { group: 1 } };
    const config = await world.config("new.json", withRules(rule));
    const { code, out, err } = await world.run("backtest", "--config", config);
    assertEquals([code, out], [2, ""]);
    assertStringIncludes(err, "endpoints[0].rules[0].when");
  });
});

Deno.test("backtest tells a rule that fails now", async () => {
  await withJournal(async (world) => {
    await serve(world, [["/approval", ORDER]]);
    const rule = { name: "wrong", when: "order.items[99].quantity > 1.0", then: { group: 1 } };
    const config = await world.config("new.json", withRules(rule));
    const { out } = await world.run("backtest", "--config", config);
    assertStringIncludes(out, "  rule  small → otherwise\n");
  });
});

Deno.test("backtest --summary gives the counts alone, for people and for machines", async () => {
  await withJournal(async (world) => {
    await serve(world, [["/approval", ORDER], ["/manufacturer", ITEMS]]);
    const rule = { name: "every", when: "order.total > 0.0", then: { group: 12 } };
    const config = await world.config("new.json", withRules(rule));
    const whole = await world.run("backtest", "--config", config);
    const people = await world.run("backtest", "--summary", "--config", config);
    assertEquals(people.code, 1);
    assertEquals(whole.out.startsWith(people.out.trimEnd()), true);
    assertMatch(people.out, /\n\nBy rule\n {2}1 {2}\/approval: small → every {2}1\.20 USD\n$/);
    const machines = await world.run("backtest", "--summary", "--json", "--config", config);
    const { summary } = JSON.parse(machines.out);
    assertEquals([machines.code, summary.decided, summary.otherAnswer], [1, 2, 1]);
  });
});
