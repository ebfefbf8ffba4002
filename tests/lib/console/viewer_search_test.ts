/** What a viewer may search by, and is offered to. */
import { assertEquals } from "@std/assert";
import type { Role } from "../../../lib/journal/console.ts";
import { KEY, withConsole } from "./console_world.ts";
import { CONFIG, fill } from "./marked_world.ts";

Deno.test("a viewer cannot find out that a text is there by looking for it", () =>
  withConsole(async (world) => {
    const { ask } = world;
    await fill(world);
    for (
      const query of [
        "deliveries?text=jane",
        "deliveries?shopper=jane",
        "deliveries?order=jane",
        "deliveries?verifiedBy=jane",
        "deliveries?rule=for+jane%40example.com",
        "deliveries/export?shopper=jane",
        "events?text=jane",
        "events?subject=x",
        "events?type=jane.public",
      ]
    ) {
      const { status, json } = await ask(`/api/v1/${query}`, { as: "viewer" });
      assertEquals([status, json.code], [403, "role_too_low"], query);
      assertEquals((await ask(`/api/v1/${query}`, { as: "operator" })).status, 200, query);
    }
    for (
      const query of [
        "deliveries?order=28604&rule=large+orders&status=4xx&since=1h&limit=3&refused=true",
        "deliveries?verifiedBy=key+3f2a91bc&kind=ustore.order-approval&endpoint=/approval",
        "events?type=order.placed&source=shop&warnings=true",
        "forwards?state=failed&destination=erp",
        "deliveries?text=&shopper=",
      ]
    ) {
      assertEquals((await ask(`/api/v1/${query}`, { as: "viewer" })).status, 200, query);
    }
  }, { config: CONFIG }));

Deno.test("a viewer is offered no rule to search by that names somebody", () =>
  withConsole(async ({ ask }) => {
    const mail = "jane.public@example.com";
    const offers = async (role: Role) =>
      (await ask("/deliveries", { as: role })).text.includes(mail);
    assertEquals([await offers("viewer"), await offers("operator")], [false, true]);
    const { text } = await ask("/deliveries", { as: "viewer" });
    assertEquals(text.includes("for [hidden]"), false);
  }, {
    config: {
      endpoints: [{
        path: "/approval",
        kind: "ustore.order-approval",
        signatureKeys: [KEY],
        rules: [{
          name: "for jane.public@example.com",
          when: "true",
          then: { approve: true },
        }],
        otherwise: { approve: true },
      }],
      destinations: {},
      services: {},
    },
  }));
