import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { deliver, KEY, sample } from "../delivery.ts";
import { runProgram, shareProgram, temporaryFolder } from "../program.ts";

function approval(path: string, rules: readonly { name: string; when: string }[]) {
  return {
    path,
    kind: "ustore.order-approval",
    signatureKeys: [KEY],
    defaultGroup: 1,
    rules: rules.map((rule, index) => ({ ...rule, then: { group: index + 10 } })),
    otherwise: { approve: true },
  };
}

const ITEMS = 3000;

/** The vendor's example with another note, another name of the shopper, or many items. */
function order({ note, lastName, items }: {
  readonly note?: string;
  readonly lastName?: string;
  readonly items?: number;
}): Uint8Array<ArrayBuffer> {
  const document = JSON.parse(new TextDecoder().decode(sample("order_approval")));
  if (note !== undefined) document.Order.CustomerNoteToApprover = note;
  if (lastName !== undefined) document.Order.User.LastName = lastName;
  if (items !== undefined) {
    document.Order.OrderProducts = {
      OrderProduct: Array.from({ length: items }, (_, index) => ({ "@id": String(index + 1) })),
    };
  }
  return new TextEncoder().encode(JSON.stringify(document));
}

const DIALECT = [
  { name: "letters", when: "order.note.matches(r'^\\p{Hebrew}+$')" },
  { name: "whatever case", when: "order.note.matches('(?i)^urgent$')" },
  { name: "class", when: "order.note.matches('^[[:alnum:]]+$')" },
  { name: "one sign", when: "order.note.matches('^.$')" },
  { name: "slow", when: "order.note.matches('^(a+)+$') || order.note.matches('^([A-Za-z]+ ?)+$')" },
  { name: "of the order", when: "order.note.matches(order.user.lastName)" },
];

const test = shareProgram({
  config: {
    endpoints: [
      approval("/dialect", DIALECT),
      approval("/quadratic", [
        {
          name: "pairs",
          when: "order.items.exists(a, order.items.exists(b, a.position + b.position < 0))",
        },
        { name: "large", when: "order.items.size() > 100" },
      ]),
      {
        path: "/each-item",
        kind: "ustore.manufacturer",
        signatureKeys: [KEY],
        rules: [{
          name: "twin",
          when: "order.items.exists(other, other.id != item.id && other.position == item.position)",
          then: { manufacturer: 3 },
        }],
        otherwise: { manufacturer: 4 },
      },
    ],
  },
});

test("patterns are those of RE2, and none takes long", async (program) => {
  const notes: readonly (readonly [note: string, group: number | undefined, lastName?: string])[] =
    [
      ["שלום", 10],
      ["URGENT", 11],
      ["a1", 12],
      ["🎁", 13],
      ["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", undefined, "^$"],
      ["Please send it to our Haifa office today!", undefined, "^$"],
      [`${"a".repeat(100_000)}!`, undefined, "^(a|aa)+$"],
      ["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", undefined, "^(([a-z])+.)+[A-Z]([a-z])+$"],
      ["x-y", 15, "^\\w-\\w$"],
    ];
  for (const [note, group, lastName] of notes) {
    const startedAt = performance.now();
    const body = order({ note, ...(lastName !== undefined && { lastName }) });
    const { status, text } = await deliver(program, { target: "/dialect", body });
    const found = JSON.parse(text);
    assertEquals(status, 200);
    assertEquals(
      [found.ApprovalGroupId, found.IsApprovalNeeded],
      group === undefined ? [1, false] : [group, true],
      note.slice(0, 50),
    );
    assert(performance.now() - startedAt < 5000, `took ${performance.now() - startedAt} ms`);
  }
});

test("a rule that takes too long is told by name and counts as failed", async (program) => {
  const startedAt = performance.now();
  const { status, text } = await deliver(program, {
    target: "/quadratic",
    body: order({ items: ITEMS }),
    headers: { "X-Request-Id": "quadratic" },
  });
  assertEquals([status, JSON.parse(text).ApprovalGroupId], [200, 11]);
  assert(performance.now() - startedAt < 5000, `took ${performance.now() - startedAt} ms`);
  await program.logged(/"rule":"pairs"[^\n]*took longer than 250 ms[^\n]*"requestId":"quadratic"/);
});

test("the limit holds for all items of an order together, and the log has one line of it", async (program) => {
  const startedAt = performance.now();
  const { status } = await deliver(program, {
    target: "/each-item",
    body: order({ items: ITEMS }),
    headers: { "X-Request-Id": "each-item" },
  });
  assertEquals(status, 200);
  assert(performance.now() - startedAt < 8000, `took ${performance.now() - startedAt} ms`);
  await program.logged(/answered 200[^\n]*"requestId":"each-item"/);
  const lines = program.stderr().split("\n").filter((line) =>
    line.includes("twin") && line.includes("took longer")
  );
  assertEquals(lines.length, 1);
});

test("one config decides one order alike, whatever the zone of the machine", async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "config.json");
  const hours = [
    { name: "utc", when: "timestamp(order.created).getHours() == 17" },
    { name: "store", when: "order.created.hour() == 12" },
  ];
  for (const rules of [hours, hours.slice(1)]) {
    await Deno.writeTextFile(
      file,
      JSON.stringify({ timeZone: "America/New_York", endpoints: [approval("/a", rules)] }),
    );
    const runs = await Promise.all(
      ["UTC", "Asia/Jerusalem", "Pacific/Auckland"].map((zone) =>
        runProgram(
          ["explain", "ustore.order-approval", "--config", file, "--json"],
          { env: { TZ: zone } },
        )
      ),
    );
    for (const { code, stdout } of runs) {
      assertEquals(code, 0);
      assertEquals(JSON.parse(stdout).answer, { ApprovalGroupId: 10, IsApprovalNeeded: true });
    }
  }
});

test("check names a pattern that RE2 can't read, and says what to write", async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "config.json");
  const rules = [{ name: "ahead", when: "order.note.matches('^(?!x)')" }];
  await Deno.writeTextFile(file, JSON.stringify({ endpoints: [approval("/a", rules)] }));
  const { code, stdout } = await runProgram(["check", "--config", file]);
  assertEquals(code, 2);
  assertMatch(stdout, /Rule "ahead", column 20: Cannot read the pattern .*\(\?!/);
  assertStringIncludes(stdout, "RE2 has no lookahead");
});
