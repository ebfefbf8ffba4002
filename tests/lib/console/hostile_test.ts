import { assert, assertEquals } from "@std/assert";
import { CONSOLE_ROUTES } from "../../../lib/console/console.ts";
import { newDeliveryId } from "../../../lib/journal/delivery.ts";
import type { Journal } from "../../../lib/journal/journal.ts";
import { bytesOf, delivery, event } from "../journal/samples.ts";
import { withConsole } from "./console_world.ts";

const MEGABYTE = "m".repeat(300_000);
const MARKUP = `"><img src=x onerror=alert(1)><script>alert(2)</script>`;
const HOSTILE = [
  MARKUP,
  "javascript:alert(3)",
  "\u202egpj.exe\u2066",
  "a\0b\u0007\u001b[31m",
  MEGABYTE,
];

/** Puts a text into a journal wherever somebody outside may write one. */
async function record(journal: Journal, text: string) {
  const id = newDeliveryId();
  const order = { Order: { OrderId: text, User: { Email: text, FirstName: text }, Total: text } };
  await journal.record(
    delivery({
      id,
      endpoint: "/approval",
      receivedAt: Date.now() - 1000,
      requestId: text.slice(0, 64),
      remoteAddress: text.slice(0, 200),
      headers: [[text.slice(0, 50), text], ["x-forwarded-host", text]],
      body: bytesOf(JSON.stringify(order)),
      answer: bytesOf(JSON.stringify({ message: text })),
      note: text,
      rules: [{ name: text, when: `order.displayId == ${JSON.stringify(text)}` }],
      decisions: Array.from({ length: 300 }, (_, index) => ({
        subject: `${index} ${text.slice(0, 1000)}`,
        rule: text,
        outcome: { group: text },
        tried: 1,
        failures: [{ rule: text, reason: text }],
      })).slice(0, text === MEGABYTE ? 3 : 300),
    }),
    {
      events: [event({
        type: text,
        subject: text,
        key: text,
        candidates: [text],
        warnings: [text, text],
        payload: bytesOf(JSON.stringify({ text })),
      })],
    },
  );
  const leasing = {
    owner: "w",
    destination: "erp",
    limit: 9,
    leaseMs: 1e5,
    now: 1e14,
    ordered: false,
  };
  for (const { lease } of await journal.outbox.lease(leasing)) {
    const made = { startedAt: 1, durationMs: 1, status: 500, error: text };
    await journal.outbox.complete(lease, made, { state: "failed" });
  }
  const [first] = (await journal.events.list({ limit: 1 })).events;
  const [forward] = (await journal.outbox.list({ limit: 1 })).forwards;
  return { delivery: id, event: first?.id ?? "", forward: forward?.id ?? "" };
}

const MOST_BYTES = 600_000;

Deno.test("what came from outside is text on every page, and has an end", () =>
  withConsole(async ({ journal, ask }) => {
    for (const text of HOSTILE) {
      const ids = await record(journal, text);
      await ask("/login", { form: { name: text.slice(0, 200), password: text.slice(0, 200) } });
      for (const { path, method, page, pagePath } of CONSOLE_ROUTES) {
        // Versions of the config are nobody's texts but the admin's, and have ids of their own.
        if (method !== "GET" || path === "/live" || path === "/config/versions/{id}") continue;
        const [noun] = path.split("/").filter((part) => part !== "");
        const id = noun === "events" ? ids.event : noun === "forwards" ? ids.forward : ids.delivery;
        const filled = (of: string) => of.replace("{id}", id).replace("{endpoint...}", "approval");
        const at = filled(path);
        const api = await ask(`/api/v1${at}`, { as: "admin" });
        assertEquals(api.status, 200, at);
        const isWhole = /\/(?:body|answer|payload|curl)$/.test(path);
        if (!isWhole) assert(api.text.length < MOST_BYTES, `${at} ${api.text.length}`);
        if (isWhole && path !== "/deliveries/{id}/curl") {
          assertEquals(api.headers.get("Content-Type"), "application/octet-stream");
          assertEquals(api.headers.get("Content-Disposition")?.startsWith("attachment;"), true);
        }
        if (page === undefined) continue;
        const shown = await ask(filled(pagePath ?? path), { as: "admin" });
        assertEquals(shown.status, 200, at);
        assert(shown.text.length < 4 * MOST_BYTES, `${at} ${shown.text.length}`);
        assertEquals(shown.text.includes("<img src=x"), false, at);
        assertEquals(shown.text.includes("alert(2)</script>"), false, at);
        assertEquals(/href="?javascript:/i.test(shown.text), false, at);
      }
    }
  }));

Deno.test("what is asked with is text on every page, too", () =>
  withConsole(async ({ ask }) => {
    const written = encodeURIComponent(MARKUP);
    const paths = [
      `/deliveries?text=${written}&endpoint=${written}&order=${written}`,
      `/events?type=${written}`,
      `/forwards?destination=${written}`,
      `/deliveries/${written}`,
      `/rules/${written}`,
      `/deliveries?status=${written}`,
      `/login?to=${written}`,
      `/login?link=${written}`,
      `/${written}`,
    ];
    for (const path of paths) {
      const { text } = await ask(path, { as: "admin" });
      assertEquals(text.includes("<img src=x"), false, path);
    }
    for (
      const path of [
        "/deliveries/%",
        "/rules/%ff",
        "/%00",
        "//evil.example/",
        "/api/v1/deliveries/%",
      ]
    ) {
      const { status } = await ask(path, { as: "admin" });
      assertEquals(status, 404, path);
    }
  }));
