/** What is refused, why that is, and what of it stays readable: by log and journal of a server. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import * as z from "zod";
import { startProgram, temporaryFolder } from "../program.ts";
import { runHere } from "../run_here.ts";

const KEY = "a-key-of-the-store";
const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const EMPORIX = "emporix-secret";
const TOKEN = "0123456789abcdef";
const BODY = '{"Order":{"@OrderId":"1"}}';
const NOWHERE = ["192.0.2.0/24"];

const CONFIG = {
  endpoints: [
    { path: "/far", kind: "ustore.order-approval", signatureKeys: [KEY], addresses: NOWHERE },
    {
      path: "/near",
      kind: "ustore.order-approval",
      signatureKeys: [KEY],
      otherwise: { approve: true },
    },
    {
      path: "/emporix-far",
      kind: "emporix.events",
      auth: { type: "emporix", secrets: [EMPORIX] },
      addresses: NOWHERE,
    },
    {
      path: "/other",
      kind: "ustore.order-approval",
      signatureKeys: ["a-key-of-another-store"],
      otherwise: { approve: true },
    },
    { path: "/emporix", kind: "emporix.events", auth: { type: "emporix", secrets: [EMPORIX] } },
    { path: "/events", kind: "events", auth: { type: "standard-webhooks", secrets: [SECRET] } },
    {
      path: "/uc",
      kind: "ultracart.events",
      pathToken: TOKEN,
      auth: { type: "basic", username: "ann", password: "correct-horse" },
    },
  ],
};

const delivery = z.object({
  endpoint: z.string(),
  status: z.int(),
  verifiedBy: z.string().nullable(),
  note: z.string().optional(),
  headers: z.array(z.tuple([z.string(), z.string()])),
});

async function hmac(hash: string, key: string, body: string): Promise<string> {
  const encoder = new TextEncoder();
  const algorithm = { name: "HMAC", hash };
  const raw = encoder.encode(key);
  const imported = await crypto.subtle.importKey("raw", raw, algorithm, false, ["sign"]);
  const code = await crypto.subtle.sign("HMAC", imported, encoder.encode(body));
  return new Uint8Array(code).toBase64();
}

interface Sent {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly method?: string;
}

/** A server with its journal in a folder. */
async function withServer(
  run: (server: {
    send(sent: Sent): Promise<number>;
    /** The only delivery of a request id, as the journal has it. */
    kept(requestId: string): Promise<z.infer<typeof delivery>>;
    command(...args: readonly string[]): Promise<string>;
    stderr(): string;
  }) => Promise<void>,
): Promise<void> {
  await using folder = await temporaryFolder();
  const config = join(folder.path, "config.json");
  await Deno.writeTextFile(
    config,
    JSON.stringify({ ...CONFIG, journal: { path: join(folder.path, "data", "journal.db") } }),
  );
  const env = { STOREHOOK_JOURNAL_PATH: join(folder.path, "data", "journal.db") };
  await using program = await startProgram({ config, env });
  async function command(...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await runHere([...args, "--config", config], { env });
    assertEquals([code, stderr], [0, ""]);
    return stdout;
  }
  await run({
    command,
    stderr: () => program.stderr(),
    async send({ path, headers, body = BODY, method = "POST" }) {
      const response = await fetch(program.url + path, {
        method,
        headers: { "Content-Type": "application/json", ...headers },
        ...(method === "GET" ? {} : { body }),
      });
      await response.body?.cancel();
      return response.status;
    },
    kept: async (requestId) =>
      delivery.parse(JSON.parse(await command("deliveries", "show", requestId, "--json"))),
  });
}

Deno.test("a right signature stays unreadable, whatever the delivery is refused for", async () => {
  const right = await hmac("SHA-512", KEY, BODY);
  const rightOfNothing = await hmac("SHA-512", KEY, "");
  const emporix = await hmac("SHA-256", EMPORIX, BODY);
  const hex = Uint8Array.fromBase64(right).toHex();
  const refused: Readonly<Record<string, Sent & { readonly status: number }>> = {
    "from-elsewhere": { path: "/far", headers: { "X-Signature": right }, status: 401 },
    "emporix-elsewhere": {
      path: "/emporix-far/cart.created",
      headers: { "emporix-event-signature": emporix },
      status: 401,
    },
    "other-type": {
      path: "/near",
      headers: { "X-Signature": right, "Content-Type": "text/plain" },
      status: 415,
    },
    "other-method": {
      path: "/near",
      headers: { "X-Signature": rightOfNothing },
      method: "GET",
      status: 405,
    },
    "put": { path: "/near", headers: { "X-Signature": right }, method: "PUT", status: 405 },
    "of-another-endpoint": { path: "/other", headers: { "X-Signature": right }, status: 401 },
    "in-hex": { path: "/near", headers: { "X-Signature": hex }, status: 401 },
    "twice": { path: "/near", headers: { "X-Signature": `${right}, ${right}` }, status: 401 },
    "of-another-scheme": {
      path: "/events",
      headers: { "X-Signature": right, "emporix-event-signature": emporix },
      status: 401,
    },
  };
  await withServer(async ({ send, kept }) => {
    for (const [id, { status, ...sent }] of Object.entries(refused)) {
      const headers = { ...sent.headers, "X-Request-Id": id };
      assertEquals([id, await send({ ...sent, headers })], [id, status]);
      const { verifiedBy, ...stored } = await kept(id);
      assertEquals([id, verifiedBy], [id, null]);
      const text = JSON.stringify(stored);
      assertEquals(
        [right, rightOfNothing, emporix, hex].filter((one) => text.includes(one)),
        [],
        id,
      );
    }
    // One that was tried and is wrong opens nothing, and shows how it was made.
    const wrong = await hmac("SHA-512", KEY, `${BODY}\n`);
    await send({ path: "/near", headers: { "X-Signature": wrong, "X-Request-Id": "wrong" } });
    const { headers } = await kept("wrong");
    assertEquals(new Map(headers).get("x-signature"), wrong);
  });
});

Deno.test("a path token stays unreadable in what proxies add", async () => {
  await withServer(async ({ send, command }) => {
    const headers = {
      Authorization: `Basic ${btoa("ann:correct-horse")}`,
      "X-Original-URL": `/uc/${TOKEN}`,
      "X-Forwarded-Uri": `/hooks/uc/${TOKEN}?a=b`,
      Referer: `https://shop.example/uc/${TOKEN}`,
    };
    const body = '[{"order_create":{"order_id":"DEMO-1"}}]';
    assertEquals(await send({ path: `/uc/${TOKEN}`, headers, body }), 204);
    assertEquals(await send({ path: "/uc/another-token-1234", headers, body }), 401);
    const exported = await command("deliveries", "export");
    assertEquals([exported.includes("x-original-url"), exported.includes(TOKEN)], [true, false]);
  });
});

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
      headers: { "X-Signature": await hmac("SHA-512", KEY, BODY) },
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
  await withServer(async ({ send, kept, command, stderr }) => {
    for (const [id, { why, ...sent }] of Object.entries(refused)) {
      const status = await send({ ...sent, headers: { ...sent.headers, "X-Request-Id": id } });
      const { note = "" } = await kept(id);
      assertEquals([id, status], [id, 401]);
      assertMatch(note, why);
      const shown = await command("deliveries", "show", id);
      assertMatch(shown.slice(shown.indexOf("\nWhy\n")), why);
    }
    const lines = stderr().split("\n").filter((line) => line.includes("signature_mismatch"));
    assertEquals(lines.length, Object.keys(refused).length);
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

Deno.test("forged signatures of Emporix on large bodies cost little, and no others their answer", async () => {
  await withServer(async ({ send, kept }) => {
    const large = `[${"1.0,".repeat(500_000)}1]`;
    const forged = { "emporix-event-signature": `${"A".repeat(43)}=` };
    const startedAt = performance.now();
    for (let turn = 0; turn < 6; turn++) {
      const headers = { ...forged, "X-Request-Id": `large-${turn}` };
      assertEquals(await send({ path: "/emporix/cart.created", headers, body: large }), 401);
    }
    // Each took 3.5 s once.
    assert(performance.now() - startedAt < 6000, `${performance.now() - startedAt} ms`);
    assertMatch((await kept("large-0")).note ?? "", /sorted forms were not tried/);
    const body = '{"cartId":"c1","tenant":"acme"}';
    const signature = await hmac("SHA-256", EMPORIX, body);
    const headers = { "emporix-event-signature": signature };
    assertEquals(await send({ path: "/emporix/cart.created", headers, body }), 204);
  });
});

Deno.test("an event whose signature fits a sorted form alone is noted, and the log warns of it", async () => {
  await withServer(async ({ send, kept, stderr }) => {
    const sent = '{ "cartId": "c1", "quantity": 9007199254740993 }';
    const forms = {
      raw: await hmac("SHA-256", EMPORIX, sent),
      stable: await hmac("SHA-256", EMPORIX, '{"cartId":"c1","quantity":9007199254740992}'),
      canonical: await hmac("SHA-256", EMPORIX, '{"cartId":"c1","quantity":9007199254740993}'),
    };
    for (const [id, signature] of Object.entries(forms)) {
      const headers = { "emporix-event-signature": signature, "X-Request-Id": id };
      assertEquals(await send({ path: "/emporix/cart.created", headers, body: sent }), 204);
    }
    assertEquals((await kept("raw")).note, undefined);
    assertStringIncludes((await kept("stable")).note ?? "", "other digits than were signed");
    assertStringIncludes((await kept("canonical")).note ?? "", "not its bytes (canonical form)");
    const warned = stderr().split("\n").filter((line) => line.includes("accepted a delivery"));
    assertEquals(warned.length, 1);
    assert(/WARN/i.test(warned[0] ?? ""));
  });
});
