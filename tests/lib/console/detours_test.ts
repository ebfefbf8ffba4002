/** What is sent when the session has ended, and addresses at which something is only done. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { CONSOLE_ROUTES } from "../../../lib/console/console.ts";
import { withConsole } from "./console_world.ts";

Deno.test("what is sent by who is signed out is not done, and is in the page to be sent again", () =>
  withConsole(async ({ ask, journal }) => {
    const headers = { Cookie: "storehook_session=ended", "Sec-Fetch-Site": "same-origin" };
    const rules = '[{ "when": "order.note == \'<b>\'" }]\n// kept';
    const path = "/rules-edit/approval?since=7d";
    const { status, text } = await ask(path, { headers, form: { rules, action: "check" } });
    assertEquals(status, 401);
    assertStringIncludes(text, `action="${path}"`);
    assertStringIncludes(text, 'name="action" value="check"');
    assertStringIncludes(text, "// kept");
    assertEquals(text.includes("<b>"), false);
    assertEquals((await journal.console.audit({ limit: 1 })).entries, []);
    // Neither a page of another site nor what is too large is repeated.
    const foreign = { ...headers, "Sec-Fetch-Site": "cross-site" };
    assertEquals((await ask(path, { headers: foreign, form: { rules } })).status, 403);
    const large = await ask("/destinations/erp/pause", {
      headers,
      form: { x: "y".repeat(70_000) },
    });
    assertEquals([large.status, large.text.includes("yyy")], [413, false]);
  }));

Deno.test("what no page sends is not repeated to who is signed out, whatever it is", () =>
  withConsole(async ({ ask }) => {
    const headers = { Cookie: "storehook_session=ended", "Sec-Fetch-Site": "same-origin" };
    const path = "/rules-edit/approval";
    // A script has what it sends.
    const ofScript = { ...headers, "Sec-Fetch-Mode": "cors" };
    const script = await ask(path, { headers: ofScript, form: { rules: "// kept" } });
    assertEquals([script.status, script.text.includes("// kept")], [401, false]);
    // Nothing can be written of it: neither is a text.
    for (const json of [{ rules: { toString: 1, valueOf: 1 } }, { rules: "// kept" }]) {
      const { status, text } = await ask(path, { headers, json });
      assertEquals([status, text.includes("// kept")], [401, false]);
    }
    const form = Object.fromEntries(Array.from({ length: 2001 }, (_, at) => [`f${at}`, ""]));
    const many = await ask(path, { headers, form });
    assertEquals([many.status, many.text.includes("f2000")], [400, false]);
  }));

Deno.test("the address of what is only done leads to the page above it", () =>
  withConsole(async ({ ask }) => {
    const places = {
      "/deliveries/0/decide": "/deliveries/0",
      "/deliveries/0/pin": "/deliveries/0",
      "/forwards/retry": "/forwards",
      "/forwards/cancel": "/forwards",
      "/destinations/erp/pause": "/destinations",
      "/services/budget/test": "/services",
      "/config/versions/1/restore": "/config/versions/1",
    };
    for (const [from, to] of Object.entries(places)) {
      const { status, headers } = await ask(from, { as: "admin" });
      assertEquals([status, headers.get("Location")], [303, to], from);
    }
    // Scripts are told what they did wrong.
    assertEquals((await ask("/api/v1/deliveries/0/decide", { as: "admin" })).status, 405);
    // Nobody who reloads a page or opens it from the history is told that its method is wrong.
    const done = CONSOLE_ROUTES.filter(({ method }) => method === "POST").map((route) =>
      (route.pagePath ?? route.path).replaceAll(/\{[^}]*\}/g, "x")
    );
    for (const path of done) {
      const { status } = await ask(path, { as: "admin" });
      assertEquals(status === 405, false, path);
    }
  }));
