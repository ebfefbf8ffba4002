/** What a viewer sees of a delivery, and what is hidden of it. */
import { assert, assertEquals } from "@std/assert";
import type { Role } from "../../../lib/journal/console.ts";
import { newDeliveryId } from "../../../lib/journal/delivery.ts";
import { bytesOf, delivery } from "../journal/samples.ts";
import { withConsole } from "./console_world.ts";

Deno.test("a viewer sees the numbers that are of nobody, and names of the config", () =>
  withConsole(async ({ ask, journal }) => {
    const id = newDeliveryId();
    const own = crypto.randomUUID();
    const [zip, large] = ["order.user.zip == 10115", "order.total > 500.0"];
    await journal.record(delivery({
      ...{ id, endpoint: "/approval", receivedAt: Date.now() - 5000, requestId: own },
      headers: [],
      body: bytesOf(JSON.stringify({
        Order: { "@DisplayOrderId": "28604", TotalPrice: "612.40" },
      })),
      answer: bytesOf('{"ApprovalGroupId":10065,"IsApprovalNeeded":true}'),
      rules: [{ name: "of a town", when: zip }, { name: "large orders", when: large }],
      decisions: [{ rule: "large orders", outcome: { group: 10065 }, tried: 2, failures: [] }],
    }));
    const { json } = await ask(`/api/v1/deliveries/${id}`, { as: "viewer" });
    assertEquals(json.requestId, own);
    assertEquals(json.decisions[0].outcome, { group: 10065 });
    assertEquals(
      json.decisions[0].trace.map(({ rule, when }: Record<string, unknown>) => [rule, when]),
      [["of a town", "order.user.zip == '[hidden]'"], ["large orders", large]],
    );
    assertEquals(json.brief.answer, "group 10065 must approve");
    const page = await ask(`/deliveries/${id}`, { as: "viewer" });
    // Where nothing of it is shown, nothing is said of what more there is.
    assertEquals(page.text.includes("the whole is a download"), false);
    for (const shown of ["10065", "large orders", own]) assert(page.text.includes(shown), shown);
  }));

Deno.test("a viewer sees of a currency and of a property's name nothing that its sender wrote", () =>
  withConsole(async ({ ask, journal }) => {
    const id = newDeliveryId();
    const property = "D'Arcy O'Brien";
    const rules = [
      { name: "by name", when: "order.items.exists(i, i.properties[order.user.lastName] == 'x')" },
      { name: "large orders", when: "order.total > 500.0" },
    ];
    const order = {
      "@DisplayOrderId": "28604",
      "@primaryCurrency": "Jane Public",
      Prices: { TotalPrice: "612.40" },
      User: { LastName: property },
      OrderProducts: {
        OrderProduct: [{
          "@id": "1",
          PropertyValues: { PropertyValue: [{ Property: { DisplayName: "size" }, Value: "A4" }] },
        }],
      },
    };
    await journal.record(delivery({
      ...{ id, endpoint: "/approval", receivedAt: Date.now() - 5000, rules },
      body: bytesOf(JSON.stringify({ Order: order })),
      answer: bytesOf('{"ApprovalGroupId":10065,"IsApprovalNeeded":true}'),
      decisions: [{ rule: "large orders", outcome: { group: 10065 }, tried: 2, failures: [] }],
    }));
    const readBy = async (role: Role) => (await ask(`/api/v1/deliveries/${id}`, { as: role })).json;
    const told = async (role: Role) => JSON.stringify(await readBy(role));
    const personal = ["Jane Public", "Arcy", "Brien"];
    // An operator sees all of it: else nothing was told above.
    const seen = await told("operator");
    assertEquals(personal.filter((text) => !seen.includes(text)), []);
    const shown = `${await told("viewer")} ${
      (await ask(`/deliveries/${id}`, { as: "viewer" })).text
    }`;
    assertEquals(personal.filter((text) => shown.includes(text)), []);
    const { decisions } = await readBy("viewer");
    const paths = decisions[0].trace[0].values.map(({ path }: { readonly path: string }) => path);
    assert(paths.includes("order.items[0].properties['[hidden]']"), paths.join());
  }));

Deno.test("the id of a request is hidden from viewers where its sender may have chosen it", () =>
  withConsole(async ({ ask, journal }) => {
    const chosen = crypto.randomUUID();
    const idFor = async (parts: Parameters<typeof delivery>[0]) => {
      const id = newDeliveryId();
      await journal.record(delivery({ id, requestId: chosen, headers: [], ...parts }));
      const { json } = await ask(`/api/v1/deliveries/${id}`, { as: "viewer" });
      return json.requestId;
    };
    assertEquals(await idFor({}), chosen);
    assertEquals(await idFor({ headers: [["X-Request-Id", chosen]] }), "[hidden]");
    assertEquals(await idFor({ requestId: "jane-public" }), "[hidden]");
    // What came behind so many headers was not kept.
    const headers = Array.from({ length: 64 }, (_, index) => [`x-${index}`, "1"] as const);
    assertEquals(await idFor({ headers, verifiedBy: null, status: 401 }), "[hidden]");
  }));
