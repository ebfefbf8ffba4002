/** What of a config is used: how often each rule decided, and when each key was seen. */
import { assertEquals } from "@std/assert";
import { newDeliveryId } from "../../../lib/journal/delivery.ts";
import { delivery } from "../journal/samples.ts";
import { withConsole } from "./console_world.ts";
import { countAnswer } from "./count_answer.ts";

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
