/** What an operator tries by hand: a decision, a signature, a service. */
import { assert, assertEquals } from "@std/assert";
import { importKey, signBytes } from "../../../lib/auth/x_signature.ts";
import { bytesOf } from "../journal/samples.ts";
import { KEY, withConsole } from "./console_world.ts";
import { orderOf, recordOrder } from "./recorded_orders.ts";

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

Deno.test("a service is asked from its page by an operator, and the page says what became of it", () =>
  withConsole(async ({ ask }) => {
    const action = 'action="/services/budget/test"';
    assert((await ask("/services", { as: "operator" })).text.includes(action));
    assertEquals((await ask("/services", { as: "viewer" })).text.includes(action), false);
    const asked = await ask("/services/budget/test", {
      as: "operator",
      form: { back: "/services" },
    });
    assertEquals(asked.status, 303);
    const { text } = await ask(asked.headers.get("Location") ?? "", { as: "operator" });
    assert(/<code>budget<\/code> gave no answer: /.test(text), text);
  }));
