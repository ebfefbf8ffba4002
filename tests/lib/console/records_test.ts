import { assert, assertEquals, assertMatch } from "@std/assert";
import { handlers } from "../../../handlers/mod.ts";
import { importKey, signBytes } from "../../../lib/auth/x_signature.ts";
import { searchDeliveries } from "../../../lib/console/queries/deliveries.ts";
import { newDeliveryId } from "../../../lib/journal/delivery.ts";
import { memoryJournal } from "../journal/memory/memory.ts";
import { bytesOf, delivery, event, refusal } from "../journal/samples.ts";
import { type ConsoleWorld, KEY, withConsole } from "./console_world.ts";
import { countAnswer } from "./count_answer.ts";

const SAMPLE = handlers[0]?.sample.request;
const RULES = [
  { name: "large orders", when: "order.total > 500.0" },
  { name: "never", when: "order.total > 1000000.0" },
];

/** The vendor's own order with another total. */
function orderOf(total: string): Uint8Array<ArrayBuffer> {
  const text = JSON.stringify(SAMPLE).replaceAll('"1.20000"', JSON.stringify(total));
  return bytesOf(text);
}

async function recordOrder({ journal }: ConsoleWorld, parts: object = {}) {
  const id = newDeliveryId();
  await journal.record(delivery({
    id,
    endpoint: "/approval",
    receivedAt: Date.now() - 1000,
    body: bytesOf(JSON.stringify(SAMPLE)),
    answer: bytesOf('{"ApprovalGroupId":0,"IsApprovalNeeded":false}'),
    rules: RULES,
    decisions: [{ rule: "otherwise", outcome: { approve: true }, tried: 2, failures: [] }],
    ...parts,
  }));
  return id;
}

Deno.test("a delivery says why in a sentence, then rule by rule with the values read", () =>
  withConsole(async (world) => {
    const id = await recordOrder(world, {
      body: orderOf("612.40"),
      answer: bytesOf('{"ApprovalGroupId":10065,"IsApprovalNeeded":true}'),
      decisions: [{ rule: "large orders", outcome: { group: 10065 }, tried: 1, failures: [] }],
    });
    const { json } = await world.ask(`/api/v1/deliveries/${id}`, { as: "operator" });
    assertEquals(
      json.reason.sentence,
      "Group 10065 must approve: total 612.40 USD is over 500, rule large orders",
    );
    assertEquals(json.reason.clauses, [
      { path: "order.total", relation: "over", limit: "500", value: "612.40 USD" },
    ]);
    assertEquals(json.decisions[0].trace[0].rule, "large orders");
    assertEquals(json.decisions[0].trace[0].values[0].path, "order.total");
    assertEquals(json.brief.total, "612.40 USD");
    const viewer = await world.ask(`/api/v1/deliveries/${id}`, { as: "viewer" });
    assertEquals(
      viewer.json.reason.sentence,
      "Group 10065 must approve: total 612.40 USD is over 500, rule large orders",
    );
  }));

Deno.test("a delivery that was refused says so, with the finding for its signature", () =>
  withConsole(async ({ journal, ask }) => {
    const id = newDeliveryId();
    await journal.record(refusal({
      id,
      endpoint: "/approval",
      headers: [["x-signature", "A".repeat(86) + "=="]],
      body: bytesOf("{}"),
      answer: bytesOf('{"message":"The signature of the request is missing or incorrect."}'),
    }));
    const { json } = await ask(`/api/v1/deliveries/${id}`, { as: "operator" });
    assertEquals(json.reason.kind, "refused");
    assertMatch(json.signature.what, /was not made with the endpoint's key/);
  }));

Deno.test("a large body is cut, and the whole is a download", () =>
  withConsole(async (world) => {
    const body = bytesOf(`{"a":"${"ü".repeat(200_000)}"}`);
    const id = await recordOrder(world, { body });
    const { json } = await world.ask(`/api/v1/deliveries/${id}`, { as: "operator" });
    assertEquals([json.bodyIsCut, json.keptBytes, json.bodyEncoding], [true, body.length, "utf-8"]);
    assert(json.body.length <= 65_536);
    const whole = await world.ask(`/api/v1/deliveries/${id}/body`, { as: "operator" });
    assertEquals(bytesOf(whole.text), body);
    assertEquals(
      whole.headers.get("Content-Disposition"),
      `attachment; filename="${id}-body.txt"`,
    );
  }));

Deno.test("numbers keep every digit on their way to the API", () =>
  withConsole(async (world) => {
    const outcome = { group: JSON.rawJSON("9007199254740993.10") };
    const id = await recordOrder(world, {
      decisions: [{ rule: "large orders", outcome, tried: 1, failures: [] }],
    });
    const { text } = await world.ask(`/api/v1/deliveries/${id}`, { as: "operator" });
    assert(text.includes('"group":9007199254740993.10'), text.slice(0, 500));
  }));

Deno.test("deliveries are found by each filter, page by page", () =>
  withConsole(async (world) => {
    const { ask, journal } = world;
    const now = Date.now();
    for (let index = 0; index < 7; index++) {
      await recordOrder(world, { receivedAt: now - index * 3_600_000, requestId: `r-${index}` });
    }
    await journal.record(refusal({ endpoint: "/cart", kind: "events", receivedAt: now - 50 }));
    // A busy machine finds fewer in the time that a page may take, and says where to go on.
    const count = async (query: string) => {
      let [found, cursor] = [0, ""];
      do {
        const { json } = await ask(`/api/v1/deliveries?${query}&cursor=${cursor}`, {
          as: "operator",
        });
        [found, cursor] = [found + json.deliveries.length, json.next ?? ""];
      } while (cursor !== "");
      return found;
    };
    assertEquals(await count(""), 8);
    assertEquals(await count("endpoint=/approval"), 7);
    assertEquals(await count("endpoint=%2Fnone"), 0);
    assertEquals(await count("refused=true"), 1);
    assertEquals(await count("status=4xx"), 1);
    assertEquals(await count("rule=otherwise"), 7);
    assertEquals(await count("order=28604"), 7);
    assertEquals(await count("order=2860"), 0);
    assertEquals(await count("shopper=TEST%40ustore"), 7);
    assertEquals(await count("text=r-3"), 1);
    assertEquals(await count("since=150m&endpoint=/approval"), 3);
    assertEquals(await count("since=&text=&status="), 8);
    const seen: string[] = [];
    let cursor = "";
    do {
      const { json } = await ask(`/api/v1/deliveries?limit=3&cursor=${cursor}`, { as: "viewer" });
      for (const { id } of json.deliveries) seen.push(id);
      cursor = json.next ?? "";
    } while (cursor !== "");
    assertEquals(seen.length, 8);
    assertEquals(new Set(seen).size, 8);
  }));

Deno.test("a delivery is decided again by the rules of now, and copied as a command", () =>
  withConsole(async (world) => {
    const id = await recordOrder(world, {
      body: orderOf("612.40"),
      headers: [["content-type", "application/json"], ["x-note", "it's"], ["content-length", "9"]],
    });
    const { json } = await world.ask(`/api/v1/deliveries/${id}/decide`, {
      method: "POST",
      as: "operator",
    });
    assertEquals([json.status, json.difference.change], [200, "answer"]);
    assertEquals(json.decisions[0].rule, "large orders");
    const { json: { curl } } = await world.ask(`/api/v1/deliveries/${id}/curl`, { as: "operator" });
    assertEquals(curl.split(" \\\n  ").slice(0, 3), [
      "curl -X POST 'https://hooks.example/approval'",
      "-H 'content-type: application/json'",
      `-H 'x-note: it'\\''s'`,
    ]);
    const { entries } = await world.journal.console.audit();
    assertEquals(entries.map(({ who, by, action, target }) => [who, by, action, target]), [
      ["operator-script", "token", "look at body", id],
      ["operator-script", "token", "decide again", id],
    ]);
  }));

Deno.test("each look at what people sent stands in the audit, and a viewer's does not", () =>
  withConsole(async (world) => {
    const { ask, journal } = world;
    const id = await recordOrder(world);
    await ask(`/api/v1/deliveries/${id}`, { as: "viewer" });
    await ask(`/api/v1/deliveries/${id}`, { as: "operator", address: "192.0.2.7" });
    await ask(`/deliveries/${id}`, { as: "admin" });
    await ask(`/api/v1/deliveries/${id}/answer`, { as: "operator" });
    const { json } = await ask("/api/v1/audit", { as: "operator" });
    // deno-lint-ignore no-explicit-any -- read of JSON
    assertEquals(json.entries.map((one: any) => [one.who, one.action, one.target, one.address]), [
      ["operator-script", "look at answer", id, "127.0.0.1"],
      ["admin-script", "look at delivery", id, "127.0.0.1"],
      ["operator-script", "look at delivery", id, "192.0.2.7"],
    ]);
    assertEquals((await journal.console.audit()).next, null);
  }));

Deno.test("nothing is shown of a body when that cannot be noted", () =>
  withConsole(async (world) => {
    const id = await recordOrder(world);
    await world.journal.close();
    const { status, text } = await world.ask(`/api/v1/deliveries/${id}`, { as: "operator" });
    assertEquals(status, 503);
    assertEquals(text.includes("ustore.example"), false);
  }));

Deno.test("the rules of an endpoint tell how often each decided, and which never did", () =>
  withConsole(async ({ ask, context }) => {
    const decided = (rule: string) => ({
      ...{ rule, outcome: null, tried: 1 },
      failures: [{ rule: "never", reason: "no" }],
    });
    const now = Date.now();
    const answered = (path: string, at: number, ...rules: readonly string[]) =>
      countAnswer(context.traffic, path, 200, at, { decisions: rules.map(decided) });
    answered("/approval", now - 1000, "large orders");
    answered("/approval", now, "large orders", "an old rule");
    answered("/cart", now, "large orders");
    const { json } = await ask("/api/v1/rules/approval", { as: "viewer" });
    // deno-lint-ignore no-explicit-any -- read of JSON
    assertEquals(json.rules.map((one: any) => [one.name, one.hits, one.failures, one.isNeverHit]), [
      ["large orders", 2, 0, false],
      ["never", 0, 3, true],
    ]);
    assertEquals(json.rules[0].lastHitAt, new Date(now).toISOString());
    assertEquals([json.deliveries, json.gone], [2, [{ name: "an old rule", hits: 1 }]]);
    assertEquals((await ask("/api/v1/rules/%2Fapproval", { as: "viewer" })).status, 200);
    assertEquals((await ask("/api/v1/rules/none", { as: "viewer" })).status, 404);
  }));

Deno.test("the doctor finds out what is wrong with a signature, and says when nothing is", () =>
  withConsole(async ({ ask }) => {
    const body = '{"a":1}';
    const key = await importKey(KEY);
    const right = await signBytes(key, bytesOf(body));
    const over = await signBytes(key, bytesOf(`${body}\n`));
    const examine = async (signature: string) =>
      (await ask("/api/v1/doctor", {
        as: "operator",
        json: { endpoint: "/approval", body, signature },
      })).json;
    assertEquals((await examine(right)).matches, true);
    const { matches, finding } = await examine(over);
    assertEquals([matches, finding.variant], [false, "body-with-lf"]);
    assertEquals(
      (await ask("/api/v1/doctor", { as: "operator", json: { endpoint: "/x", body } })).status,
      404,
    );
  }));

Deno.test("events are shown with every attempt to forward them", () =>
  withConsole(async ({ journal, ask }) => {
    await journal.record(delivery({ endpoint: "/cart", kind: "events" }), { events: [event()] });
    const { json: { events } } = await ask("/api/v1/events", { as: "operator" });
    const { json } = await ask(`/api/v1/events/${events[0].id}`, { as: "operator" });
    assertEquals([json.payload, json.payloadBytes], ['{ "total": 20.00 }', 18]);
    assertEquals(json.forwards[0].destination, "erp");
    const { text } = await ask(`/api/v1/events/${events[0].id}/payload`, { as: "operator" });
    assertEquals(text, '{ "total": 20.00 }');
  }));

Deno.test("what was found is a file, without what came and went, and for a viewer without people", () =>
  withConsole(async (world) => {
    await recordOrder(world, { note: "=1+1" });
    await recordOrder(world);
    const csv = await world.ask("/api/v1/deliveries/export?endpoint=/approval", { as: "operator" });
    const lines = csv.text.trim().split("\r\n");
    assertEquals(lines.length, 3);
    assertMatch(lines[0] ?? "", /^\uFEFF?id,receivedAt,/);
    assert(csv.text.includes("test@ustore.example") && csv.text.includes(",'=1+1"), csv.text);
    assertEquals(
      csv.headers.get("Content-Disposition"),
      'attachment; filename="deliveries.csv"',
    );
    const query = "format=jsonl&status=2xx";
    const { text } = await world.ask(`/api/v1/deliveries/export?${query}`, { as: "viewer" });
    assertEquals(text.trim().split("\n").length, 2);
    assertEquals(/ustore\.example|192\.0\.2|=1\+1/.test(text), false);
    const found = await world.ask("/api/v1/deliveries/export?text=x", { as: "viewer" });
    assertEquals(found.status, 403);
  }));

Deno.test("a service is asked by hand, and what becomes of that is said", () =>
  withConsole(async ({ ask }) => {
    const { json } = await ask("/api/v1/services/budget/test", { as: "operator", json: {} });
    assertEquals([json.service, json.outcome, json.status], ["budget", "failed", null]);
    assertEquals(json.failure.includes("pass-word"), false);
    assertEquals(
      (await ask("/api/v1/services/none/test", { as: "operator", json: {} })).status,
      404,
    );
    const { json: { services } } = await ask("/api/v1/services", { as: "operator" });
    assertEquals(services[0].url, "http://127.0.0.1:9/ask?code=…");
  }));

Deno.test("searchDeliveries() stops when its time is up, and goes on where it stopped", async () => {
  const journal = memoryJournal();
  const now = Date.now();
  const ids = Array.from({ length: 40 }, () => newDeliveryId());
  for (const [index, id] of ids.entries()) {
    // Several came at the same time, and there are gaps.
    const receivedAt = now - Math.floor(index / 3) ** 4 * 1000;
    await journal.record(delivery({ id, receivedAt, status: index % 2 === 0 ? 200 : 400 }));
  }
  const found: string[] = [];
  let cursor: string | null | undefined;
  let stops = 0;
  while (cursor !== null) {
    const part = cursor === undefined ? {} : { cursor };
    const options = { status: [400, 499], limit: 7, budgetMs: 0, mostSpanMs: 5000 } as const;
    const page = await searchDeliveries(journal, handlers, { ...options, ...part });
    found.push(...page.rows.map(({ id }) => id));
    if (page.lookedBackTo !== null) stops++;
    cursor = page.next;
  }
  assertEquals(found.toSorted(), ids.filter((_, index) => index % 2 === 1).toSorted());
  assert(stops > 5, String(stops));
});

for (const noun of ["events", "forwards"] as const) {
  Deno.test(`${noun} are found page by page, whatever they are narrowed by`, () =>
    withConsole(async ({ ask, journal }) => {
      for (let index = 0; index < 7; index++) {
        await journal.record(
          delivery({ id: newDeliveryId(), receivedAt: Date.now() - index * 86_400_000 }),
          { events: [event({ key: `k-${index}`, subject: `cart/${index}` })] },
        );
      }
      const found = async (query: string) => {
        const ids: string[] = [];
        let cursor = "";
        do {
          const { json } = await ask(`/api/v1/${noun}?limit=3&cursor=${cursor}&${query}`, {
            as: "operator",
          });
          ids.push(...json[noun].map(({ id }: { readonly id: string }) => id));
          cursor = json.next ?? "";
        } while (cursor !== "");
        return new Set(ids).size;
      };
      assertEquals(await found(""), 7);
      assertEquals(await found("since=9d"), 7);
      const only = noun === "events" ? "text=k-3" : "state=waiting&destination=erp";
      assertEquals(await found(only), noun === "events" ? 1 : 7);
      assertEquals(await found(noun === "events" ? "type=none" : "destination=none"), 0);
    }));
}

Deno.test("a key that nobody used is looked for to the end, and one that was is found", () =>
  withConsole(async ({ ask, journal }) => {
    const keys = async (): Promise<readonly Record<string, string | null>[]> =>
      (await ask("/api/v1/keys", { as: "viewer" })).json.keys;
    const [before] = await keys();
    assertEquals([before?.["lastUsedAt"], before?.["lookedBackTo"]], [null, null]);
    const receivedAt = Date.now() - 5000;
    const verifiedBy = `key ${before?.["fingerprint"]}`;
    await journal.record(
      delivery({ id: newDeliveryId(), endpoint: "/approval", receivedAt, verifiedBy }),
    );
    const [after] = await keys();
    assertEquals(after?.["lastUsedAt"], new Date(receivedAt).toISOString());
  }));

Deno.test("a page of a list has a hundred rows at most, and scripts may read longer parts", () =>
  withConsole(async (world) => {
    const { ask, journal } = world;
    await Promise.all(
      Array.from({ length: 120 }, () => journal.record(delivery({ id: newDeliveryId() }))),
    );
    const { text } = await ask("/deliveries?limit=500", { as: "operator" });
    assertEquals(text.match(/data-key=/g)?.length, 100);
    const { json } = await ask("/api/v1/deliveries?limit=500", { as: "operator" });
    assertEquals(json.deliveries.length, 120);
  }));
