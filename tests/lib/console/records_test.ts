/** What a delivery and an event show of themselves, and that each look at them is noted. */
import { assert, assertEquals, assertMatch, assertNotMatch } from "@std/assert";
import type { SignatureFinding } from "../../../lib/console/queries/signature_finding.ts";
import { newDeliveryId } from "../../../lib/journal/delivery.ts";
import { bytesOf, delivery, event, refusal } from "../journal/samples.ts";
import { withConsole } from "./console_world.ts";
import { orderOf, recordOrder } from "./recorded_orders.ts";

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

Deno.test("the page of a refused delivery does not wait for what is wrong with its signature", async () => {
  const finding = Promise.withResolvers<SignatureFinding>();
  let searches = 0;
  await withConsole(async ({ journal, ask }) => {
    const id = newDeliveryId();
    await journal.record(refusal({ id, endpoint: "/approval", body: bytesOf("ann@example.com") }));
    const look = async (path: string) =>
      (await ask(`/deliveries/${id}${path}`, { as: "operator" })).text;
    assertMatch(await look(""), new RegExp(`data-awaited="true" href="/deliveries/${id}/finding"`));
    const awaited = look("/finding");
    finding.resolve({ what: "It was made with another key." });
    assertMatch(await awaited, /It was made with another key\./);
    assertMatch(await look(""), /It was made with another key\./);
    assertEquals((await ask(`/deliveries/${id}/finding`, { as: "viewer" })).status, 403);
    assertEquals(searches, 1);
    await journal.erase("ann@example.com");
    assertNotMatch(await look(""), /It was made with another key\./);
    assertNotMatch(await look("/finding"), /It was made with another key\./);
  }, {
    wrap: (context) => ({
      ...context,
      reader: {
        ...context.reader,
        signature() {
          searches++;
          return finding.promise;
        },
      },
    }),
  });
});

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
