import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ACTION_TEXTS } from "../../../lib/console/texts/audit.ts";
import { OUTPUTS } from "../../../lib/console/api/outputs.ts";
import { CONSOLE_ROUTES } from "../../../lib/console/console.ts";
import { mayDo } from "../../../lib/console/context.ts";
import { newDeliveryId } from "../../../lib/journal/delivery.ts";
import { ROLES } from "../../../lib/journal/console.ts";
import type { Journal } from "../../../lib/journal/journal.ts";
import { bytesOf, delivery, event } from "../journal/samples.ts";
import { type Asking, withConsole } from "./console_world.ts";

/** What must not be seen by who may not see people. */
const PERSONAL = {
  mail: "jane.public@example.com",
  name: "Jane Q Public",
  address: "203.0.113.77",
  text: "leave it at the back door",
  key: "customer-4711",
};

/** Puts into a journal what holds something personal wherever it can. */
async function fill(journal: Journal) {
  const id = newDeliveryId();
  const body = JSON.stringify({
    Order: {
      "@id": "28604",
      OrderId: "28604",
      User: { Email: PERSONAL.mail, FirstName: "Jane Q", LastName: "Public" },
      Note: PERSONAL.text,
    },
  });
  const said = { comment: PERSONAL.text, by: PERSONAL.name };
  await journal.record(
    delivery({
      id,
      endpoint: "/approval",
      receivedAt: Date.now() - 5000,
      remoteAddress: PERSONAL.address,
      verifiedBy: `key 3f2a91bc`,
      headers: [["x-shopper", PERSONAL.name], ["x-forwarded-for", PERSONAL.address]],
      body: bytesOf(body),
      answer: bytesOf(JSON.stringify({ message: PERSONAL.text })),
      note: `seen from ${PERSONAL.address}`,
      rules: [{ name: "by mail", when: `order.user.email == "${PERSONAL.mail}"` }],
      decisions: [{
        rule: "by mail",
        outcome: { ask: "budget" },
        tried: 1,
        failures: [{ rule: "by mail", reason: PERSONAL.text }],
        asked: {
          service: "budget",
          attempts: 1,
          status: 200,
          durationMs: 3,
          said,
          refusal: PERSONAL.text,
        },
      }],
    }),
    {
      events: [event({
        subject: `customer/${PERSONAL.mail}`,
        key: PERSONAL.key,
        warnings: [PERSONAL.text],
        payload: bytesOf(JSON.stringify(PERSONAL)),
      })],
    },
  );
  const [first] = (await journal.events.list()).events;
  const [forward] = (await journal.outbox.list()).forwards;
  const leasing = {
    owner: "w",
    destination: "erp",
    limit: 1,
    leaseMs: 1e5,
    now: 1e14,
    ordered: false,
  };
  const [leased] = await journal.outbox.lease(leasing);
  assert(leased !== undefined && first !== undefined && forward !== undefined);
  const made = { startedAt: 1, durationMs: 1, status: 500, error: `says ${PERSONAL.text}` };
  await journal.outbox.complete(leased.lease, made, { state: "failed" });
  return { delivery: id, event: first.id, forward: forward.id };
}

/** Each route with something to ask for. */
function asked(
  path: string,
  ids: { readonly delivery: string; readonly event: string; readonly forward: string },
): string {
  const [noun] = path.split("/").filter((part) => part !== "");
  const id = noun === "events" ? ids.event : noun === "forwards" ? ids.forward : ids.delivery;
  const name = noun === "services" ? "budget" : "erp";
  return path.replace("{id}", id).replace("{name}", name).replace("{endpoint...}", "approval");
}

function sentTo(path: string): object {
  if (path === "/doctor") return { endpoint: "/approval", body: "{}", signature: "abc" };
  return path.startsWith("/forwards/") ? { ids: [newDeliveryId()] } : {};
}

Deno.test("the console tells nobody anything who is not signed in, by any route", () =>
  withConsole(async ({ journal, ask }) => {
    const ids = await fill(journal);
    for (const { path, method, page, pagePath } of CONSOLE_ROUTES) {
      const send: Asking = method === "POST" ? { json: sentTo(path) } : {};
      const api = await ask(`/api/v1${asked(path, ids)}`, send);
      assertEquals([api.status, api.json.code], [401, "sign_in_needed"], path);
      assertEquals(Object.keys(api.json), ["message", "code", "requestId"]);
      if (page === undefined) continue;
      const shown = await ask(asked(pagePath ?? path, ids), send);
      // What somebody sends is not lost with the session: it is in the page that asks to sign in.
      assertEquals(shown.status, method === "POST" ? 401 : 303, path);
      if (method === "POST") continue;
      assertEquals(shown.headers.get("Location")?.startsWith("/login"), true, path);
    }
    assertEquals((await ask("/api/v1/nothing")).status, 401);
    assertEquals((await ask("/nothing")).status, 401);
  }));

for (const role of ROLES) {
  Deno.test(`the console lets the role ${role} do what it may, and nothing else`, () =>
    withConsole(async ({ journal, ask }) => {
      const ids = await fill(journal);
      for (const { path, method, role: needed } of CONSOLE_ROUTES) {
        if (path === "/live") continue;
        const send = method === "POST" ? { json: sentTo(path) } : {};
        const { status, json } = await ask(`/api/v1${asked(path, ids)}`, { ...send, as: role });
        // Nothing was changed here yet: there is no version of the config.
        const isGone = status === 404 && path.startsWith("/config/versions/{id}");
        if (mayDo(role, needed)) {
          assert(status < 400 || status === 409 || isGone, `${path} ${status}`);
        } else assertEquals([status, json.code], [403, "role_too_low"], path);
      }
    }));
}

Deno.test("what every route gives is described, but what is no JSON", () => {
  const missing = CONSOLE_ROUTES.map(({ method, path }) => `${method} ${path}`)
    .filter((name) => !Object.hasOwn(OUTPUTS, name));
  assertEquals(
    missing.filter((name) => !/\/(?:body|answer|payload|export|live)$/.test(name)),
    [],
  );
});

Deno.test("every action that was done stands in the audit, by whatever route", () =>
  withConsole(async ({ journal, ask }) => {
    const ids = await fill(journal);
    const silent: string[] = [];
    const done: string[] = [];
    for (const { path, method } of CONSOLE_ROUTES) {
      if (method !== "POST") continue;
      const seqBefore = (await journal.console.audit({ limit: 1 })).entries[0]?.seq ?? 0;
      const { status } = await ask(`/api/v1${asked(path, ids)}`, {
        json: sentTo(path),
        as: "admin",
      });
      const seqAfter = (await journal.console.audit({ limit: 1 })).entries[0]?.seq ?? 0;
      if (status < 300 && seqAfter === seqBefore) silent.push(`${path} ${status}`);
      if (status < 300) done.push(path);
    }
    assertEquals(silent, []);
    // Each is told in every language.
    const { entries } = await journal.console.audit({ limit: 100 });
    const untold = entries.filter(({ action }) => !Object.hasOwn(ACTION_TEXTS, action));
    assertEquals(untold.map(({ action }) => action), []);
    const german = await ask("/audit", { as: "admin", headers: { "Accept-Language": "de" } });
    assertStringIncludes(german.text, "Ziel anhalten");
    assertEquals(german.text.includes("destination pause"), false);
    // The others have nothing to do here: there is no version to go back to, and no second key.
    assertEquals(done.length >= 13, true, done.join());
  }));
