import { assertEquals } from "@std/assert";
import { CONSOLE_ROUTES } from "../../../lib/console/console.ts";
import { type Asking, withConsole } from "./console_world.ts";

const FROM: readonly (readonly [headers: Readonly<Record<string, string>>, isOurs: boolean])[] = [
  [{ "Sec-Fetch-Site": "same-origin" }, true],
  [{ "Sec-Fetch-Site": "none" }, true],
  [{ "Sec-Fetch-Site": "same-site" }, false],
  [{ "Sec-Fetch-Site": "cross-site" }, false],
  [{ "Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1:8081" }, false],
  [{ Origin: "http://127.0.0.1:8081" }, true],
  [{ Origin: "http://127.0.0.1:9999" }, false],
  [{ Origin: "http://127.0.0.1" }, false],
  [{ Origin: "https://evil.example" }, false],
  [{ Origin: "null" }, false],
  [{}, false],
];

Deno.test("what another site sends does nothing, whoever is signed in", () =>
  withConsole(async ({ ask, signIn, journal }) => {
    const cookie = await signIn("the admin");
    const path = "/api/v1/destinations/erp/pause";
    for (const [from, isOurs] of FROM) {
      const headers = { ...from, Cookie: cookie };
      const { status, json } = await ask(path, { method: "POST", headers });
      assertEquals(status, isOurs ? 200 : 403, JSON.stringify(from));
      if (!isOurs) assertEquals(json.code, "foreign_origin");
      assertEquals((await journal.outbox.paused()).size, isOurs ? 1 : 0, JSON.stringify(from));
      await journal.outbox.resume("erp");
    }
  }));

Deno.test("no other site signs anybody in or out", () =>
  withConsole(async ({ ask, signIn }) => {
    const cookie = await signIn("the admin");
    const headers = { "Sec-Fetch-Site": "cross-site", "Cookie": cookie };
    const form = { name: "the viewer", password: "correct horse" };
    assertEquals((await ask("/login", { form, headers })).status, 403);
    assertEquals((await ask("/logout", { method: "POST", headers })).status, 403);
    assertEquals((await ask("/api/v1/me", { headers: { Cookie: cookie } })).status, 200);
  }));

Deno.test("a script with a token needs no origin, but may not come from a page of another site", () =>
  withConsole(async ({ ask }) => {
    const path = "/api/v1/destinations/erp/resume";
    assertEquals((await ask(path, { method: "POST", as: "operator" })).status, 200);
    for (
      const headers of [{ "Sec-Fetch-Site": "cross-site" }, { Origin: "https://evil.example" }]
    ) {
      assertEquals((await ask(path, { method: "POST", as: "operator", headers })).status, 403);
    }
  }));

Deno.test("a script that forgot its token is told to sign in, not that it is another site", () =>
  withConsole(async ({ ask }) => {
    for (const path of ["/api/v1/destinations/erp/resume", "/api/v1/forwards/retry"]) {
      const { status, json } = await ask(path, { json: {}, headers: { Accept: "*/*" } });
      assertEquals([status, json.code], [401, "sign_in_needed"]);
    }
    // A form from anywhere signs nobody in, whatever is not said of where it comes from.
    const form = { name: "the viewer", password: "correct horse" };
    assertEquals((await ask("/login", { form, headers: { Accept: "*/*" } })).status, 403);
  }));

const ALWAYS: Readonly<Record<string, string>> = {
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "Cache-Control": "no-store",
};

Deno.test("every answer says that nothing of it is kept, framed, guessed or run", () =>
  withConsole(async ({ ask }) => {
    const asked: (readonly [string, Asking])[] = [
      ["/", {}],
      ["/", { as: "admin" }],
      ["/login", {}],
      ["/nothing", { as: "admin" }],
      ["/api/v1/nothing", { as: "admin" }],
      ["/api/v1/overview", {}],
      ["/api/v1/overview", { as: "admin" }],
      ["/api/v1/deliveries?limit=x", { as: "admin" }],
      ["/api/v1/destinations/erp/pause", { method: "POST", headers: {} }],
      ["/deliveries", { as: "viewer" }],
    ];
    for (const [path, asking] of asked) {
      const { headers } = await ask(path, asking);
      for (const [name, value] of Object.entries(ALWAYS)) {
        assertEquals(headers.get(name), value, path);
      }
      const policy = headers.get("Content-Security-Policy") ?? "";
      assertEquals(
        policy.startsWith("default-src 'none'; script-src 'self'; style-src 'self';"),
        true,
      );
      assertEquals(/unsafe|\*|https?:/.test(policy), false);
    }
  }));

Deno.test("a method that a path does not take is refused, with those that it does", () =>
  withConsole(async ({ ask }) => {
    const { status, headers, json } = await ask("/api/v1/overview", {
      method: "POST",
      as: "admin",
    });
    assertEquals([status, headers.get("Allow")], [405, "GET, HEAD"]);
    assertEquals(json.code, "method_not_allowed");
    const other = await ask("/api/v1/forwards/retry", { as: "admin" });
    assertEquals([other.status, other.headers.get("Allow")], [404, null]);
    assertEquals((await ask("/api/v1/overview", { method: "HEAD", as: "admin" })).status, 200);
    assertEquals(CONSOLE_ROUTES.every(({ method }) => ["GET", "POST"].includes(method)), true);
  }));

Deno.test("what is sent is bounded, and judged before anything is done", () =>
  withConsole(async ({ ask }) => {
    const path = "/api/v1/forwards/retry";
    const nothing = await ask(path, { as: "operator", method: "POST" });
    assertEquals([nothing.status, nothing.json.code], [400, "wrong_input"]);
    const large = await ask(path, { as: "operator", json: { ids: ["x".repeat(70_000)] } });
    assertEquals([large.status, large.json.code], [413, "body_too_large"]);
    const list = await ask(path, { as: "operator", json: [1] });
    assertEquals([list.status, list.json.code], [400, "wrong_input"]);
    for (const query of ["limit=0", "limit=501", "status=9xx", "since=soon", "cursor=x"]) {
      const { status, json } = await ask(`/api/v1/deliveries?${query}`, { as: "viewer" });
      assertEquals([status, json.code], [400, "wrong_input"], query);
    }
  }));
