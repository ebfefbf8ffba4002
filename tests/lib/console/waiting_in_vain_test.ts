/** What waits for a destination that takes nothing needs a person, and says so on top. */
import { assertEquals, assertMatch } from "@std/assert";
import type { ConsoleContext } from "../../../lib/console/context.ts";
import { newDeliveryId } from "../../../lib/journal/delivery.ts";
import { delivery, event } from "../journal/samples.ts";
import { withConsole } from "./console_world.ts";

/** A destination that fails for as long. */
function failingFor(ms: number) {
  return (context: ConsoleContext): ConsoleContext => ({
    ...context,
    destinations: () => [{
      ...{ name: "erp", running: 0, failuresInRow: 4, failingSince: context.now() - ms },
      ...{ paused: null, disabled: null, lastError: "127.0.0.1:9 answered 503" },
    }],
  });
}

const kinds = (attention: readonly { readonly kind: string; readonly subject: string }[]) =>
  attention.map(({ kind, subject }) => `${kind} ${subject}`);

for (const isLong of [false, true]) {
  const ms = isLong ? 3_600_000 : 30_000;
  Deno.test(`a destination that fails for ${ms / 1000} seconds ${isLong ? "needs a person" : "needs nobody"} while forwards wait for it`, () =>
    withConsole(async ({ ask, journal }) => {
      const attention = async () => {
        const { json } = await ask("/api/v1/overview", { as: "viewer" });
        return json.attention;
      };
      // Nothing waits: nobody misses anything.
      assertEquals(kinds(await attention()), []);
      const events = [event({ forwardTo: ["erp"] }), event({ forwardTo: ["erp"] })];
      await journal.record(delivery({ id: newDeliveryId(), endpoint: "/cart" }), { events });
      assertEquals(kinds(await attention()), isLong ? ["destination failing erp"] : []);
      if (!isLong) return;
      const page = await ask("/", { as: "operator" });
      assertMatch(page.text, /2 forwards wait for .*erp.* which has been failing since/);
      assertMatch(page.text, /Try now/);
      const shown = await ask("/", { as: "viewer" });
      assertEquals(shown.text.includes("Try now"), false);
      const values = { state: "waiting", destination: "erp", back: "/" };
      const tried = await ask("/forwards/retry", { as: "operator", form: values });
      assertEquals(tried.status, 303);
      // Who was paused by hand is told of as that, and asked for nothing.
      await ask("/api/v1/destinations/erp/pause", { as: "operator", json: {} });
      assertEquals(kinds(await attention()), ["destination paused erp"]);
      const paused = await ask("/", { as: "operator" });
      assertMatch(paused.text, /Somebody paused it/);
      assertEquals(paused.text.includes("It asked for that"), false);
    }, { wrap: failingFor(ms) }));
}

Deno.test("what waits for a destination that the config does not have is told of", () =>
  withConsole(async ({ ask, journal }) => {
    const events = [event({ forwardTo: ["gone"] })];
    await journal.record(delivery({ id: newDeliveryId(), endpoint: "/cart" }), { events });
    const { json } = await ask("/api/v1/overview", { as: "viewer" });
    assertEquals(kinds(json.attention), ["destination missing gone"]);
    assertEquals(json.attention[0].href, "/forwards?state=waiting&destination=gone");
    assertMatch((await ask("/", { as: "viewer" })).text, /which the config does not have/);
  }));
