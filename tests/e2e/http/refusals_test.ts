/** What is refused, and why that is: by log and journal of a server. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { hmacOf } from "../../hmac.ts";
import { BODY, EMPORIX, KEY, SECRET, type Sent, TOKEN, withServer } from "./refusals_world.ts";

Deno.test("a refusal is a warning in the log, and says why there and in the journal alone", async () => {
  const seconds = Math.floor(Date.now() / 1000);
  const message = (timestamp: number) => ({
    "webhook-id": "m1",
    "webhook-timestamp": String(timestamp),
    "webhook-signature": `v1,${"A".repeat(43)}=`,
  });
  const basic = (login: string) => ({ Authorization: `Basic ${btoa(login)}` });
  const refused: Readonly<Record<string, Sent & { readonly why: RegExp }>> = {
    "no-signature": { path: "/near", headers: {}, why: /no header X-Signature/ },
    "late": {
      path: "/events",
      headers: message(seconds - 600),
      why: /signed 60\d seconds ago; 300 are allowed/,
    },
    "milliseconds": {
      path: "/events",
      headers: message(seconds * 1000),
      why: /webhook-timestamp is in milliseconds/,
    },
    "wrong-secret": {
      path: "/events",
      headers: message(seconds),
      why: /not made with the secret [0-9a-f]{8}/,
    },
    "other-endpoint": {
      path: "/other",
      headers: { "X-Signature": await hmacOf("SHA-512", KEY, BODY) },
      why: /signature is right for the endpoint \/far/,
    },
    "half": { path: "/events", headers: { "webhook-id": "m1" }, why: /webhook-timestamp and/ },
    "emporix": {
      path: "/emporix/cart.created",
      headers: { "emporix-event-signature": "x" },
      why: /emporix-event-signature can't be right/,
    },
    "user": {
      path: `/uc/${TOKEN}`,
      headers: basic("eve:correct-horse"),
      why: /user name is not the one/,
    },
    "password": {
      path: `/uc/${TOKEN}`,
      headers: basic("ann:wrong"),
      why: /user name is right, the password is wrong/,
    },
    "no-token": { path: "/uc", headers: basic("ann:correct-horse"), why: /ends without/ },
    "address": { path: "/far", headers: {}, why: /address 127\.0\.0\.1 is not among/ },
  };
  await withServer(async ({ send, kept, command, logged, stderr }) => {
    for (const [id, { why, ...sent }] of Object.entries(refused)) {
      const status = await send({ ...sent, headers: { ...sent.headers, "X-Request-Id": id } });
      const { note = "" } = await kept(id);
      assertEquals([id, status], [id, 401]);
      assertMatch(note, why);
      const shown = await command("deliveries", "show", id);
      assertMatch(shown.slice(shown.indexOf("\nWhy\n")), why);
    }
    const count = Object.keys(refused).length;
    await logged(new RegExp(`(?:signature_mismatch[^\\n]*\\n[^]*?){${count}}`));
    const lines = stderr().split("\n").filter((line) => line.includes("signature_mismatch"));
    assertEquals(lines.length, count);
    for (const [index, { why }] of Object.values(refused).entries()) {
      const line = lines[index] ?? "";
      assertMatch(line, why);
      assert(/WARN/i.test(line), line);
    }
    const all = stderr();
    assertEquals(
      [KEY, SECRET, EMPORIX, TOKEN, "correct-horse"].filter((one) => all.includes(one)),
      [],
    );
    assertStringIncludes(all, "/docs/errors#signature_mismatch");
  });
});
