import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { KEY } from "../delivery.ts";
import { temporaryFolder } from "../program.ts";
import { runHere } from "../run_here.ts";

interface WrittenRule {
  readonly name: string;
  readonly when: string;
  readonly then?: object;
}

async function check(config: object) {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "config.json");
  await Deno.writeTextFile(file, JSON.stringify(config, undefined, 2));
  const { code, stdout, stderr } = await runHere(["check", "--config", file]);
  return { code, stderr, out: stdout.replaceAll(file, "FILE") };
}

function approval(rules: readonly WrittenRule[], more: object = { otherwise: { approve: true } }) {
  return {
    path: "/a",
    kind: "ustore.order-approval",
    signatureKeys: [KEY],
    defaultGroup: 1,
    rules: rules.map((rule) => ({ then: { group: 1 }, ...rule })),
    ...more,
  };
}

const DEAD: readonly (readonly [rules: readonly WrittenRule[], index: number, words: string])[] = [
  [
    [{ name: "all", when: "true", then: { approve: true } }, {
      name: "never",
      when: "order.total > 500",
    }],
    1,
    'Rule "never" is never reached: rule "all" (rules[0]) before it matches always',
  ],
  [
    [{ name: "wide", when: "order.total > 500" }, { name: "inside", when: "order.total > 1000" }],
    1,
    'Rule "inside" is never reached: rule "wide" (rules[0]) before it matches whatever it would',
  ],
  [
    [{ name: "impossible", when: "order.total > 5 && order.total < 1" }],
    0,
    'Rule "impossible" never matches: nothing can meet its condition',
  ],
  [
    [{ name: "first", when: "order.currency == 'EUR'" }, {
      name: "twice",
      when: "order.currency == 'EUR'",
    }],
    1,
    'Rule "twice" is never reached: rule "first" (rules[0]) before it has the same condition',
  ],
];

for (const [rules, index, words] of DEAD) {
  Deno.test(`check warns of a rule that can't decide: ${words}`, async () => {
    const { code, out, stderr } = await check({ timeZone: "UTC", endpoints: [approval(rules)] });
    assertEquals([code, stderr], [0, ""]);
    assertStringIncludes(out, `endpoints[0].rules[${index}].when\n  ${words}`);
    assertStringIncludes(out, "1 warning in FILE");
  });
}

Deno.test("check warns where nothing decides, but not where a rule always does", async () => {
  const rules = [{ name: "large", when: "order.total > 500" }];
  const without = await check({ endpoints: [approval(rules, {})] });
  assertStringIncludes(without.out, 'endpoints[0].otherwise\n  found no "otherwise"');
  const all = [...rules, { name: "rest", when: "order.total <= 500" }];
  const covered = await check({ endpoints: [approval(all, {})] });
  assertEquals(covered.out.includes("otherwise"), false, covered.out);
});

Deno.test("check notes where a rule reads the clocks of UTC", async () => {
  const rules = [{ name: "noon", when: "timestamp(order.created).getHours() == 12" }];
  const { out } = await check({ endpoints: [approval(rules)] });
  assertStringIncludes(out, 'Rule "noon" reads the clocks of UTC by getHours()');
});

Deno.test("check warns of what goes nowhere, and shows services and destinations", async () => {
  await using folder = await temporaryFolder();
  const blocker = join(folder.path, "blocker");
  await Deno.writeTextFile(blocker, "");
  const asking = approval([{ name: "ask", when: "true", then: { ask: "budget" } }]);
  const { code, out } = await check({
    timeZone: "Asia/Jerusalem",
    log: { file: join(blocker, "logs", "storehook.log") },
    endpoints: [{ ...asking, forward: ["erp"] }],
    services: { budget: { url: "http://me:pass-word@127.0.0.1:9/budget?token=abc" } },
    destinations: {
      erp: { type: "http", url: "https://erp.example/hook" },
      hot: { type: "folder", path: join(blocker, "out") },
    },
  });
  assertEquals(code, 0, out);
  assertStringIncludes(out, "endpoints[0].forward\n  found destinations, while no events come of");
  assertStringIncludes(out, 'services.budget\n  found no "onFailure"');
  assertStringIncludes(out, "log.file\n  found a folder that cannot be: ");
  assertStringIncludes(out, "destinations.hot.path\n  found a folder that cannot be: ");
  assertStringIncludes(out, "5 warnings in FILE");
  assertStringIncludes(
    out,
    "Services:\n  budget  http://127.0.0.1:9/budget, without a proxy\nDestinations:\n  erp  https://erp.example/hook, without a proxy\n  hot  ",
  );
  assertEquals(out.includes("pass-word"), false);
});

Deno.test("check notes what a table of a hot folder holds, where events go there", async () => {
  const cart = {
    path: "/cart",
    kind: "ustore.cart-export",
    signatureKeys: ["a key of the store"],
    forward: [{ to: "table", when: "event.type == 'cart.exported'" }, "whole"],
  };
  const folder = { type: "folder", path: "out" };
  const { code, out } = await check({
    endpoints: [cart],
    destinations: {
      table: { ...folder, format: "csv" },
      unused: { ...folder, format: "csv" },
      whole: folder,
    },
  });
  assertEquals(code, 0, out);
  assertStringIncludes(
    out,
    'destinations.table.format\n  found "csv": since 0.2.0 a file has a row',
  );
  assertStringIncludes(out, "1 note in FILE");
});
