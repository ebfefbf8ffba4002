import { assertEquals, assertMatch, assertNotMatch, assertStringIncludes } from "@std/assert";
import { formatTimestamp } from "../../../../lib/util/timestamp.ts";
import type { Delivery } from "../../../../lib/journal/delivery.ts";
import { bytes, type JournalWorld, START, withJournal } from "../journal_world.ts";

const REFUSED: Partial<Delivery> = {
  status: 401,
  verifiedBy: null,
  decisions: [],
  remoteAddress: "192.0.2.7",
};

const BY_TWO_RULES: Partial<Delivery> = {
  endpoint: "/manufacturer",
  kind: "ustore.manufacturer",
  decisions: [
    { subject: "1", rule: "east", outcome: { manufacturer: "hanover" }, tried: 1, failures: [] },
    { subject: "2", rule: null, outcome: null, tried: 1, failures: [] },
    { subject: "3", rule: "east", outcome: { manufacturer: "hanover" }, tried: 1, failures: [] },
  ],
};

/** The bodies' numbers of the deliveries that are listed. */
async function listed(world: JournalWorld, ...args: readonly string[]) {
  const { code, out, err } = await world.run("deliveries", "list", "--json", ...args);
  assertEquals([code, err], [0, ""]);
  const ids = out.split("\n").slice(0, -1).map((line): string => JSON.parse(line).requestId);
  return ids.map((id) => Number(id.replace("request-", "")));
}

Deno.test("deliveries list shows aligned columns, newest first", async () => {
  await withJournal(async (world) => {
    const same = bytes("{}");
    const [first, second, third] = await world.record(
      { body: same },
      { ...BY_TWO_RULES, answeredAt: START + 2234 },
      { body: same, ...REFUSED },
    );
    const row = (delivery: Delivery | undefined, rest: string) =>
      `${formatTimestamp(delivery?.receivedAt ?? 0)}  ${delivery?.id}  ${rest}\n`;
    assertEquals(await world.run("deliveries", "list"), {
      code: 0,
      out:
        `TIME                 ${
          "ID".padEnd(36)
        }  STATUS  ENDPOINT       ANSWER    RULE             MS  FROM\n` +
        row(third, "401     /approval                -                 3  192.0.2.7") +
        row(second, "200     /manufacturer            east, no rule  1234  127.0.0.1") +
        row(first, "200     /approval      approved  small             3  127.0.0.1"),
      err: "",
    });
  });
});

Deno.test("deliveries list marks repeats and erased deliveries", async () => {
  await withJournal(async (world) => {
    await world.record({ body: bytes("{}") }, { body: bytes("{}") }, {
      body: bytes("ann@example.com"),
    });
    await world.write((journal) => journal.erase("ann@example.com"));
    const { out } = await world.run("deliveries", "list");
    const rules = out.split("\n").slice(1, -1).map((line) =>
      /approval {2,}(?:approved {2})?(.*?) {2,}/.exec(line)?.[1]
    );
    assertEquals(rules, ["- (erased)", "small (repeat)", "small"]);
  });
});

Deno.test("deliveries list filters", async () => {
  await withJournal(async (world) => {
    await world.record({}, BY_TWO_RULES, REFUSED, { status: 400, body: bytes("Smith & Söhne") });
    assertEquals(await listed(world), [3, 2, 1, 0]);
    assertEquals(await listed(world, "--endpoint", "/manufacturer"), [1]);
    assertEquals(await listed(world, "--kind", "ustore.order-approval"), [3, 2, 0]);
    assertEquals(await listed(world, "--status", "200"), [1, 0]);
    assertEquals(await listed(world, "--status", "4xx"), [3, 2]);
    assertEquals(await listed(world, "--status", "300-400"), [3]);
    assertEquals(await listed(world, "--refused"), [2]);
    assertEquals(await listed(world, "--text", "sMITH & Söhne"), [3]);
    assertEquals(await listed(world, "--text", "request-1"), [1]);
    assertEquals(await listed(world, "--since", "2026-07-14T09:30:02Z"), [3, 2]);
    assertEquals(await listed(world, "--until", "2026-07-14T11:30:02+02:00"), [1, 0]);
    assertEquals(await listed(world, "--status", "4xx", "--endpoint", "/manufacturer"), []);
  });
});

Deno.test("deliveries list reads how long ago", async () => {
  await withJournal(async (world) => {
    const hourMs = 3_600_000;
    const [now, minute] = [Date.now(), 60_000];
    await world.record(
      { receivedAt: now - 3 * hourMs },
      { receivedAt: now - 2 * hourMs + minute },
      { receivedAt: now },
    );
    assertEquals(await listed(world, "--since", "2h"), [2, 1]);
    assertEquals(await listed(world, "--until", "2h"), [0]);
  });
});

Deno.test("deliveries list says how to get the next page, with the same filters", async () => {
  await withJournal(async (world) => {
    await world.record({}, REFUSED, {}, {});
    const first = await world.run("deliveries", "list", "--status", "2xx", "--limit", "2");
    const [, more = ""] = /\n\nMore: .* (deliveries list .*)\n$/.exec(first.out) ?? [];
    assertMatch(more, /^deliveries list --config \S+ --status 2xx --limit 2 --cursor \S+$/);
    const second = await world.run(...more.split(" "));
    assertMatch(second.out, /^TIME .*\n.* 200 .*\n$/);
    assertNotMatch(second.out, /More/);
  });
});

Deno.test("deliveries list --json says it beside the lines", async () => {
  await withJournal(async (world) => {
    await world.record({}, {});
    const { out, err } = await world.run("deliveries", "list", "--json", "--limit", "1");
    assertEquals(out.split("\n").length, 2);
    assertMatch(err, /^More: .* --json --cursor \S+\n$/);
  });
});

Deno.test("deliveries list --json gives each delivery as a line", async () => {
  await withJournal(async (world) => {
    const [delivery] = await world.record({ note: "a note" });
    const { out } = await world.run("deliveries", "list", "--json");
    assertEquals(JSON.parse(out), {
      id: delivery?.id,
      receivedAt: "2026-07-14T09:30:00.000Z",
      answeredAt: "2026-07-14T09:30:00.003Z",
      durationMs: 3,
      endpoint: "/approval",
      kind: "ustore.order-approval",
      status: 200,
      verifiedBy: "key 2",
      requestId: "request-0",
      remoteAddress: "127.0.0.1",
      repeatOf: null,
      note: "a note",
      erasedAt: null,
      bodyBytes: 12,
      decisions: [{ rule: "small", outcome: { approve: true }, tried: 2, failures: [] }],
      brief: { answer: "approved", answered: { what: "approved" } },
    });
  });
});

Deno.test("deliveries list lets nothing from the outside control the terminal", async () => {
  await withJournal(async (world) => {
    await world.record({ ...REFUSED, remoteAddress: "\x1b[2J\u202e\n" });
    const { out } = await world.run("deliveries", "list");
    assertStringIncludes(out, "\\u001b[2J\\u202e\\u000a");
  });
});

Deno.test("deliveries list says so when there is nothing", async () => {
  await withJournal(async (world) => {
    await world.record({});
    assertEquals(await world.run("deliveries", "list", "--status", "500"), {
      code: 0,
      out: "There is no such delivery.\n",
      err: "",
    });
  });
});

/** The vendor's sample with another number, total and shopper. */
function order(number: string, total: string, email: string) {
  const Order = {
    "@OrderId": `id-${number}`,
    "@DisplayOrderId": number,
    "@primaryCurrency": "USD",
    Prices: { TotalPrice: total },
    User: { Email: email },
  };
  return bytes(JSON.stringify({ Order }));
}

Deno.test("deliveries list shows the order's number, total, shopper and answer", async () => {
  await withJournal(async (world) => {
    await world.record(
      {
        body: order("28604", "612.4000", "ann@example.com"),
        answer: bytes('{"ApprovalGroupId":7,"IsApprovalNeeded":true}'),
        decisions: [{ rule: "large", outcome: { group: 7 }, tried: 1, failures: [] }],
      },
      { ...BY_TWO_RULES, answer: bytes('{"1":"2","3":"1"}') },
      { body: bytes("no JSON"), ...REFUSED },
    );
    const { out } = await world.run("deliveries", "list");
    const [head = "", ...rows] = out.split("\n").slice(0, -1).map((line) => line.slice(59));
    const words = rows.map((row) => row.trim().split(/ {2,}/));
    assertMatch(head, /^STATUS {2}ENDPOINT +ORDER +TOTAL +SHOPPER +ANSWER +RULE +MS +FROM$/);
    assertEquals(words[0]?.slice(0, 3), ["401", "/approval", "-"]);
    assertEquals(words[1]?.slice(0, 4), ["200", "/manufacturer", "1 → 2, 3 → 1", "east, no rule"]);
    assertEquals(words[2]?.slice(0, 7), [
      "200",
      "/approval",
      "28604",
      "612.40 USD",
      "ann@example.com",
      "group 7 must approve",
      "large",
    ]);
  });
});

Deno.test("deliveries list --order finds by the whole number, whichever of the two it is", async () => {
  await withJournal(async (world) => {
    await world.record(
      { body: order("28604", "1.00", "ann@example.com") },
      { body: order("286041", "28604", "28604@example.com") },
      { body: order("28604", "2.00", "bob@example.com") },
      {},
    );
    assertEquals(await listed(world, "--order", "28604"), [2, 0]);
    assertEquals(await listed(world, "--order", "ID-286041"), [1]);
    const { out, err } = await world.run("deliveries", "list", "--order", "28604", "--limit", "1");
    assertEquals([out.includes("2.00 USD"), err], [true, ""]);
    assertMatch(out, /\n\nMore: .* --order 28604 --limit 1 --cursor \S+\n$/);
    assertEquals(await listed(world, "--order", "28604", "--text", "bob@"), [2]);
    assertEquals(await listed(world, "--order", "2860"), []);
  });
});

Deno.test("deliveries list --rule finds what a rule decided, an item of it included", async () => {
  await withJournal(async (world) => {
    await world.record({}, BY_TWO_RULES, REFUSED);
    assertEquals(await listed(world, "--rule", "east"), [1]);
    assertEquals(await listed(world, "--rule", "small"), [0]);
    assertEquals(await listed(world, "--rule", "eas"), []);
  });
});

Deno.test("deliveries list refuses ranges that nothing can be in", async () => {
  await withJournal(async (world) => {
    await world.record({});
    for (
      const [args, words] of [
        [["--status", "499-400"], "400-499"],
        [["--since", "5m", "--until", "1h"], "wanted --since before --until"],
        [["--since", "2026-07-14", "--until", "2026-07-14"], "wanted --since before --until"],
      ] as const
    ) {
      const { code, err } = await world.run("deliveries", "list", ...args);
      assertEquals(code, 2);
      assertStringIncludes(err, words);
    }
    const { code } = await world.run("deliveries", "list", "--status", "200-200");
    assertEquals(code, 0);
  });
});
