import { assertEquals, assertMatch } from "@std/assert";
import { PAUSED_BY_HAND } from "../../../lib/forward/outbox.ts";
import type { Journal } from "../../../lib/journal/journal.ts";
import { attempt, complete, delivery, event } from "../journal/samples.ts";
import { withConsole } from "./console_world.ts";

/** Records events of which each has a forward that failed. */
async function fail(journal: Journal, count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    const receivedAt = Date.now() - 60_000;
    await journal.record(delivery({ receivedAt, answeredAt: receivedAt }), { events: [event()] });
    const [waiting] = (await journal.outbox.list({ state: "waiting" })).forwards;
    const made = attempt({ status: 500, error: "erp answered 500" });
    await complete(journal, waiting?.id ?? "", made, { state: "failed" });
  }
}

Deno.test("forwards are counted first, and then the same ones are changed", () =>
  withConsole(async ({ journal, ask }) => {
    await fail(journal, 3);
    const count = await ask("/api/v1/forwards/retry", {
      as: "operator",
      json: { destination: "erp", dryRun: true },
    });
    assertEquals([count.status, count.json.forwards], [200, 3]);
    assertMatch(count.json.selection.until, /^\d{4}-.*Z$/);
    assertEquals((await journal.outbox.countsByState()).failed, 3);
    // What comes between the count and the answer to it was not counted.
    const { until } = count.json.selection;
    while (Date.now() <= Date.parse(until)) await new Promise((resolve) => setTimeout(resolve, 1));
    await journal.record(delivery({ answeredAt: Date.now() }), { events: [event()] });
    const [late] = (await journal.outbox.list({ state: "waiting" })).forwards;
    await complete(journal, late?.id ?? "", attempt({ error: "no" }), { state: "failed" });
    const done = await ask("/api/v1/forwards/retry", {
      as: "operator",
      json: count.json.selection,
    });
    assertEquals([done.status, done.json.forwards], [200, 3]);
    const { failed, waiting } = await journal.outbox.countsByState();
    assertEquals([failed, waiting], [1, 3]);
    const { entries: [entry] } = await journal.console.audit();
    assertEquals([entry?.action, entry?.result], ["forwards retry", "3 forwards"]);
  }));

Deno.test("forwards are sent again and called off, by id and by destination", () =>
  withConsole(async ({ journal, ask }) => {
    await journal.record(delivery(), { events: [event(), event()] });
    const { forwards } = await journal.outbox.list();
    const [first, second] = forwards.map(({ id }) => id);
    await complete(journal, first ?? "", attempt(), { state: "delivered" });
    const change = async (action: string, json: object) =>
      (await ask(`/api/v1/forwards/${action}`, { as: "operator", json })).json.forwards;
    assertEquals(await change("resend", { destination: "erp", dryRun: true }), 1);
    assertEquals(await change("resend", { ids: [first] }), 1);
    assertEquals(await change("cancel", { destination: "erp", dryRun: true }), 2);
    assertEquals(await change("cancel", { ids: [second] }), 1);
    assertEquals(await change("cancel", { ids: [second], dryRun: true }), 0);
    const none = await ask("/api/v1/forwards/cancel", {
      as: "operator",
      json: { state: "failed" },
    });
    assertEquals([none.status, none.json.code], [400, "wrong_input"]);
  }));

Deno.test("without a script a form asks first, then does it, then leads back and says what was done", () =>
  withConsole(async ({ journal, ask, signIn }) => {
    await fail(journal, 2);
    const headers = { "Cookie": await signIn("the operator"), "Sec-Fetch-Site": "same-origin" };
    const back = "/forwards?state=failed";
    const asked = await ask("/forwards/retry", {
      headers,
      form: { destination: "erp", dryRun: "on", back },
    });
    assertEquals(asked.status, 200);
    assertMatch(asked.text, /confirm|2/);
    const done = await ask("/forwards/retry", { headers, form: { destination: "erp", back } });
    assertEquals(
      [done.status, done.headers.get("Location")],
      [303, "/forwards?state=failed&done=%2Fforwards%2Fretry&forwards=2"],
    );
    const away = await ask("/destinations/erp/resume", {
      headers,
      form: { back: "//evil.example" },
    });
    assertEquals(away.headers.get("Location")?.startsWith("/?done="), true);
  }));

Deno.test("a destination is paused for a while, resumed, enabled and tested", () =>
  withConsole(async ({ journal, ask }) => {
    const act = async (action: string, json: object = {}) =>
      await ask(`/api/v1/destinations/erp/${action}`, { as: "operator", json });
    assertEquals((await act("pause", { minutes: 30 })).status, 200);
    const paused = (await journal.outbox.paused()).get("erp");
    assertEquals([paused?.status, (paused?.until ?? 0) - (paused?.at ?? 0)], [
      PAUSED_BY_HAND,
      1_800_000,
    ]);
    const { json: { destinations } } = await ask("/api/v1/destinations", { as: "operator" });
    assertEquals([destinations[0].state, destinations[0].paused.isByHand], ["paused", true]);
    assertEquals(destinations[0].target, "http://127.0.0.1:9/hooks?token=…");
    assertEquals((await act("resume")).json, { destination: "erp", changed: true });
    assertEquals((await act("resume")).json, { destination: "erp", changed: false });
    await journal.outbox.disable("erp", { at: Date.now(), reason: "gone" });
    assertEquals((await act("enable")).json, { destination: "erp", changed: true });
    const trial = await act("test");
    assertEquals([trial.status, trial.json.delivered], [200, false]);
    assertEquals((await act("pause", { minutes: 1e9 })).status, 400);
    const other = await ask("/api/v1/destinations/toString/pause", { as: "operator", json: {} });
    assertEquals(other.status, 404);
    const { entries } = await journal.console.audit();
    assertEquals(new Set(entries.map(({ action }) => action)).size, 4);
  }));
