/** Events that come again, over real sockets: what is a retry, and what is news. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { sample } from "../delivery.ts";
import { startProgram, temporaryFolder } from "../program.ts";
import { startReceiver } from "../receiver.ts";
import { prepare } from "./prepare.ts";
import { hmacOf } from "../../hmac.ts";

const BASIC = { type: "basic", username: "u", password: "p4ssword" };
const EMPORIX_SECRET = "password123";
const STORE_KEY = "a-key-of-this-test";

function configOf(receiver: string, journal: object = {}): object {
  const forward = ["erp"];
  return {
    journal,
    endpoints: [
      { path: "/uc", kind: "ultracart.events", auth: BASIC, forward },
      { path: "/basic", kind: "events", auth: BASIC, forward },
      {
        path: "/emporix",
        kind: "emporix.events",
        auth: { type: "emporix", secrets: [EMPORIX_SECRET] },
        forward,
      },
      { path: "/cart", kind: "ustore.cart-export", signatureKeys: [STORE_KEY], forward },
    ],
    destinations: { erp: { type: "http", url: receiver } },
  };
}

/** How the body of an endpoint's state is sent. */
interface Sender {
  readonly path: string;
  readonly body: (state: string) => string;
  readonly headers?: (
    body: string,
  ) => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>;
  readonly status?: number;
}

const basic = () => ({ Authorization: `Basic ${btoa("u:p4ssword")}` });
const cart = new TextDecoder().decode(sample("cart_export"));

const SENDERS: readonly Sender[] = [
  {
    path: "/uc",
    headers: basic,
    body: (state) =>
      JSON.stringify([{ order_stage_change: { order_id: "DEMO-1", current_stage: state } }]),
  },
  {
    path: "/basic",
    headers: basic,
    body: (state) => JSON.stringify({ type: "order.stage", data: { state } }),
  },
  {
    path: "/emporix/order.updated",
    headers: async (body) => ({
      "emporix-event-signature": await hmacOf("SHA-256", EMPORIX_SECRET, body),
    }),
    body: (state) => JSON.stringify({ id: "1", status: state }),
  },
  {
    path: "/cart",
    headers: async (body) => ({
      "X-Signature": await hmacOf("SHA-512", STORE_KEY, body),
    }),
    body: (state) => cart.replace("{", `{"Note":${JSON.stringify(state)},`),
    status: 200,
  },
];

async function send(
  url: string,
  { path, body, headers = () => ({}), status = 204 }: Sender,
  state: string,
) {
  const text = body(state);
  const response = await fetch(url + path, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...await headers(text) },
    body: text,
  });
  assertEquals([response.status, path], [status, path], await response.text());
}

/** How often each event that is kept came again, oldest first. */
async function duplicatesIn(
  run: (...args: readonly string[]) => Promise<string>,
  endpoint: string,
): Promise<readonly number[]> {
  const stdout = await run("events", "list", "--json", "--endpoint", endpoint);
  return stdout.trim().split("\n").map((line) => JSON.parse(line).duplicates).reverse();
}

Deno.test("a state that comes back is forwarded again, and a retry is not", async () => {
  await using folder = await temporaryFolder();
  await using receiver = startReceiver();
  const { options, run } = await prepare(folder.path, configOf(receiver.url));
  {
    await using program = await startProgram(options);
    for (const sender of SENDERS) {
      for (const state of ["Hold", "Shipping Department", "Hold", "Hold"]) {
        await send(program.url, sender, state);
      }
    }
    await receiver.received(3 * SENDERS.length);
    program.kill("SIGTERM");
    await program.status;
  }
  await using program = await startProgram(options);
  for (const sender of SENDERS) {
    // A retry after a restart, then another change.
    await send(program.url, sender, "Hold");
    await send(program.url, sender, "Shipping Department");
  }
  await receiver.received(4 * SENDERS.length);
  program.kill("SIGTERM");
  await program.status;
  assertEquals(receiver.count(), 4 * SENDERS.length);
  for (const { path } of SENDERS) {
    const endpoint = path.replace(/\/order\.updated$/, "");
    assertEquals(await duplicatesIn(run, endpoint), [0, 0, 2, 0], endpoint);
  }
});

Deno.test("journal.repeatWindowHours says how long a repeat can be a retry", async () => {
  await using folder = await temporaryFolder();
  const [sender] = SENDERS;
  const config = configOf("http://127.0.0.1:9", { repeatWindowHours: 0 });
  const { options, run } = await prepare(folder.path, config);
  await using program = await startProgram(options);
  for (let sent = 0; sender !== undefined && sent < 3; sent++) {
    await send(program.url, sender, "Hold");
  }
  assertEquals(await duplicatesIn(run, "/uc"), [0, 0, 0]);
});

Deno.test("other content under the sender's id is kept, shown with a warning and told to the log", async () => {
  await using folder = await temporaryFolder();
  const { options, run } = await prepare(folder.path, configOf("http://127.0.0.1:9"));
  await using program = await startProgram(options);
  const message: Sender = {
    path: "/basic",
    headers: () => ({
      ...basic(),
      "webhook-id": "msg_1",
      "webhook-timestamp": "1",
      "webhook-signature": "v1,eA==",
    }),
    body: (state) => JSON.stringify({ type: "order.stage", data: { state } }),
  };
  for (const state of ["Hold", "Shipping", "Hold"]) await send(program.url, message, state);
  assertEquals(await duplicatesIn(run, "/basic"), [1, 0]);
  await program.logged(/"WARN","message":"Event .* has the sender's id of another one/);
  const { id, key, warnings } = JSON.parse(await run("events", "list", "--warnings", "--json"));
  assertEquals(key, "msg_1");
  assertMatch(warnings.at(-1), /^the sender's id came before with other content/);
  assertStringIncludes(
    (await run("events", "show", id)).replaceAll(/\s+/g, " "),
    "the sender's id came before with other content",
  );
});
