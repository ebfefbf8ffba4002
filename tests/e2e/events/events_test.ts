/** Events, from the platform that sends them to the destinations that get them. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { ORDER_CREATE_JSON } from "../../../handlers/ultracart/order_sample.ts";
import { createStandardWebhooks } from "../../../lib/auth/standard_webhooks/standard_webhooks.ts";
import { type Program, startProgram, temporaryFolder } from "../program.ts";
import { type Received, startReceiver } from "../receiver.ts";
import { plainAuthenticator } from "../../lib/auth/verified_by.ts";
import { hmacOf } from "../../hmac.ts";

const EMPORIX_SECRET = "password123";
const FORWARD_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const CART = '{"cartId":"5c9a7a4d","itemId":"i-1","quantity":2.0,"tenant":"acme"}';

function configOf(receiver: string, folder: string): object {
  return {
    endpoints: [
      {
        path: "/emporix",
        kind: "emporix.events",
        auth: { type: "emporix", secrets: ["an older one", EMPORIX_SECRET] },
        forward: ["erp", "files"],
      },
      {
        path: "/ultracart",
        kind: "ultracart.events",
        auth: { type: "basic", username: "ultracart", password: "pass:word" },
        forward: [{ to: "erp", when: "number(event.fields['summary.total.value']) > 20" }],
      },
    ],
    destinations: {
      erp: { type: "http", url: `${receiver}/hooks`, secret: FORWARD_SECRET },
      files: { type: "folder", path: join(folder, "hot") },
    },
  };
}

async function sendEmporix(
  { url }: Program,
  body: string,
  type = "cart.item-added",
): Promise<Response> {
  return await fetch(`${url}/emporix/${type}`, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      "emporix-event-signature": await hmacOf("SHA-256", EMPORIX_SECRET, body),
      "emporix-event-publish-time": "2026-08-01T10:00:00Z",
    },
    body,
  });
}

function sendUltraCart({ url }: Program, body: BodyInit, headers = {}): Promise<Response> {
  const credentials = btoa("ultracart:pass:word");
  return fetch(`${url}/ultracart`, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      Authorization: `Basic ${credentials}`,
      ...headers,
    },
    body,
  });
}

/** The status of an answer that must have no body. */
async function statusOf(response: Promise<Response>): Promise<number> {
  const { status, ...answer } = {
    status: (await response).status,
    text: await (await response).text(),
  };
  assertEquals(answer.text, "");
  return status;
}

async function assertSigned({ headers, body }: Received): Promise<void> {
  const verifier = plainAuthenticator(await createStandardWebhooks([FORWARD_SECRET]));
  assert(await verifier.verify(headers, body) !== undefined, "the forward is not signed");
}

Deno.test("an Emporix event goes to a receiver, signed, and into a hot folder, byte by byte", async () => {
  await using folder = await temporaryFolder();
  await using receiver = startReceiver();
  await using program = await startProgram({ config: configOf(receiver.url, folder.path) });
  assertEquals(await statusOf(sendEmporix(program, CART)), 204);
  // The same again is the same event again.
  assertEquals(await statusOf(sendEmporix(program, CART)), 204);
  assertEquals(await statusOf(sendEmporix(program, CART.replace("i-1", "i-2"))), 204);

  const [first, second] = await receiver.received(2);
  for (const forward of [first, second]) {
    assert(forward !== undefined);
    await assertSigned(forward);
  }
  assertEquals(
    [first, second].map((forward) => new TextDecoder().decode(forward?.body)).toSorted(),
    [CART, CART.replace("i-1", "i-2")],
  );
  program.kill("SIGTERM");
  await program.status;
  assertEquals(receiver.count(), 2);
  const files = Array.from(Deno.readDirSync(join(folder.path, "hot")), ({ name }) => name);
  assertEquals(files.length, 2);
  for (const file of files) assertMatch(file, /-cart\.item-added-[\da-f-]{36}\.json$/);
});

Deno.test("HEAD and OPTIONS find an endpoint for events, unsigned", async () => {
  await using folder = await temporaryFolder();
  await using program = await startProgram({ config: configOf("http://127.0.0.1:9", folder.path) });
  for (const method of ["HEAD", "OPTIONS"]) {
    for (const path of ["/emporix", "/emporix/cart.created", "/ultracart"]) {
      assertEquals(await statusOf(fetch(program.url + path, { method })), 204);
    }
  }
});

Deno.test("UltraCart's deliveries are split, filtered and told apart, whatever their form", async () => {
  await using folder = await temporaryFolder();
  await using receiver = startReceiver();
  await using program = await startProgram({ config: configOf(receiver.url, folder.path) });
  const orderCreate = JSON.parse(ORDER_CREATE_JSON);
  const text = JSON.stringify(orderCreate);
  const small = text.replaceAll('"value":24.56', '"value":4.56').replaceAll(
    "DEMO-0009103373",
    "DEMO-2",
  );
  assertEquals(await statusOf(sendUltraCart(program, text)), 204);
  assertEquals(await statusOf(sendUltraCart(program, `{"events":${text}}`)), 204);
  assertEquals(await statusOf(sendUltraCart(program, small)), 204);
  const gzipped = new Response(text).body?.pipeThrough(new CompressionStream("gzip"));
  const packed = await new Response(gzipped).arrayBuffer();
  assertEquals(await statusOf(sendUltraCart(program, packed, { "Content-Encoding": "gzip" })), 204);
  const [only] = await receiver.received(1);
  assertEquals(JSON.parse(new TextDecoder().decode(only?.body)), orderCreate[0]?.order_create);
  program.kill("SIGTERM");
  await program.status;
  assertEquals(receiver.count(), 1);
});

Deno.test("a stranger's events are refused, with a challenge where there is one", async () => {
  await using folder = await temporaryFolder();
  await using program = await startProgram({ config: configOf("http://127.0.0.1:9", folder.path) });
  const wrong = await sendUltraCart(program, "[]", {
    Authorization: `Basic ${btoa("ultracart:x")}`,
  });
  assertEquals([wrong.status, wrong.headers.get("WWW-Authenticate")], [
    401,
    'Basic realm="storehook", charset="UTF-8"',
  ]);
  assertEquals((await wrong.json()).code, "signature_mismatch");
  const unsigned = await fetch(`${program.url}/emporix`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "emporix-event-signature": "eA==" },
    body: CART,
  });
  assertEquals(unsigned.status, 401);
  await unsigned.body?.cancel();
});

Deno.test("what was taken in is forwarded after a SIGKILL, and a receiver that comes back gets it", async () => {
  await using folder = await temporaryFolder();
  await using receiver = startReceiver();
  const env = { STOREHOOK_JOURNAL_PATH: join(folder.path, "journal.db") };
  const config = configOf(receiver.url, folder.path);
  const bodies = Array.from({ length: 50 }, (_, index) => CART.replace("i-1", `i-${index}`));
  receiver.hold();
  {
    await using program = await startProgram({ config, env });
    const statuses = await Promise.all(bodies.map((body) => statusOf(sendEmporix(program, body))));
    assertEquals(new Set(statuses), new Set([204]));
    await receiver.held(1);
    program.kill("SIGKILL");
    await program.status;
  }
  receiver.release();
  await using program = await startProgram({ config, env });
  const startedAt = performance.now();
  await receiver.receivedAll(bodies);
  // Those that were under way are not waited for until their leases run out, which takes a minute.
  assert(performance.now() - startedAt < 30_000);
  program.kill("SIGTERM");
  await program.status;
});
