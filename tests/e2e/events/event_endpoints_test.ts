/** What endpoints for events take in and what they refuse, over real sockets. */
import { assertEquals } from "@std/assert";
import { shareProgram } from "../program.ts";
import { hmacOf } from "../../hmac.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const TOKEN = "a-token-of-32-characters-0123456";
const BASIC = { type: "basic", username: "ultracart", password: "p:w" };
const AUTHORIZATION = `Basic ${btoa("ultracart:p:w")}`;

const test = shareProgram({
  config: {
    endpoints: [
      {
        path: "/billing",
        kind: "events",
        auth: { type: "standard-webhooks", secrets: [SECRET] },
      },
      { path: "/open", kind: "events", auth: { type: "none" } },
      { path: "/token", kind: "ultracart.events", auth: BASIC, pathToken: TOKEN },
      {
        path: "/elsewhere",
        kind: "ultracart.events",
        auth: BASIC,
        addresses: ["192.0.2.7", "2001:db8::7"],
      },
      { path: "/emporix", kind: "emporix.events", auth: { type: "emporix", secrets: ["outer"] } },
      { path: "/emporix/b", kind: "emporix.events", auth: { type: "emporix", secrets: ["inner"] } },
      { path: "/here", kind: "ultracart.events", auth: BASIC, addresses: ["127.0.0.1"] },
    ],
  },
});

/** The status, with the code of an error. */
async function outcomeOf(response: Promise<Response>): Promise<string> {
  const { status, text } = { status: (await response).status, text: await (await response).text() };
  return text === "" ? String(status) : `${status} ${JSON.parse(text).code}`;
}

/** A message by Standard Webhooks, signed by hand. */
async function messageOf(
  body: string,
  parts: Readonly<Record<string, string>> = {},
): Promise<RequestInit> {
  const id = parts["webhook-id"] ?? `msg_${crypto.randomUUID()}`;
  const timestamp = parts["webhook-timestamp"] ?? String(Math.floor(Date.now() / 1000));
  const key = Uint8Array.fromBase64(SECRET.slice("whsec_".length));
  const hmac = await hmacOf("SHA-256", key, `${id}.${timestamp}.${body}`);
  const headers = {
    "Content-Type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": `v1,${hmac}`,
    ...parts,
  };
  return { method: "POST", headers, body };
}

/** The same with its signature among others, as while a secret is changed. */
function amongOthers(message: RequestInit): RequestInit {
  const headers = new Headers(message.headers);
  headers.set("webhook-signature", `v1,eA== v2,eA== ${headers.get("webhook-signature")}`);
  return { ...message, headers };
}

test("the generic kind takes in any JSON that is signed, and refuses everything else", async ({ url }) => {
  const now = Math.floor(Date.now() / 1000);
  const cases: readonly (readonly [string, RequestInit])[] = [
    ["204", await messageOf('{"type":"order.created","data":{}}')],
    ["204", await messageOf('{"type":"order.created","data":{}}', { "webhook-id": "msg_1" })],
    ["204", await messageOf('{"type":"order.created","data":{}}', { "webhook-id": "msg_1" })],
    ["204", await messageOf("[1,2]")],
    ["204", await messageOf('"text"')],
    ["204", amongOthers(await messageOf('{"type":"order.created"}'))],
    ["400 not_json", await messageOf("x")],
    ["400 not_json", await messageOf("")],
    ["401 signature_mismatch", await messageOf("{}", { "webhook-timestamp": String(now - 400) })],
    ["401 signature_mismatch", await messageOf("{}", { "webhook-timestamp": String(now + 400) })],
    ["401 signature_mismatch", await messageOf("{}", { "webhook-timestamp": `${now}abc` })],
    ["401 signature_mismatch", await messageOf("{}", { "webhook-signature": "v1,eA==" })],
    ["401 signature_mismatch", await messageOf("{}", { "svix-id": "msg_1" })],
    ["401 signature_mismatch", { ...await messageOf("{}"), body: "{ }" }],
    ["415 unsupported_media_type", await messageOf("{}", { "Content-Type": "text/plain" })],
  ];
  for (const [expected, message] of cases) {
    const sent = JSON.stringify(message);
    assertEquals(await outcomeOf(fetch(`${url}/billing`, message)), expected, sent);
  }
  assertEquals(
    await outcomeOf(fetch(`${url}/billing/below`, await messageOf("{}"))),
    "404 not_found",
  );
  assertEquals(await outcomeOf(fetch(`${url}/billing`)), "405 method_not_allowed");
});

test("an endpoint that says none lets in everybody", async ({ url }) => {
  const headers = { "Content-Type": "application/json" };
  const send = (body: string) => outcomeOf(fetch(`${url}/open`, { method: "POST", headers, body }));
  assertEquals(await Promise.all(['{"type":"a.b"}', "{}", "x"].map(send)), [
    "204",
    "204",
    "400 not_json",
  ]);
});

test("a path token and addresses come on top of the password, and all refusals are one", async ({ url }) => {
  const send = (path: string, Authorization = AUTHORIZATION) =>
    outcomeOf(fetch(url + path, { method: "POST", headers: { Authorization }, body: "[]" }));
  const refused = "401 signature_mismatch";
  const paths = {
    [`/token/${TOKEN}`]: "204",
    "/token": refused,
    "/token/": refused,
    [`/token/${TOKEN}/`]: refused,
    [`/token/${TOKEN.slice(0, -1)}7`]: refused,
    "/elsewhere": refused,
    "/here": "204",
  };
  for (const [path, expected] of Object.entries(paths)) {
    assertEquals(await send(path), expected, path);
    assertEquals(await send(path, `Basic ${btoa("ultracart:p:x")}`), refused, path);
  }
});

test("of endpoints within each other the longest path takes an event", async ({ url }) => {
  const body = '{"id":"1"}';
  const send = async (path: string, secret: string) =>
    await outcomeOf(fetch(url + path, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        "emporix-event-signature": await hmacOf("SHA-256", secret, body),
      },
      body,
    }));
  const refused = "401 signature_mismatch";
  for (const path of ["/emporix/b", "/emporix/b/", "/emporix/b/cart.created"]) {
    assertEquals([path, await send(path, "inner")], [path, "204"]);
    assertEquals([path, await send(path, "outer")], [path, refused]);
  }
  for (const path of ["/emporix", "/emporix/cart.created", "/emporix/bb"]) {
    assertEquals([path, await send(path, "outer")], [path, "204"]);
    assertEquals([path, await send(path, "inner")], [path, refused]);
  }
  for (const path of ["/emporixb", "/emporixb/cart.created"]) {
    assertEquals([path, await send(path, "outer")], [path, "404 not_found"]);
  }
});
