import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { formatExactTimestamp } from "../../../../lib/util/timestamp.ts";
import type { Delivery } from "../../../../lib/journal/delivery.ts";
import {
  bytes,
  CONFIG,
  idAt,
  type JournalWorld,
  KEY,
  START,
  withJournal,
} from "../journal_world.ts";
import { hmacOf } from "../../../hmac.ts";

const BODY = '{"Order":{"@OrderId":"1","Total":1.00}}';

function refused(signature?: string, body = BODY): Partial<Delivery> {
  return {
    status: 401,
    verifiedBy: null,
    decisions: [],
    body: bytes(body),
    answer: bytes('{"message":"no"}'),
    headers: signature === undefined ? [] : [["x-signature", signature]],
  };
}

async function signed(body: string, key: string): Promise<string> {
  return await hmacOf("SHA-512", key, body);
}

/** What stands below "Why" for the only delivery of a journal. */
async function why(world: JournalWorld, delivery: Partial<Delivery>, ...args: readonly string[]) {
  const [{ id } = { id: "" }] = await world.record(delivery);
  const { code, out, err } = await world.run("deliveries", "show", id, ...args);
  assertEquals([code, err], [0, ""]);
  assertEquals([KEY, "another-key"].filter((key) => out.includes(key)), []);
  return out.slice(out.indexOf("\nWhy\n") + 5);
}

Deno.test("deliveries show tells what came, what went and why", async () => {
  await withJournal(async (world) => {
    const [first, second] = await world.record({ body: bytes(BODY) }, {
      body: bytes(BODY),
      note: "seen",
      decisions: [{
        rule: "small",
        outcome: { approve: true },
        tried: 2,
        failures: [{ rule: "large", reason: "no total" }],
      }],
    });
    assertEquals(await world.run("deliveries", "show", second?.id ?? ""), {
      code: 0,
      out: `Delivery ${second?.id}
  endpoint     /approval (ustore.order-approval)
  status       200
  received     ${formatExactTimestamp(START + 1000)}
  answered     after 3 ms
  from         127.0.0.1
  request id   request-1
  verified by  key 2
  repeat of    ${first?.id}
  note         seen

What came (39 bytes)
  content-type: application/json
  {
    "Order": {
      "@OrderId": "1",
      "Total": 1.00
    }
  }

What went (46 bytes)
  {
    "ApprovalGroupId": 0,
    "IsApprovalNeeded": false
  }

Why
  failed       large: no total
  matched      small
  decided by "small": {"approve":true}
`,
      err: "",
    });
  });
});

Deno.test("deliveries show finds a beginning of an id and a request id", async () => {
  await withJournal(async (world) => {
    const [first, second] = await world.record(
      { requestId: "once" },
      { requestId: "again" },
      { requestId: "again" },
    );
    const found = async (name: string) =>
      (await world.run("deliveries", "show", name)).out.split("\n")[0]?.replace("Delivery ", "");
    assertEquals(await found(second?.id.slice(0, 18) ?? ""), second?.id);
    assertEquals(await found(first?.id.toUpperCase() ?? ""), first?.id);
    assertEquals(await found("once"), first?.id);
    // Of several with the same request id, the newest.
    const { out } = await world.run("deliveries", "list", "--json", "--limit", "1");
    assertEquals(await found("again"), JSON.parse(out).id);
  });
});

Deno.test("deliveries show finds the beginning of an id whose answer took half an hour", async () => {
  await withJournal(async (world) => {
    const [slow] = await world.record({ id: idAt(START + 1_800_000) });
    const { code } = await world.run("deliveries", "show", slow?.id.slice(0, 20) ?? "");
    assertEquals(code, 0);
  });
});

Deno.test("deliveries show lists between which deliveries a beginning does not decide", async () => {
  await withJournal(async (world) => {
    const [first, second] = await world.record({}, {});
    const start = first?.id.slice(0, 8) ?? "";
    const { code, out, err } = await world.run("deliveries", "show", start);
    assertEquals([code, out], [1, ""]);
    assertMatch(err, /^More than one delivery begins with "[0-9a-f]{8}":\n\nTIME/);
    assertStringIncludes(err, first?.id ?? "");
    assertStringIncludes(err, second?.id ?? "");
  });
});

Deno.test("deliveries show exits 1 when there is none", async () => {
  await withJournal(async (world) => {
    await world.record({});
    assertEquals(await world.run("deliveries", "show", "0198aaaa"), {
      code: 1,
      out: "",
      err: 'There is no delivery "0198aaaa"\n',
    });
  });
});

Deno.test("deliveries show says how a refused signature was made, with each key", async () => {
  await withJournal(async (world) => {
    const text = await why(world, refused(await signed(`${BODY}\n`, KEY)));
    assertMatch(
      text,
      /^ {2}This signature was made .*\. The key was key 2 of the endpoint\.\n {2}How to mend it: .+\n {2}Variant: body-with-lf\n$/,
    );
  });
});

Deno.test("deliveries show says when the key came into the config later", async () => {
  await withJournal(async (world) => {
    assertEquals(
      await why(world, refused(await signed(BODY, KEY))),
      `  The signature matches key 2 of the endpoint as the config is now.
  How to mend it: Nothing to mend: the key came into the config after this delivery.
`,
    );
  });
});

Deno.test("deliveries show says when the signature is missing, unreadable or of no known key", async () => {
  await withJournal(async (world) => {
    assertMatch(await why(world, refused()), /^ {2}The request had no X-Signature header\.\n/);
    assertMatch(await why(world, refused("a, b")), /^ {2}The X-Signature header can't be a signa/);
    assertMatch(
      await why(world, refused(await signed(BODY, "a third key"))),
      /^ {2}The signature was not made with any of the endpoint's 2 keys; \d+ variants were tried\./,
    );
  });
});

Deno.test("deliveries show does not examine a body that was cut", async () => {
  await withJournal(async (world) => {
    const large = `{"a":"${"x".repeat(70_000)}"}`;
    assertMatch(
      await why(world, refused(await signed(large, KEY), large)),
      /^ {2}Too large to be kept whole: its signature can't be examined any more\./,
    );
  });
});

Deno.test("deliveries show shows a refused signature in spite of a broken config", async () => {
  await withJournal(async (world) => {
    const config = await world.config("broken.json", { ...CONFIG, endpoints: [{ path: 1 }] });
    assertMatch(
      await why(world, refused(await signed(BODY, KEY)), "--config", config),
      /^ {2}The config has no keys for this path now/,
    );
  });
});

Deno.test("deliveries show tells why no rule was asked", async () => {
  await withJournal(async (world) => {
    assertEquals(
      await why(world, { status: 400, decisions: [], body: bytes("{") }),
      "  no rule was asked: it was answered before\n",
    );
  });
});

Deno.test("deliveries show explains each item", async () => {
  await withJournal(async (world) => {
    const outcome = { manufacturer: "hanover" };
    const text = await why(world, {
      rules: [{ name: "east" }, { name: "west" }],
      decisions: [
        { subject: "11", rule: "west", outcome, tried: 2, failures: [] },
        { subject: "12", rule: null, outcome: null, tried: 2, failures: [] },
      ],
    });
    assertEquals(
      text,
      `Item 11
  not matched  east
  matched      west
  decided by "west": {"manufacturer":"hanover"}

Item 12
  not matched  east
  not matched  west
  nothing decides
`,
    );
  });
});

Deno.test("deliveries show lets nothing from the outside control the terminal", async () => {
  await withJournal(async (world) => {
    const [one] = await world.record({
      ...refused("x\x9b2J"),
      body: bytes("{\x1b]0;title\x07\r\n\u2066"),
      requestId: "a\x00b",
    });
    const { out } = await world.run("deliveries", "show", one?.id ?? "");
    // deno-lint-ignore no-control-regex -- these are what must not be there
    assertEquals(out.match(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u2066]/), null);
    assertStringIncludes(out, "{\\u001b]0;title\\u0007\\u000d\n");
  });
});

Deno.test("deliveries show --json gives all of it as one line", async () => {
  await withJournal(async (world) => {
    const [one] = await world.record({
      ...refused(await signed(`${BODY}\n`, KEY)),
      body: new Uint8Array([0xff, 0]),
    });
    const { out } = await world.run("deliveries", "show", one?.id ?? "", "--json");
    assertEquals(out.split("\n").length, 2);
    const record = JSON.parse(out);
    assertEquals(record.id, one?.id);
    assertEquals([record.body, record.bodyEncoding], ["/wA=", "base64"]);
    assertEquals([record.answer, record.answerEncoding], ['{"message":"no"}', "utf-8"]);
    assertEquals(record.headers, [["x-signature", await signed(`${BODY}\n`, KEY)]]);
    assertEquals(Object.keys(record.signature), ["what", "mend"]);
  });
});

Deno.test("deliveries show --json explains the decisions", async () => {
  await withJournal(async (world) => {
    const [one] = await world.record({});
    const { out } = await world.run("deliveries", "show", one?.id ?? "", "--json");
    assertEquals(JSON.parse(out).decisions, [{
      rule: "small",
      outcome: { approve: true },
      trace: [{ rule: "large", state: "not matched" }, { rule: "small", state: "matched" }],
    }]);
  });
});
